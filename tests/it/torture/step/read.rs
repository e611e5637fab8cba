//! What reads, and so is seen to be true.

use super::options::{digest, digest_of};
use super::{Content, Draw, Step, step, words};
use crate::support::{array, bulk, nil};

impl Draw<'_> {
    /// `DIGEST` knows strings only.
    pub(super) fn digest(&mut self) -> Step {
        let key = self.key();
        let now = self.model.get(&key).map(|held| &held.content);
        let is_string = matches!(now, None | Some(Content::Text(_)));
        let reply = now.map_or_else(nil, |content| bulk(digest_of(content)));
        let name = if is_string && self.random.one_in(2) {
            "DIGEST"
        } else {
            "CAS.DIGEST"
        };
        step(words(&format!("{name} {key}")), reply, Vec::new())
    }

    pub(super) fn cas_get(&mut self) -> Step {
        let key = self.key();
        let mut call = words(&format!("CAS.GET {key}"));
        let reply = match self.model.get(&key).map(|held| &held.content) {
            None => nil(),
            Some(Content::Text(text)) if self.random.one_in(2) => {
                call.extend([b"IFDNE".to_vec(), digest(text)]);
                array([bulk(digest(text)), nil()])
            }
            Some(Content::Text(text)) => array([bulk(digest(text)), bulk(text)]),
            Some(_) => return self.digest(),
        };
        step(call, reply, Vec::new())
    }
}
