//! The steps of `CAS.HSET`, `CAS.HDEL` and `LOCK.*`.

use std::collections::BTreeMap;

use super::{Content, Draw, FAR, Step, held, on_condition, step, words};
use crate::support::int;

/// Of a hash, as `Draw::content` makes them.
const FIELD: &[u8] = b"f0";

impl Draw<'_> {
    pub(super) fn cas_hset(&mut self) -> Step {
        let key = self.key();
        let before = self.model.get(&key).cloned();
        let (mut fields, expires, condition) = match before.map(|held| (held.content, held.expires))
        {
            Some((Content::Hash(fields), expires)) => (fields, expires, "XX"),
            Some(_) => return self.replace(),
            None => (BTreeMap::new(), false, "NX"),
        };
        let holds = fields.contains_key(FIELD) == (condition == "XX");
        let value = self.text();
        fields.insert(FIELD.to_vec(), value.clone());
        let head = words(&format!("CAS.HSET {key} f0 {condition} FIELDS 1 f0"));
        let after = held(Content::Hash(fields), expires);
        let call = [head, vec![value]].concat();
        on_condition(call, holds, (int(1), int(0)), (key, Some(after)))
    }

    pub(super) fn cas_hdel(&mut self) -> Step {
        let key = self.key();
        let Some((Content::Hash(mut fields), expires)) = self
            .model
            .get(&key)
            .map(|held| (held.content.clone(), held.expires))
        else {
            return self.cas_hset();
        };
        let was_there = fields.remove(FIELD).is_some();
        let call = words(&format!("CAS.HDEL {key} f0 XX"));
        let after = (!fields.is_empty()).then(|| held(Content::Hash(fields), expires));
        on_condition(call, was_there, (int(1), int(0)), (key, after))
    }

    /// Takes a lock with a number, extends it, is refused it, releases it.
    pub(super) fn lock(&mut self) -> Step {
        let (lock, fence) = (format!("{}:lock", self.id), format!("{}:fence", self.id));
        let acquire = |token: &str| format!("LOCK.ACQUIRE {lock} {token} EX {FAR}");
        if !self.model.contains_key(&lock) {
            let before = match self.model.get(&fence).map(|held| &held.content) {
                Some(Content::Text(text)) => {
                    String::from_utf8_lossy(text).parse().expect("a number")
                }
                _ => 0,
            };
            let number: i64 = before + 1;
            let call = words(&format!("{} FENCE {fence}", acquire("mine")));
            let taken = held(Content::Text(b"mine".to_vec()), true);
            let counted = held(Content::Text(number.to_string().into()), false);
            return step(
                call,
                int(number),
                vec![(lock, Some(taken)), (fence, Some(counted))],
            );
        }
        match self.random.below(3) {
            0 => step(words(&acquire("other")), int(0), Vec::new()),
            1 => step(
                words(&format!("LOCK.EXTEND {lock} mine EX {FAR}")),
                int(1),
                Vec::new(),
            ),
            _ => step(
                words(&format!("LOCK.RELEASE {lock} mine")),
                int(1),
                vec![(lock, None)],
            ),
        }
    }
}
