//! A client that writes, loses its connection, and comes back.

use std::io;
use std::sync::atomic::Ordering;

use super::crew::{Orders, Tally};
use super::model::{Held, Model, apply, held};
use super::step::{Draw, Step};
use crate::replication::Random;
use crate::support::{Client, Value, until_some};

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
    /// Sent, and not answered: it has happened, or it has not.
    under_way: Option<Step>,
    pub tally: Tally,
}

impl Writer {
    pub fn new(id: u64, seed: u64) -> Writer {
        Writer {
            id,
            random: Random::new(seed.wrapping_mul(1000) + id),
            model: Model::new(),
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
            }
            .step();
            if let Ok(reply) = send(client, &step) {
                self.hear(&step, &reply);
                // It writes to a primary that is none any more.
                if reply.is_error() && reply.text().contains("READONLY ") {
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
        if *reply == step.reply {
            self.tally.acknowledged += 1;
            self.tally.conditions += step.conditions;
            self.tally.conditions_perhaps += step.conditions_perhaps;
            apply(&mut self.model, &step.changes);
            return;
        }
        // A script puts its own words around an error.
        let is_refused = |text: &str| REFUSALS.iter().any(|refusal| text.contains(refusal));
        assert!(
            reply.is_error() && is_refused(&reply.text()),
            "{:?}: {reply} instead of {}; the model: {:?}",
            step.calls,
            step.reply,
            self.model
        );
        self.tally.refused += 1;
        self.tally.conditions_perhaps += step.conditions + step.conditions_perhaps;
    }

    /// Connects, and finds out what has become of the write under way. `None` when it is to stop.
    fn connect(&mut self, orders: &Orders) -> Option<Client> {
        let mut client = until_some("the server is there again", || {
            if orders.stop.load(Ordering::Relaxed) || orders.held.load(Ordering::SeqCst) {
                return Some(None);
            }
            let address = *orders.address.lock().expect("no writer panics with it");
            let mut client = Client::try_connect(address).ok()?;
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
        let mut after = self.model.clone();
        apply(&mut after, &step.changes);
        let of = |model: &Model| -> Vec<Option<Held>> {
            keys.iter().map(|key| model.get(*key).cloned()).collect()
        };
        if found == of(&after) {
            self.model = after;
        } else {
            let before = of(&self.model);
            assert_eq!(found, before, "neither before nor after {:?}", step.calls);
        }
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
fn send(client: &mut Client, step: &Step) -> io::Result<Value> {
    let mut reply = Value::Null;
    for call in &step.calls {
        reply = client.try_call(call)?;
    }
    Ok(reply)
}
