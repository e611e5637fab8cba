//! What clients do. Each step knows what it will be answered and what it makes of the keys, for nobody
//! else writes to them.

mod fields;
mod guarded;
mod locks;
mod native;
mod options;
mod read;
mod strings;
mod whole;

pub use locks::SOME_TIME;

use super::model::{Changes, Content, Held, Model, apply};
use crate::replication::Random;
use crate::support::{Server, Value, array, has_native, int, ok};

type Words = Vec<Vec<u8>>;

#[derive(Debug, Clone)]
pub struct Step {
    /// The commands that are sent, more than one in a transaction.
    pub calls: Vec<Words>,
    /// The reply to the last.
    pub reply: Value,
    pub changes: Changes,
    /// What another client sends while the last call waits. It is answered `1`.
    pub beside: Option<Words>,
    /// What there may be instead of `changes`, or nothing, when it breaks off.
    pub halves: Vec<Changes>,
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
    |d| d.delifeq(),
    |d| d.replace_family(),
    |d| d.replace_family(),
    |d| d.replace(),
    |d| d.replace(),
    |d| d.replace_with_the_same(),
    |d| d.stage(),
    |d| d.stage(),
    |d| d.commit(),
    |d| d.commit(),
    |d| d.cas_hset(),
    |d| d.cas_hset(),
    |d| d.cas_hdel(),
    |d| d.lock(),
    |d| d.lock(),
    |d| d.lock(),
    |d| d.lock_info(),
    |d| d.digest(),
    |d| d.cas_get(),
    |d| d.cas_if(),
    |d| d.cas_if(),
    |d| d.cas_txn(),
    |d| d.cas_txn(),
    |d| d.set(),
    |d| d.del(),
];

const FAR: &str = "100000";

/// Commands that not every server has.
#[derive(Debug, Clone, Copy)]
pub struct Has {
    guarded: bool,
    delifeq: bool,
}

impl Has {
    pub fn of(server: &Server) -> Has {
        Has {
            guarded: server.is_at_least(7, 0),
            // With all of Redis 8.4's names of its own, a server gets none of Valkey's.
            delifeq: has_native("DELIFEQ", "") || !has_native("DELEX", ""),
        }
    }
}

pub struct Draw<'a> {
    pub random: &'a mut Random,
    pub model: &'a Model,
    /// Which client it is: its keys are `<id>:0` and so on.
    pub id: u64,
    pub has: Has,
}

impl Draw<'_> {
    /// A step, or several in a transaction, or one in a script, or one that waits for another client.
    pub fn step(&mut self) -> Step {
        match self.random.below(20) {
            0 => self.transaction(),
            1 => in_script(single(self)),
            2 | 3 => self.wait_for_a_lock(),
            _ => single(self),
        }
    }

    /// Two, the second on what the first has left.
    fn two(&mut self, draw: fn(&mut Draw) -> Step) -> [Step; 2] {
        let first = draw(self);
        let mut then = self.model.clone();
        apply(&mut then, &first.changes);
        let second = draw(&mut Draw {
            random: self.random,
            model: &then,
            id: self.id,
            has: self.has,
        });
        [first, second]
    }

    fn transaction(&mut self) -> Step {
        let steps = self.two(single);
        let all = sum(&steps);
        let calls = steps.map(|step| step.calls).concat();
        Step {
            calls: [vec![words("MULTI")], calls, vec![words("EXEC")]].concat(),
            ..all
        }
    }

    fn key(&mut self) -> String {
        format!("{}:{}", self.id, self.random.below(6))
    }

    fn stage_key(&self) -> String {
        format!("{}:stage", self.id)
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

fn single(draw: &mut Draw) -> Step {
    draw.random.of(STEPS)(draw)
}

fn held(content: Content, expires: bool) -> Held {
    Held { content, expires }
}

fn step(call: Words, reply: Value, changes: Changes) -> Step {
    Step {
        calls: vec![call],
        reply,
        changes,
        beside: None,
        halves: Vec::new(),
        conditions: 0,
        conditions_perhaps: 0,
    }
}

/// All of them but the calls, which differ in how they are put together. The reply is that of `EXEC`.
fn sum(steps: &[Step]) -> Step {
    let replies = array(steps.iter().map(|step| step.reply.clone()));
    let changes = steps.iter().flat_map(|step| step.changes.clone());
    Step {
        conditions: steps.iter().map(|step| step.conditions).sum(),
        conditions_perhaps: steps.iter().map(|step| step.conditions_perhaps).sum(),
        ..step(Vec::new(), replies, changes.collect())
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
