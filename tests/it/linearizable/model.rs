use todc_utils::specifications::Specification;

use crate::digest::definition::of_hash;
use crate::support::Value;

pub type Number = u32;

/// The fields of the hash: a version, and what it is the version of.
pub type Fields = (Number, Number);

/// What the three keys of a group hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct State {
    strings: [Option<Number>; 2],
    hash: Option<Fields>,
}

/// What is sent; `usize` is one of the two strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Get(usize),
    Set(usize, Number),
    /// `CAS.SET key IFEQ before after`
    CasSet(usize, Number, Number),
    /// `CAS.SET key IFLT after after`
    Newer(usize, Number),
    CasDel(usize, Number),
    ReadHash,
    /// `CAS.HSET key version IFEQ before FIELDS 2 version … value …`
    CasHset(Number, Fields),
    /// `CAS.HSET key version NX FIELDS 2 version … value …`
    NewHash(Fields),
    /// `ATOMIC.REPLACE key IFDEQ before HASH 2 version … value …`
    Replace(Fields, Fields),
    /// `CAS.TXN` on both strings, which changes them over.
    Swap(Number, Number),
}

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Nobody was there to hear it.
    Unknown,
    String(Option<Number>),
    Hash(Option<Fields>),
    /// Whether the condition was true.
    Done(bool),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    pub call: Call,
    pub answer: Answer,
}

/// The contract, for one command at a time.
pub struct Keys;

impl Specification for Keys {
    type State = State;
    type Operation = Command;

    fn init() -> State {
        State::default()
    }

    fn apply(command: &Command, before: &State) -> (bool, State) {
        let mut after = before.clone();
        let answer = command.call.run(&mut after);
        let is_valid = command.answer == Answer::Unknown || command.answer == answer;
        (is_valid, if is_valid { after } else { before.clone() })
    }
}

impl Call {
    /// Whether it is about the hash; all others are about the strings. What is about one of them says
    /// nothing of the other, so that each has a history of its own.
    pub fn is_of_hash(self) -> bool {
        matches!(
            self,
            Self::ReadHash | Self::CasHset(..) | Self::NewHash(_) | Self::Replace(..)
        )
    }

    pub fn is_read(self) -> bool {
        matches!(self, Self::Get(_) | Self::ReadHash)
    }

    fn run(self, state: &mut State) -> Answer {
        match self {
            Self::Get(key) => Answer::String(state.strings[key]),
            Self::Set(key, value) => {
                state.strings[key] = Some(value);
                Answer::Done(true)
            }
            Self::CasSet(key, before, after) => {
                let holds = state.strings[key] == Some(before);
                if holds {
                    state.strings[key] = Some(after);
                }
                Answer::Done(holds)
            }
            Self::Newer(key, after) => {
                let holds = state.strings[key].is_none_or(|before| before < after);
                if holds {
                    state.strings[key] = Some(after);
                }
                Answer::Done(holds)
            }
            Self::CasDel(key, before) => {
                let holds = state.strings[key] == Some(before);
                if holds {
                    state.strings[key] = None;
                }
                Answer::Done(holds)
            }
            Self::ReadHash => Answer::Hash(state.hash),
            Self::CasHset(before, after) => {
                let holds = state.hash.is_some_and(|(version, _)| version == before);
                if holds {
                    state.hash = Some(after);
                }
                Answer::Done(holds)
            }
            Self::NewHash(after) => {
                let holds = state.hash.is_none();
                if holds {
                    state.hash = Some(after);
                }
                Answer::Done(holds)
            }
            Self::Replace(before, after) => {
                let holds = state.hash == Some(before);
                if holds {
                    state.hash = Some(after);
                }
                Answer::Done(holds)
            }
            Self::Swap(a, b) => {
                let holds = state.strings == [Some(a), Some(b)];
                if holds {
                    state.strings.swap(0, 1);
                }
                Answer::Done(holds)
            }
        }
    }

    /// The words of the call, on keys of this prefix.
    pub fn words(self, prefix: &str) -> Vec<String> {
        let key = |key: usize| format!("{prefix}:{key}");
        let hash = format!("{prefix}:hash");
        let line = match self {
            Self::Get(k) => format!("GET {}", key(k)),
            Self::Set(k, value) => format!("SET {} {value}", key(k)),
            Self::CasSet(k, before, after) => format!("CAS.SET {} IFEQ {before} {after}", key(k)),
            Self::Newer(k, after) => format!("CAS.SET {} IFLT {after} {after}", key(k)),
            Self::CasDel(k, before) => format!("CAS.DEL {} IFEQ {before}", key(k)),
            Self::ReadHash => format!("HMGET {hash} version value"),
            Self::CasHset(before, (version, value)) => {
                format!(
                    "CAS.HSET {hash} version IFEQ {before} FIELDS 2 version {version} value {value}"
                )
            }
            Self::NewHash((version, value)) => {
                format!("CAS.HSET {hash} version NX FIELDS 2 version {version} value {value}")
            }
            Self::Replace(before, (version, value)) => format!(
                "ATOMIC.REPLACE {hash} IFDEQ {} HASH 2 version {version} value {value}",
                digest(before)
            ),
            Self::Swap(a, b) => {
                let (first, second) = (key(0), key(1));
                format!(
                    "CAS.TXN 2 {first} IFEQ {a} {second} IFEQ {b} \
                     THEN 2 3 SET {first} {b} 3 SET {second} {a}"
                )
            }
        };
        line.split(' ').map(String::from).collect()
    }

    /// What a reply means.
    pub fn answer(self, reply: &Value) -> Answer {
        let number =
            |value: &Value| (!value.is_null()).then(|| value.text().parse().expect("ours"));
        assert!(!reply.is_error(), "{self:?}: {reply}");
        match self {
            Self::Get(_) => Answer::String(number(reply)),
            Self::ReadHash => {
                let fields = reply.items();
                Answer::Hash(number(&fields[0]).zip(number(&fields[1])))
            }
            Self::Swap(..) => Answer::Done(reply.items()[0].number() == 1),
            _ => Answer::Done(match reply {
                Value::Int(number) => *number == 1,
                other => !other.is_null(),
            }),
        }
    }
}

fn digest((version, value): Fields) -> String {
    let (version, value) = (version.to_string(), value.to_string());
    of_hash([
        (&b"version"[..], version.as_bytes()),
        (&b"value"[..], value.as_bytes()),
    ])
}
