//! The steps of `CAS.HSET` and `CAS.HDEL`.

use std::collections::BTreeMap;

use super::{Content, Draw, Step, held, on_condition, words};
use crate::support::int;

/// Of a hash, as `Draw::content` makes them.
pub(super) const FIELD: &[u8] = b"f0";

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
}
