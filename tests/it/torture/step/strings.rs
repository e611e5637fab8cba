//! The steps of `CAS.SET`, `CAS.DEL` and `CAS.EXPIRE`.

use super::{Content, Draw, FAR, Step, held, on_condition, words};
use crate::support::{int, nil, ok};

impl Draw<'_> {
    pub(super) fn cas_set(&mut self) -> Step {
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

    pub(super) fn cas_del(&mut self) -> Step {
        let key = self.key();
        let (condition, holds) = self.condition(&key);
        let exists = self.model.contains_key(&key);
        let call = [words(&format!("CAS.DEL {key}")), condition].concat();
        let done = int((holds && exists).into());
        on_condition(call, holds, (done, int(0)), (key, None))
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
