//! The calls of `CAS.*`.

use proptest::prelude::*;
use proptest::{option, sample::select};

use super::condition::{Condition, condition, digest_of};
use super::data::{DigestOperand, digest_operand, in_any_case, in_any_order, key, value};
use super::given::{Given, given};
use super::keyspace::{
    DIGEST_FORMAT, Keyspace, Reply, SYNTAX, TIMES, Time, Written, digest, is_digest, time,
};
use crate::support::{array, bulk, int, null, ok};

#[derive(Debug, Clone)]
pub enum Action {
    Given(Given),
    Set {
        condition: Condition,
        value: Vec<u8>,
        missing: Option<bool>,
        show: Option<&'static str>,
        time: Written,
    },
    Del(Condition, bool),
    Expire(Condition, (&'static str, &'static str)),
    Get(Option<DigestOperand>),
    Digest,
}

#[derive(Debug, Clone)]
pub struct Call {
    key: Vec<u8>,
    action: Action,
    /// Chooses cases and orders of words.
    salt: usize,
}

pub fn call() -> impl Strategy<Value = Call> {
    let times: Vec<_> = TIMES.to_vec();
    // CAS.EXPIRE has PERSIST where CAS.SET has KEEPTTL.
    let lives: Vec<_> = TIMES
        .map(|(unit, operand)| (if unit == "KEEPTTL" { "PERSIST" } else { unit }, operand))
        .to_vec();
    let set = (
        condition(),
        value(),
        option::weighted(0.3, any::<bool>()),
        option::of(select(vec!["GET", "GETDIGEST"])),
        option::of(select(times)),
    );
    let action = prop_oneof![
        2 => given().prop_map(Action::Given),
        6 => set.prop_map(|(condition, value, missing, show, time)| Action::Set {
            condition, value, missing, show, time
        }),
        2 => (condition(), any::<bool>()).prop_map(|(c, get)| Action::Del(c, get)),
        3 => (condition(), select(lives)).prop_map(|(c, time)| Action::Expire(c, time)),
        1 => option::of(digest_operand()).prop_map(Action::Get),
        1 => Just(Action::Digest),
    ];
    (key(), action, any::<usize>()).prop_map(|(key, action, salt)| Call { key, action, salt })
}

impl super::Call for Call {
    fn words(&self, keyspace: &Keyspace) -> Vec<Vec<u8>> {
        let (key, salt) = (&self.key, self.salt);
        let word = |word: &str| in_any_case(word, salt);
        let begin = |name: &str| vec![word(name), key.clone()];
        let written = |(unit, operand): (&str, &str)| match operand {
            "" => vec![word(unit)],
            _ => vec![word(unit), operand.into()],
        };
        match &self.action {
            Action::Given(given) => given.words(key),
            Action::Set {
                condition,
                value,
                missing,
                show,
                time,
            } => {
                let missing = missing.map(|m| vec![word(if m { "CREATE" } else { "NOCREATE" })]);
                let show = show.map(|show| vec![word(show)]);
                let options = missing.into_iter().chain(show).chain(time.map(written));
                [
                    begin("CAS.SET"),
                    condition.words(keyspace, key, salt),
                    vec![value.clone()],
                    in_any_order(options.collect(), salt),
                ]
                .concat()
            }
            Action::Del(condition, get) => [
                begin("CAS.DEL"),
                condition.words(keyspace, key, salt),
                if *get { vec![word("GET")] } else { vec![] },
            ]
            .concat(),
            Action::Expire(condition, time) => [
                begin("CAS.EXPIRE"),
                condition.words(keyspace, key, salt),
                written(*time),
            ]
            .concat(),
            Action::Get(known) => {
                let known = known
                    .as_ref()
                    .map(|known| known.text(keyspace, key).into_bytes());
                let known = known.map(|known| vec![word("IFDNE"), known]);
                [begin("CAS.GET"), known.unwrap_or_default()].concat()
            }
            Action::Digest => begin("CAS.DIGEST"),
        }
    }

    fn run(&self, keyspace: &mut Keyspace) -> Option<Reply> {
        Some(self.reply(keyspace))
    }
}

impl Call {
    fn reply(&self, keyspace: &mut Keyspace) -> Reply {
        let key = &self.key;
        match &self.action {
            Action::Given(given) => Ok(given.run(keyspace, key)),
            Action::Set {
                condition,
                value,
                missing,
                show,
                time: written,
            } => {
                condition.check(keyspace, key)?;
                if missing.is_some() && matches!(condition, Condition::Nx | Condition::Xx) {
                    return Err(SYNTAX.into());
                }
                let time = time(*written, "cas.set")?;
                let holds = condition.holds(keyspace, key, *missing)?;
                let shown = match *show {
                    None => None,
                    Some("GET") => Some(keyspace.string(key)?.map_or(null(), bulk)),
                    Some(_) if holds => Some(bulk(digest(value))),
                    Some(_) => Some(digest_of(keyspace, key)?.map_or(null(), bulk)),
                };
                if holds {
                    keyspace.set(key, value, &time);
                }
                Ok(match shown {
                    Some(shown) => array([int(holds.into()), shown]),
                    None if holds => ok(),
                    None => null(),
                })
            }
            Action::Del(condition, get) => {
                condition.check(keyspace, key)?;
                let holds = condition.holds(keyspace, key, Some(false))?;
                let shown = if *get {
                    Some(keyspace.string(key)?.map_or(null(), bulk))
                } else {
                    None
                };
                if holds {
                    keyspace.0.remove(key);
                }
                let done = int(holds.into());
                Ok(shown.map_or(done.clone(), |shown| array([done, shown])))
            }
            Action::Expire(condition, (unit, operand)) => {
                condition.check(keyspace, key)?;
                let persist = *unit == "PERSIST";
                let time = time((!persist).then_some((*unit, *operand)), "cas.expire")?;
                let holds = condition.holds(keyspace, key, Some(false))?;
                if holds {
                    let entry = keyspace.0.get_mut(key).expect("a key of which it holds");
                    entry.end = match time {
                        Time::At(end) => Some(end),
                        _ => None,
                    };
                    keyspace.expire(key);
                }
                Ok(int(holds.into()))
            }
            Action::Get(known) => {
                let known = known.as_ref().map(|known| known.text(keyspace, key));
                if known.as_ref().is_some_and(|known| !is_digest(known)) {
                    return Err(DIGEST_FORMAT.into());
                }
                let Some(held) = keyspace.string(key)? else {
                    return Ok(null());
                };
                let digest = digest(held);
                let same = known.is_some_and(|known| known.to_lowercase() == digest);
                Ok(array([
                    bulk(digest),
                    if same { null() } else { bulk(held) },
                ]))
            }
            Action::Digest => Ok(digest_of(keyspace, key)?.map_or(null(), bulk)),
        }
    }
}
