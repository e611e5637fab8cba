//! What a command does to everyone but its caller: keyspace events, replicas, caching clients, the
//! dirty counter.

use std::collections::BTreeSet;

use super::client::Client;
use super::resp::encode;
use super::server::{Server, field_of};
use super::sniffer::Sniffer;
use super::value::{Value, ok};
use super::words::Words;

/// Event classes of some servers only; left out so that the same assertion holds on all.
const NOT_EVERYWHERE: [&str; 4] = ["new", "overwritten", "type_changed", "keymiss"];
const MARKS: &str = "__marks";

/// ```ignore
/// let seen = observer.during(|| client.cmd("SET k v"));
/// assert_eq!(seen.events, ["set k"]);
/// assert_eq!(seen.propagated, ["SET k v"]);
/// assert_eq!(seen.invalidated, ["k"]);
/// ```
#[derive(Debug, Default, PartialEq)]
#[must_use]
pub struct Effects {
    /// Keyspace events in order: `set k`.
    pub events: Vec<Words>,
    /// What replicas were sent, in order, MULTI and EXEC included; SELECT, PING and PUBLISH are
    /// not.
    pub propagated: Vec<Words>,
    /// The keys that client-side caches were told to forget (so: those whose WATCH breaks), sorted.
    pub invalidated: Vec<Words>,
    /// Growth of `rdb_changes_since_last_save`.
    pub dirty: i64,
}

impl Effects {
    /// As if nothing had been sent.
    pub fn is_nothing(&self) -> bool {
        *self == Effects::default()
    }
}

pub struct Observer {
    control: Client,
    events: Client,
    invalidations: Client,
    replication: Sniffer,
    marks: u64,
}

impl Observer {
    /// Attaches to a primary; needs a free replica slot.
    pub fn on(server: &Server) -> Observer {
        let mut control = server.client();
        // The richest set of event classes that the server understands stays.
        for classes in ["AKEm", "AKEnm", "AKEnmoc"] {
            control.call(&["CONFIG", "SET", "notify-keyspace-events", classes]);
        }
        Observer::of(server, control)
    }

    /// The same for keyspace events of these classes, which the server understands.
    pub fn listening(server: &Server, classes: &str) -> Observer {
        let mut control = server.client();
        assert_eq!(
            control.call(&["CONFIG", "SET", "notify-keyspace-events", classes]),
            ok()
        );
        Observer::of(server, control)
    }

    fn of(server: &Server, control: Client) -> Observer {
        let mut events = server.client();
        events.send_bytes(&encode(&["PSUBSCRIBE", "__keyevent@*__:*", MARKS]));
        events.receive();
        events.receive();
        let mut invalidations = server.client3();
        invalidations.cmd("CLIENT TRACKING ON BCAST");
        invalidations.send_bytes(&encode(&["SUBSCRIBE", MARKS]));
        invalidations.next_push();
        let replication = Sniffer::on(server);
        Observer {
            control,
            events,
            invalidations,
            replication,
            marks: 0,
        }
    }

    /// Everything that `act` causes, and nothing else.
    pub fn during<R>(&mut self, act: impl FnOnce() -> R) -> Effects {
        _ = self.drain();
        let before = self.dirty();
        act();
        let after = self.dirty();
        Effects {
            dirty: after - before,
            ..self.drain()
        }
    }

    /// Everything since the last drain, up to a mark that travels on all three channels. `dirty` is
    /// 0.
    pub fn drain(&mut self) -> Effects {
        self.marks += 1;
        let mark = format!("mark-{}", self.marks);
        self.control.call(&["PUBLISH", MARKS, &mark]);
        Effects {
            events: self.events_until(&mark),
            propagated: self.commands_until(&mark),
            invalidated: self.keys_until(&mark),
            dirty: 0,
        }
    }

    pub fn dirty(&mut self) -> i64 {
        let info = self.control.cmd("INFO persistence").text();
        let dirty = field_of(&info, "rdb_changes_since_last_save").expect("the dirty counter");
        dirty.parse().expect("a number")
    }

    fn events_until(&mut self, mark: &str) -> Vec<Words> {
        let mut events = Vec::new();
        loop {
            let message = self.events.receive();
            let [_, _, channel, payload] = message.items() else {
                panic!("no pmessage: {message}");
            };
            if channel.bytes() == MARKS.as_bytes() {
                assert_eq!(payload.text(), mark);
                return events;
            }
            let channel = channel.text();
            let (_, event) = channel
                .split_once("__:")
                .expect("__keyevent@<db>__:<event>");
            if !NOT_EVERYWHERE.contains(&event) {
                events.push(Words::from([event.as_bytes(), payload.bytes()]));
            }
        }
    }

    fn commands_until(&mut self, mark: &str) -> Vec<Words> {
        let mut commands = Vec::new();
        loop {
            let command = self.replication.next_command();
            if command.name() != "PUBLISH" {
                commands.push(command);
            } else if command.0[2] == mark.as_bytes() {
                return commands;
            }
        }
    }

    fn keys_until(&mut self, mark: &str) -> Vec<Words> {
        let mut keys = BTreeSet::new();
        loop {
            let push = self.invalidations.next_push();
            match push.items() {
                [kind, Value::Array(names)] if kind.bytes() == b"invalidate" => {
                    keys.extend(names.iter().map(|name| Words::from([name.bytes()])));
                }
                [kind, _, payload]
                    if kind.bytes() == b"message" && payload.bytes() == mark.as_bytes() =>
                {
                    return keys.into_iter().collect();
                }
                // FLUSHALL: a null instead of names. Messages of tests.
                _ => (),
            }
        }
    }
}
