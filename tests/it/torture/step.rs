//! What clients do. Each step knows what it will be answered and what it makes of the keys, for nobody
//! else writes to them.

mod whole;

use xxhash_rust::xxh3::xxh3_64;

use super::model::{Changes, Content, Held, Model, apply};
use crate::replication::Random;
use crate::support::{Value, array, int, nil, ok};

type Words = Vec<Vec<u8>>;

#[derive(Debug, Clone)]
pub struct Step {
    /// The commands that are sent, more than one in a transaction.
    pub calls: Vec<Words>,
    /// The reply to the last.
    pub reply: Value,
    pub changes: Changes,
    /// How many conditions `INFO atomic` counts.
    pub conditions: i64,
    /// How many more it counts where a command is the module's and not the server's own.
    pub conditions_perhaps: i64,
}

/// All steps. A line stands as often as it is to be frequent.
pub const STEPS: &[fn(&mut Draw) -> Step] = &[
    |d| d.cas_set(),
    |d| d.cas_set(),
    |d| d.cas_set(),
    |d| d.cas_del(),
    |d| d.cas_expire(),
    |d| d.set_on_condition(),
    |d| d.delex(),
    |d| d.replace_family(),
    |d| d.replace_family(),
    |d| d.replace(),
    |d| d.replace(),
    |d| d.replace_with_the_same(),
    |d| d.stage(),
    |d| d.stage(),
    |d| d.commit(),
    |d| d.commit(),
    |d| d.set(),
    |d| d.del(),
];

const FAR: &str = "100000";

pub struct Draw<'a> {
    pub random: &'a mut Random,
    pub model: &'a Model,
    /// Which client it is: its keys are `<id>:0` and so on.
    pub id: u64,
}

impl Draw<'_> {
    /// A step, or several in a transaction, or one in a script.
    pub fn step(&mut self) -> Step {
        match self.random.below(20) {
            0 => self.transaction(),
            1 => in_script(self.single()),
            _ => self.single(),
        }
    }

    fn single(&mut self) -> Step {
        self.random.of(STEPS)(self)
    }

    fn transaction(&mut self) -> Step {
        let first = self.single();
        let mut then = self.model.clone();
        apply(&mut then, &first.changes);
        let second = Draw {
            random: self.random,
            model: &then,
            id: self.id,
        }
        .single();
        let calls = [
            vec![words("MULTI")],
            first.calls,
            second.calls,
            vec![words("EXEC")],
        ];
        Step {
            calls: calls.concat(),
            reply: array([first.reply, second.reply]),
            changes: [first.changes, second.changes].concat(),
            conditions: first.conditions + second.conditions,
            conditions_perhaps: first.conditions_perhaps + second.conditions_perhaps,
        }
    }

    fn key(&mut self) -> String {
        format!("{}:{}", self.id, self.random.below(6))
    }

    fn stage_key(&self) -> String {
        format!("{}:stage", self.id)
    }

    fn text(&mut self) -> Vec<u8> {
        match self.random.below(5) {
            0 => self.random.below(100).to_string().into(),
            1 => vec![b'x'; 45 + usize::try_from(self.random.below(3000)).expect("few")],
            2 => b"\0\r\n\xff".to_vec(),
            _ => format!("value {}", self.random.below(1000)).into(),
        }
    }

    /// A condition on a key, and whether it holds.
    fn condition(&mut self, key: &str) -> (Words, bool) {
        let held = self.model.get(key).map(|held| &held.content);
        let wanted = !self.random.one_in(4);
        let with = |word: &str, operand: &[u8]| vec![word.into(), operand.to_vec()];
        match held {
            Some(Content::Text(text)) => match (self.random.below(4), wanted) {
                (0, true) => (with("IFEQ", text), true),
                (0, false) => (with("IFNE", text), false),
                (1, true) => (with("IFNE", b"no such value"), true),
                (1, false) => (with("IFEQ", b"no such value"), false),
                (2, true) => (with("IFDEQ", &digest(text)), true),
                (2, false) => (with("IFDNE", &digest(text)), false),
                (_, true) => (vec![b"XX".to_vec()], true),
                (_, false) => (vec![b"NX".to_vec()], false),
            },
            Some(_) if wanted => (vec![b"XX".to_vec()], true),
            Some(_) => (vec![b"NX".to_vec()], false),
            None => match (self.random.below(2), wanted) {
                (0, true) => (vec![b"NX".to_vec()], true),
                (0, false) => (vec![b"XX".to_vec()], false),
                (_, true) => (with("IFLT", b"7"), true),
                (_, false) => (with("IFEQ", b"7"), false),
            },
        }
    }

    /// An expiry option, and whether the new value of the key expires.
    fn expiry(&mut self, key: &str) -> (Words, bool) {
        match self.random.below(4) {
            0 => (words(&format!("EX {FAR}")), true),
            1 => (words("PXAT 4102444800000"), true),
            2 => {
                let expires = self.model.get(key).is_some_and(|held| held.expires);
                (words("KEEPTTL"), expires)
            }
            _ => (Vec::new(), false),
        }
    }

    fn cas_set(&mut self) -> Step {
        let key = self.key();
        let (condition, holds) = self.condition(&key);
        let (expiry, expires) = self.expiry(&key);
        let text = self.text();
        let call = [
            words(&format!("CAS.SET {key}")),
            condition,
            vec![text.clone()],
            expiry,
        ];
        let after = held(Content::Text(text), expires);
        on_condition(call.concat(), holds, (ok(), nil()), (key, Some(after)))
    }

    fn cas_del(&mut self) -> Step {
        let key = self.key();
        let (condition, holds) = self.condition(&key);
        let exists = self.model.contains_key(&key);
        let call = [words(&format!("CAS.DEL {key}")), condition].concat();
        let done = int((holds && exists).into());
        on_condition(call, holds, (done, int(0)), (key, None))
    }

    fn cas_expire(&mut self) -> Step {
        let key = self.key();
        let (condition, holds) = self.condition(&key);
        let expires = self.random.one_in(2);
        let option = if expires {
            words(&format!("EX {FAR}"))
        } else {
            words("PERSIST")
        };
        let call = [words(&format!("CAS.EXPIRE {key}")), condition, option].concat();
        let Some(before) = self.model.get(&key) else {
            return on_condition(call, false, (int(1), int(0)), (key, None));
        };
        let after = held(before.content.clone(), expires);
        on_condition(call, holds, (int(1), int(0)), (key, Some(after)))
    }

    /// Redis 8.4's, the server's own or the module's; so it is not counted on.
    fn set_on_condition(&mut self) -> Step {
        let key = self.key();
        let text = self.text();
        let (condition, holds) = match self.model.get(&key).map(|held| &held.content) {
            Some(Content::Text(now)) => (vec![b"IFEQ".to_vec(), now.clone()], true),
            Some(_) => return self.set(),
            None => (words("IFEQ x"), false),
        };
        let call = [words(&format!("SET {key}")), vec![text.clone()], condition].concat();
        let after = (key, Some(held(Content::Text(text), false)));
        let step = on_condition(call, holds, (ok(), nil()), after);
        Step {
            conditions: 0,
            conditions_perhaps: 1,
            ..step
        }
    }

    fn delex(&mut self) -> Step {
        let key = self.key();
        let call = words(&format!("DELEX {key}"));
        let exists = self.model.contains_key(&key);
        let step = step(call, int(exists.into()), vec![(key, None)]);
        Step {
            conditions_perhaps: 1,
            ..step
        }
    }

    fn set(&mut self) -> Step {
        let (key, text) = (self.key(), self.text());
        let call = [words(&format!("SET {key}")), vec![text.clone()]].concat();
        step(
            call,
            ok(),
            vec![(key, Some(held(Content::Text(text), false)))],
        )
    }

    fn del(&mut self) -> Step {
        let key = self.key();
        let exists = self.model.contains_key(&key);
        step(
            words(&format!("DEL {key}")),
            int(exists.into()),
            vec![(key, None)],
        )
    }
}

fn held(content: Content, expires: bool) -> Held {
    Held { content, expires }
}

fn step(call: Words, reply: Value, changes: Changes) -> Step {
    Step {
        calls: vec![call],
        reply,
        changes,
        conditions: 0,
        conditions_perhaps: 0,
    }
}

fn on_condition(
    call: Words,
    holds: bool,
    (done, refused): (Value, Value),
    change: (String, Option<Held>),
) -> Step {
    let (reply, changes) = if holds {
        (done, vec![change])
    } else {
        (refused, Vec::new())
    };
    Step {
        conditions: 1,
        ..step(call, reply, changes)
    }
}

fn in_script(step: Step) -> Step {
    let script = b"return redis.call(unpack(ARGV))".to_vec();
    let head = vec![b"EVAL".to_vec(), script, b"0".to_vec()];
    let calls = vec![[head, step.calls.concat()].concat()];
    Step { calls, ..step }
}

fn words(line: &str) -> Words {
    line.split(' ').map(Into::into).collect()
}

fn digest(text: &[u8]) -> Vec<u8> {
    format!("{:016x}", xxh3_64(text)).into()
}
