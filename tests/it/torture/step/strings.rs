//! The steps of `CAS.SET`, `CAS.DEL` and `CAS.EXPIRE`.

use super::options::digest;
use super::{Content, Draw, FAR, Step, Words, held, on_condition, words};
use crate::support::{Value, array, bulk, int, nil, ok};

impl Draw<'_> {
    pub(super) fn cas_set(&mut self) -> Step {
        let key = self.key();
        let (condition, mut holds) = self.condition(&key);
        let (expiry, expires) = self.expiry(&key);
        let text = self.text();
        let mut call = words(&format!("CAS.SET {key}"));
        let compares = condition[0].starts_with(b"IF");
        call.extend(condition);
        call.push(text.clone());
        let is_missing = !self.model.contains_key(&key);
        if compares && is_missing && self.random.one_in(2) {
            call.push(b"CREATE".to_vec());
            holds = true;
        }
        let (option, replies) = self.told(&key, &text);
        call.extend(option);
        call.extend(expiry);
        let after = held(Content::Text(text), expires);
        on_condition(call, holds, replies, (key, Some(after)))
    }

    /// What is to be told of the value before, or of the digest that is there then; and the replies of a
    /// call that writes the text and of one that does not.
    fn told(&mut self, key: &str, text: &[u8]) -> (Words, (Value, Value)) {
        let before = match self.model.get(key).map(|held| &held.content) {
            None => None,
            Some(Content::Text(before)) => Some(before.clone()),
            Some(_) => return (Words::new(), (ok(), nil())),
        };
        let both = |done: Value, refused: Value| (array([int(1), done]), array([int(0), refused]));
        match self.random.below(4) {
            0 => {
                let before = before.map_or_else(nil, bulk);
                (words("GET"), both(before.clone(), before))
            }
            1 => {
                let before = before.map_or_else(nil, |before| bulk(digest(&before)));
                (words("GETDIGEST"), both(bulk(digest(text)), before))
            }
            _ => (Words::new(), (ok(), nil())),
        }
    }

    pub(super) fn cas_del(&mut self) -> Step {
        let key = self.key();
        let (condition, holds) = self.condition(&key);
        let exists = self.model.contains_key(&key);
        let mut call = [words(&format!("CAS.DEL {key}")), condition].concat();
        let done = int((holds && exists).into());
        let replies = match self.model.get(&key).map(|held| &held.content) {
            Some(Content::Text(text)) if self.random.one_in(3) => {
                call.push(b"GET".to_vec());
                let told = |deleted: i64| array([int(deleted), bulk(text)]);
                (told(1), told(0))
            }
            _ => (done, int(0)),
        };
        on_condition(call, holds, replies, (key, None))
    }

    pub(super) fn cas_expire(&mut self) -> Step {
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
}
