//! The names of Redis 8.4 and Valkey 9: the server's own or the module's, so their conditions may be counted
//! or not.

use super::options::digest;
use super::{Content, Draw, Step, Words, held, on_condition, step, words};
use crate::support::{bulk, int, nil, ok};

impl Draw<'_> {
    pub(super) fn set_on_condition(&mut self) -> Step {
        let key = self.key();
        let text = self.text();
        let Some((condition, holds)) = self.native_condition(&key) else {
            return self.set();
        };
        let before = match self.model.get(&key).map(|held| &held.content) {
            Some(Content::Text(before)) => bulk(before),
            _ => nil(),
        };
        let (get, replies) = if self.random.one_in(3) {
            (words("GET"), (before.clone(), before))
        } else {
            (Vec::new(), (ok(), nil()))
        };
        let head = words(&format!("SET {key}"));
        let call = [head, vec![text.clone()], condition, get].concat();
        let after = (key, Some(held(Content::Text(text), false)));
        perhaps_counted(on_condition(call, holds, replies, after))
    }

    pub(super) fn delex(&mut self) -> Step {
        let key = self.key();
        let exists = self.model.contains_key(&key);
        let is_plain = self.random.one_in(2);
        let (condition, holds) = match self.native_condition(&key) {
            Some(conditional) if !is_plain => conditional,
            _ => (Vec::new(), true),
        };
        let call = [words(&format!("DELEX {key}")), condition].concat();
        let done = int((holds && exists).into());
        perhaps_counted(on_condition(call, holds, (done, int(0)), (key, None)))
    }

    pub(super) fn delifeq(&mut self) -> Step {
        let key = self.key();
        let (value, changes) = match self.model.get(&key).map(|held| &held.content) {
            Some(Content::Text(text)) if self.random.one_in(2) => {
                (text.clone(), vec![(key.clone(), None)])
            }
            None | Some(Content::Text(_)) => (b"no such value".to_vec(), Vec::new()),
            Some(_) => return self.del(),
        };
        if !self.has.delifeq {
            return self.delex();
        }
        let call = [words(&format!("DELIFEQ {key}")), vec![value]].concat();
        perhaps_counted(step(call, int((!changes.is_empty()).into()), changes))
    }

    /// Of the four that there are, and whether it holds; none for what is no string.
    fn native_condition(&mut self, key: &str) -> Option<(Words, bool)> {
        const OTHER: &[u8] = b"no such value";
        let now = match self.model.get(key).map(|held| &held.content) {
            Some(Content::Text(text)) => Some(text.as_slice()),
            Some(_) => return None,
            None => None,
        };
        let (asks_for_other, is_negative) = (self.random.one_in(3), self.random.one_in(2));
        let compared = now.filter(|_| !asks_for_other).unwrap_or(OTHER);
        let holds = (now == Some(compared)) != is_negative;
        let (word, operand) = match (self.random.one_in(2), is_negative) {
            (true, false) => ("IFEQ", compared.to_vec()),
            (true, true) => ("IFNE", compared.to_vec()),
            (false, false) => ("IFDEQ", digest(compared)),
            (false, true) => ("IFDNE", digest(compared)),
        };
        Some((vec![word.into(), operand], holds))
    }
}

fn perhaps_counted(step: Step) -> Step {
    Step {
        conditions: 0,
        conditions_perhaps: 1,
        ..step
    }
}
