//! A client that writes, loses its connection, and comes back.

use std::io;
use std::sync::atomic::Ordering;

use super::crew::{Orders, Tally};
use super::model::{Held, Model, apply, held};
use super::step::{Draw, Has, SOME_TIME, Step};
use crate::replication::Random;
use crate::support::{Client, Value, int, until_some};

/// Refusals that a fault brings about, and that change nothing.
const REFUSALS: [&str; 6] = [
    "OOM ",
    "LOADING ",
    "MISCONF ",
    "READONLY ",
    "NOREPLICAS ",
    "EXECABORT ",
];

pub struct Writer {
    id: u64,
    random: Random,
    model: Model,
    has: Has,
    /// Sent, and not answered: it has happened, or it has not.
    under_way: Option<Step>,
    pub tally: Tally,
}

impl Writer {
    pub fn new(id: u64, seed: u64, has: Has) -> Writer {
        Writer {
            id,
            random: Random::new(seed.wrapping_mul(1000) + id),
            model: Model::new(),
            has,
            under_way: None,
            tally: Tally::default(),
        }
    }

    /// Writes until it is told to stop.
    pub fn work(&mut self, orders: &Orders) {
        let mut connection = None;
        while !orders.stop.load(Ordering::Relaxed) {
            if orders.held.load(Ordering::SeqCst) {
                orders.rest();
                continue;
            }
            let Some(client) = connection.as_mut() else {
                connection = self.connect(orders);
                continue;
            };
            let step = Draw {
                random: &mut self.random,
                model: &self.model,
                id: self.id,
                has: self.has,
            }
            .step();
            if let Ok(reply) = send(client, &step, orders) {
                self.hear(&step, &reply);
                // It writes to a primary that is none any more.
                let is_replica = reply.is_error() && reply.text().contains("READONLY ");
                if is_replica || !self.settle(client) {
                    connection = None;
                }
            } else {
                self.tally.interrupted += 1;
                self.tally.conditions_perhaps += step.conditions + step.conditions_perhaps;
                self.under_way = Some(step);
                connection = None;
            }
            orders.done.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn hear(&mut self, step: &Step, reply: &Value) {
        if is_as_expected(reply, &step.reply) {
            self.tally.acknowledged += 1;
            self.tally.conditions += step.conditions;
            self.tally.conditions_perhaps += step.conditions_perhaps;
            apply(&mut self.model, &step.changes);
            return;
        }
        assert!(
            is_refusal(reply),
            "{:?}: {reply} instead of {}; the model: {:?}",
            step.calls,
            step.reply,
            self.model
        );
        self.tally.refused += 1;
        self.tally.conditions_perhaps += step.conditions + step.conditions_perhaps;
        if !step.halves.is_empty() {
            self.under_way = Some(step.clone());
        }
    }

    /// Connects, and finds out what has become of the write under way. `None` when it is to stop.
    fn connect(&mut self, orders: &Orders) -> Option<Client> {
        let mut client = until_some("the server is there again", || {
            if orders.stop.load(Ordering::Relaxed) || orders.held.load(Ordering::SeqCst) {
                return Some(None);
            }
            let mut client = Client::try_connect(orders.address()).ok()?;
            let pong = client.try_call(&["PING"]).ok()?;
            (!pong.is_error()).then_some(Some(client))
        })?;
        self.settle(&mut client).then_some(client)
    }

    /// False when the connection is cut again.
    fn settle(&mut self, client: &mut Client) -> bool {
        let Some(step) = self.under_way.take() else {
            return true;
        };
        let keys: Vec<&String> = step.changes.iter().map(|(key, _)| key).collect();
        let found: io::Result<Vec<_>> = keys.iter().map(|key| held(client, key)).collect();
        let Ok(found) = found else {
            self.under_way = Some(step);
            return false;
        };
        let of = |model: &Model| -> Vec<Option<Held>> {
            keys.iter().map(|key| model.get(*key).cloned()).collect()
        };
        for changes in [&step.changes].into_iter().chain(&step.halves) {
            let mut after = self.model.clone();
            apply(&mut after, changes);
            if found == of(&after) {
                self.model = after;
                return true;
            }
        }
        let before = of(&self.model);
        assert_eq!(found, before, "neither before nor after {:?}", step.calls);
        true
    }

    pub fn forget(&mut self) {
        self.model.clear();
    }

    /// Every key is what its client believes.
    pub fn verify(&mut self, client: &mut Client) {
        assert!(self.settle(client), "nothing cuts this connection");
        let pattern = format!("{}:*", self.id);
        let found: Model = client
            .call(&["KEYS", &pattern])
            .items()
            .iter()
            .filter_map(|key| {
                let held = held(client, &key.text()).expect("nothing cuts this connection");
                Some((key.text(), held?))
            })
            .collect();
        for (key, held) in &self.model {
            assert_eq!(
                found.get(key),
                Some(held),
                "{key}: an acknowledged write is lost"
            );
        }
        assert_eq!(
            found.len(),
            self.model.len(),
            "{found:?} and not {:?}",
            self.model
        );
    }
}

/// The reply to the last call.
fn send(client: &mut Client, step: &Step, orders: &Orders) -> io::Result<Value> {
    let Some(beside) = &step.beside else {
        let mut reply = Value::Null;
        for call in &step.calls {
            reply = client.try_call(call)?;
        }
        return Ok(reply);
    };
    for call in &step.calls {
        client.try_send(call)?;
    }
    let done = Client::try_connect(orders.address())?.try_call(beside)?;
    if done != int(1) {
        // Nobody will come to wake who waits.
        assert!(is_refusal(&done), "{beside:?}: {done}");
        return Err(io::ErrorKind::Interrupted.into());
    }
    client.try_receive()
}

fn is_refusal(reply: &Value) -> bool {
    // A script puts its own words around an error.
    let has = |refusal: &&str| reply.text().contains(refusal);
    reply.is_error() && REFUSALS.iter().any(has)
}

fn is_as_expected(reply: &Value, expected: &Value) -> bool {
    match (reply, expected) {
        (Value::Array(replies), Value::Array(all)) => {
            let mut both = replies.iter().zip(all);
            replies.len() == all.len() && both.all(|(reply, item)| is_as_expected(reply, item))
        }
        (Value::Int(left), Value::Simple(text)) if text == SOME_TIME.as_bytes() => *left > 0,
        _ => reply == expected,
    }
}
