//! The calls of `SET … IF*`, `DELEX`, `DELIFEQ`, `DIGEST`: the module's where the server lacks them,
//! the server's own elsewhere. Of a server's own, the calls of its known defects are left out.

use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::{collection, option, sample::select};

use super::data::{
    DigestOperand, Operand, digest_operand, in_any_case, in_any_order, key, operand, value,
};
use super::given::{Given, given};
use super::keyspace::{Held, Keyspace, Reply, SYNTAX, TIMES, Written, digest, time};
use crate::support::{bulk, has_native, int, null, ok};

const DIGEST_LENGTH: &str = "ERR must be exactly 16 hexadecimal characters";

#[derive(Debug, Clone)]
pub enum Condition {
    /// `IFEQ` (true) or `IFNE`.
    Equal(bool, Operand),
    /// `IFDEQ` (true) or `IFDNE`.
    Digest(bool, DigestOperand),
}

fn condition() -> impl Strategy<Value = Condition> {
    prop_oneof![
        (any::<bool>(), operand()).prop_map(|(equal, o)| Condition::Equal(equal, o)),
        (any::<bool>(), digest_operand()).prop_map(|(equal, o)| Condition::Digest(equal, o)),
    ]
}

impl Condition {
    fn word(&self) -> &'static str {
        match self {
            Condition::Equal(true, _) => "IFEQ",
            Condition::Equal(false, _) => "IFNE",
            Condition::Digest(true, _) => "IFDEQ",
            Condition::Digest(false, _) => "IFDNE",
        }
    }

    fn operand(&self, keyspace: &Keyspace, key: &[u8]) -> Vec<u8> {
        match self {
            Condition::Equal(_, operand) => operand.bytes(keyspace, key),
            Condition::Digest(_, operand) => operand.text(keyspace, key).into_bytes(),
        }
    }

    fn holds_when_missing(&self) -> bool {
        matches!(
            self,
            Condition::Equal(false, _) | Condition::Digest(false, _)
        )
    }

    /// On a string. A digest's length is all that is ever wrong with it.
    fn holds(&self, keyspace: &Keyspace, key: &[u8], held: &[u8]) -> Result<bool, String> {
        let operand = self.operand(keyspace, key);
        match self {
            Condition::Equal(equal, _) => Ok((operand == held) == *equal),
            Condition::Digest(..) if operand.len() != 16 => Err(DIGEST_LENGTH.into()),
            Condition::Digest(equal, _) => {
                Ok(operand.eq_ignore_ascii_case(digest(held).as_bytes()) == *equal)
            }
        }
    }

    fn is_wrong(&self, keyspace: &Keyspace, key: &[u8]) -> bool {
        matches!(self, Condition::Digest(..)) && self.operand(keyspace, key).len() != 16
    }
}

#[derive(Debug, Clone)]
pub enum Action {
    Given(Given),
    Set {
        value: Vec<u8>,
        /// The last of them counts; two different ones are refused.
        conditions: Vec<Condition>,
        /// NX or XX, which no condition bears.
        presence: Option<&'static str>,
        get: bool,
        time: Written,
    },
    Delex(Option<Condition>),
    /// `DELEX` with a word that is no condition.
    DelexWrong(&'static str, Vec<u8>),
    /// `DELEX` with a number of words that it does not have.
    DelexCount(usize),
    Delifeq(Operand),
    Digest,
}

#[derive(Debug, Clone)]
pub struct Call {
    key: Vec<u8>,
    action: Action,
    salt: usize,
}

pub fn call() -> impl Strategy<Value = Call> {
    let set = (
        value(),
        prop_oneof![
            6 => collection::vec(condition(), 1),
            1 => collection::vec(condition(), 2),
        ],
        option::weighted(0.05, select(vec!["NX", "XX"])),
        any::<bool>(),
        option::of(select(TIMES.to_vec())),
    );
    let action = prop_oneof![
        2 => given().prop_map(Action::Given),
        8 => set.prop_map(|(value, conditions, presence, get, time)| Action::Set {
            value, conditions, presence, get, time
        }),
        3 => option::weighted(0.9, condition()).prop_map(Action::Delex),
        1 => (select(vec!["", "NX", "GET", "EX", "IFGT", "IFEQ "]), value())
            .prop_map(|(word, operand)| Action::DelexWrong(word, operand)),
        1 => select(vec![3, 5, 6]).prop_map(Action::DelexCount),
        1 => operand().prop_map(Action::Delifeq),
        1 => Just(Action::Digest),
    ];
    (key(), action, any::<usize>()).prop_map(|(key, action, salt)| Call { key, action, salt })
}

impl super::Call for Call {
    fn words(&self, keyspace: &Keyspace) -> Vec<Vec<u8>> {
        let (key, salt) = (&self.key, self.salt);
        let word = |word: &str| in_any_case(word, salt);
        let begin = |name: &str| vec![word(name), key.clone()];
        let compare = |c: &Condition| vec![word(c.word()), c.operand(keyspace, key)];
        match &self.action {
            Action::Given(given) => given.words(key),
            Action::Set {
                value,
                conditions,
                presence,
                get,
                time,
            } => {
                let time = time.map(|(unit, operand)| match operand {
                    "" => vec![word(unit)],
                    _ => vec![word(unit), operand.into()],
                });
                // One group, so that the last stays the last.
                let conditions = conditions.iter().flat_map(compare).collect();
                let options = [conditions]
                    .into_iter()
                    .chain(presence.map(|presence| vec![word(presence)]))
                    .chain(get.then(|| vec![word("GET")]))
                    .chain(time)
                    .collect();
                [
                    begin("SET"),
                    vec![value.clone()],
                    in_any_order(options, salt),
                ]
                .concat()
            }
            Action::Delex(condition) => {
                let condition = condition.as_ref().map(compare).unwrap_or_default();
                [begin("DELEX"), condition].concat()
            }
            Action::DelexWrong(name, operand) => [
                begin("DELEX"),
                vec![name.as_bytes().to_vec(), operand.clone()],
            ]
            .concat(),
            Action::DelexCount(count) => {
                let mut words = begin("DELEX");
                words.resize(*count, word("IFEQ"));
                words
            }
            Action::Delifeq(operand) => {
                [begin("DELIFEQ"), vec![operand.bytes(keyspace, key)]].concat()
            }
            Action::Digest => begin("DIGEST"),
        }
    }

    fn run(&self, keyspace: &mut Keyspace) -> Option<Reply> {
        (!self.is_defect(keyspace)).then(|| self.reply(keyspace))
    }
}

impl Call {
    /// What Redis 8.4 to 8.6 get wrong by themselves (`NATIVE.md` 2.1 and 2.3), or lack.
    fn is_defect(&self, keyspace: &Keyspace) -> bool {
        static NATIVE: OnceLock<bool> = OnceLock::new();
        if !*NATIVE.get_or_init(|| has_native("SET", "IFDEQ")) {
            return false;
        }
        match &self.action {
            Action::Set {
                conditions,
                presence,
                get,
                ..
            } => {
                presence.is_some()
                    || *get && conditions.iter().any(|c| c.is_wrong(keyspace, &self.key))
            }
            Action::Delifeq(_) => true,
            _ => false,
        }
    }

    fn reply(&self, keyspace: &mut Keyspace) -> Reply {
        let key = &self.key;
        match &self.action {
            Action::Given(given) => Ok(given.run(keyspace, key)),
            Action::Set {
                value,
                conditions,
                presence,
                get,
                time: written,
            } => {
                let last = conditions.last().expect("at least one");
                if presence.is_some() || conditions.iter().any(|c| c.word() != last.word()) {
                    return Err(SYNTAX.into());
                }
                let time = time(*written, "set")?;
                let before = keyspace.string(key)?.map(<[u8]>::to_vec);
                let holds = match &before {
                    Some(held) => last.holds(keyspace, key, held)?,
                    None => last.holds_when_missing(),
                };
                if holds {
                    keyspace.set(key, value, &time);
                }
                Ok(match (get, before) {
                    (true, before) => before.map_or(null(), bulk),
                    (false, _) if holds => ok(),
                    (false, _) => null(),
                })
            }
            Action::Delex(None) => Ok(int(keyspace.0.remove(key).is_some().into())),
            Action::Delex(Some(condition)) => delex(keyspace, key, |keyspace, held| {
                condition.holds(keyspace, key, held)
            }),
            Action::DelexWrong(..) => delex(keyspace, key, |_, _| {
                Err("ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE".into())
            }),
            Action::DelexCount(_) => {
                Err("ERR wrong number of arguments for 'delex' command".into())
            }
            Action::Delifeq(operand) => {
                let operand = operand.bytes(keyspace, key);
                let holds = keyspace.string(key)? == Some(&operand);
                if holds {
                    keyspace.0.remove(key);
                }
                Ok(int(holds.into()))
            }
            Action::Digest => Ok(keyspace
                .string(key)?
                .map_or(null(), |held| bulk(digest(held)))),
        }
    }
}

fn delex(
    keyspace: &mut Keyspace,
    key: &[u8],
    holds: impl FnOnce(&Keyspace, &[u8]) -> Result<bool, String>,
) -> Reply {
    let Some(entry) = keyspace.0.get(key) else {
        return Ok(int(0));
    };
    let Held::Text(held) = &entry.held else {
        return Err("ERR Key should be of string type if conditions are specified".into());
    };
    let holds = holds(keyspace, held)?;
    if holds {
        keyspace.0.remove(key);
    }
    Ok(int(holds.into()))
}
