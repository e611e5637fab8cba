//! A client that follows redirections, and comes back after it has lost its connection.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Instant;

use super::diary::Diary;
use crate::support::{Client, Value, until_some};

/// How the primary of a key is found.
#[derive(Clone)]
pub enum Route {
    /// Any of these nodes tells.
    Cluster(Vec<SocketAddr>),
    /// The sentinel there tells.
    Sentinel(SocketAddr),
}

impl Route {
    pub fn cluster(nodes: impl Iterator<Item = SocketAddr>) -> Route {
        Route::Cluster(nodes.collect())
    }

    pub fn sentinel(address: SocketAddr) -> Route {
        Route::Sentinel(address)
    }

    /// Where to try, the `attempt`th time that nobody is there.
    fn guess(&self, attempt: usize) -> Option<SocketAddr> {
        match self {
            Route::Cluster(nodes) => Some(nodes[attempt % nodes.len()]),
            Route::Sentinel(address) => primary_by(*address),
        }
    }
}

/// What the sentinel says.
pub fn primary_by(sentinel: SocketAddr) -> Option<SocketAddr> {
    let mut client = Client::try_connect(sentinel).ok()?;
    let ask = ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", "it"];
    let reply = client.try_call(&ask).ok()?;
    let [host, port] = reply.items() else {
        return None;
    };
    format!("{}:{}", host.text(), port.text()).parse().ok()
}

pub struct Routed {
    route: Route,
    /// All keys of one client are in one slot.
    address: Option<SocketAddr>,
    connections: HashMap<SocketAddr, Client>,
    attempts: usize,
    diary: Diary,
    /// How often it was sent elsewhere, or told to try again.
    pub redirections: u64,
}

/// What became of a command.
pub enum Outcome {
    Reply(Value),
    /// It may have been carried out, and it may not.
    Unknown,
    /// It has not been carried out; the next goes to another server.
    Elsewhere,
}

impl Routed {
    pub fn new(route: &Route) -> Routed {
        Routed {
            route: route.clone(),
            address: None,
            connections: HashMap::new(),
            attempts: 0,
            diary: Diary::new(Instant::now()),
            redirections: 0,
        }
    }

    /// Sends it, and again while it is told to try again.
    pub fn call(&mut self, words: &[&str]) -> Outcome {
        until_some("a primary answers", || self.attempt(words))
    }

    fn attempt(&mut self, words: &[&str]) -> Option<Outcome> {
        let address = match self.address {
            Some(address) => address,
            None => self.route.guess(self.attempts)?,
        };
        let Some(reply) = self.send(address, words, false) else {
            return self.lost();
        };
        let reply = reply?;
        if !reply.is_error() {
            self.address = Some(address);
            return Some(Outcome::Reply(reply));
        }
        let text = reply.text();
        let parts: Vec<&str> = text.split(' ').collect();
        match parts[0] {
            "MOVED" => {
                self.redirections += 1;
                self.address = parts[2].parse().ok();
                Some(Outcome::Elsewhere)
            }
            "ASK" => {
                self.redirections += 1;
                let target = parts[2].parse().expect("an address");
                match self.send(target, words, true) {
                    None => self.lost(),
                    Some(Some(reply)) if is_to_be_tried_again(&reply) => None,
                    Some(reply) => reply.map(Outcome::Reply),
                }
            }
            _ if is_to_be_tried_again(&reply) => {
                self.redirections += 1;
                if !reply.text().starts_with("TRYAGAIN") {
                    self.address = None;
                    self.attempts += 1;
                    return Some(Outcome::Elsewhere);
                }
                None
            }
            _ => Some(Outcome::Reply(reply)),
        }
    }

    /// `None`: sent, and not answered. `Some(None)`: not sent.
    #[allow(clippy::option_option, reason = "both are told apart once, just above")]
    fn send(&mut self, to: SocketAddr, words: &[&str], asking: bool) -> Option<Option<Value>> {
        if !self.connections.contains_key(&to) {
            let Ok(client) = Client::try_connect(to) else {
                self.diary.note(to, "nobody is there".into());
                self.address = None;
                self.attempts += 1;
                return Some(None);
            };
            self.connections.insert(to, client);
        }
        let client = self.connections.get_mut(&to).expect("just made");
        let replies = asking
            .then(|| client.try_call(&["ASKING"]))
            .transpose()
            .and_then(|_| client.try_call(words));
        let asked = if asking { "ASKING, " } else { "" };
        let told = match &replies {
            Ok(reply) if reply.is_error() => format!("{asked}{}: {}", words[0], reply.text()),
            Ok(_) => format!("{asked}an answer"),
            Err(error) => format!("{asked}{}: {error}", words[0]),
        };
        self.diary.note(to, told);
        if replies.is_err() {
            self.connections.remove(&to);
        }
        replies.ok().map(Some)
    }

    #[allow(clippy::unnecessary_wraps, reason = "the outcome of an attempt")]
    fn lost(&mut self) -> Option<Outcome> {
        self.address = None;
        self.attempts += 1;
        Some(Outcome::Unknown)
    }
}

fn is_to_be_tried_again(reply: &Value) -> bool {
    const ERRORS: [&str; 7] = [
        "TRYAGAIN",
        "CLUSTERDOWN",
        "LOADING",
        "READONLY",
        "MASTERDOWN",
        "MOVED",
        "UNBLOCKED",
    ];
    reply.is_error() && ERRORS.iter().any(|error| reply.text().starts_with(error))
}
