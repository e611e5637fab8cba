//! The steps of `CAS.IF` and `CAS.TXN`: other steps under conditions.

use super::fields::FIELD;
use super::{Content, Draw, Step, Words, single, step, sum, words};
use crate::support::{array, int, nil};

impl Draw<'_> {
    pub(super) fn cas_if(&mut self) -> Step {
        if !self.has.guarded {
            return self.cas_set();
        }
        let (tests, first_false) = self.tests();
        let inside = inner(self);
        let call = [words("CAS.IF"), tests, words("THEN"), inside.calls.concat()].concat();
        let ends = match first_false {
            None => inside,
            Some(_) => step(Vec::new(), nil(), Vec::new()),
        };
        counted(call, ends)
    }

    pub(super) fn cas_txn(&mut self) -> Step {
        if !self.has.guarded {
            return self.cas_del();
        }
        let (tests, first_false) = self.tests();
        let then = self.two(inner);
        let otherwise = self.random.one_in(2).then(|| [inner(self)]);
        let mut call = [words("CAS.TXN"), tests, words("THEN"), commands(&then)].concat();
        if let Some(steps) = &otherwise {
            call.extend([words("ELSE"), commands(steps)].concat());
        }
        let ends = match (first_false, &otherwise) {
            (None, _) => sum(&then),
            (Some(_), Some(steps)) => sum(steps),
            (Some(index), None) => step(Vec::new(), int(index), Vec::new()),
        };
        let reply = array([int(first_false.is_none().into()), ends.reply.clone()]);
        counted(call, Step { reply, ..ends })
    }

    /// One or two, with their number; and the index of the first that is false.
    fn tests(&mut self) -> (Words, Option<i64>) {
        let count = 1 + i64::from(self.random.one_in(2));
        let mut all = words(&count.to_string());
        let mut first_false = None;
        for index in 0..count {
            let (test, holds) = self.test();
            all.extend(test);
            if !holds {
                first_false = first_false.or(Some(index));
            }
        }
        (all, first_false)
    }

    /// On a key, or on a field of a hash.
    fn test(&mut self) -> (Words, bool) {
        let key = self.key();
        let fields = match self.model.get(&key).map(|held| &held.content) {
            Some(Content::Hash(fields)) if self.random.one_in(2) => fields,
            _ => {
                let (condition, holds) = self.condition(&key);
                return ([words(&key), condition].concat(), holds);
            }
        };
        let head = words(&format!("{key} FIELD f0"));
        let (condition, holds) = match fields.get(FIELD) {
            Some(value) if self.random.one_in(2) => (vec![b"IFEQ".to_vec(), value.clone()], true),
            Some(_) => (words("NX"), false),
            None => (words("NX"), true),
        };
        ([head, condition].concat(), holds)
    }
}

/// One that may run inside of another.
fn inner(draw: &mut Draw) -> Step {
    const NOT_INSIDE: [&[u8]; 3] = [b"CAS.IF", b"CAS.TXN", b"BLOCK"];
    loop {
        let step = single(draw);
        let is_not = |word: &Vec<u8>| NOT_INSIDE.contains(&word.as_slice());
        if !step.calls.concat().iter().any(is_not) {
            return step;
        }
    }
}

/// Their number, and each with the number of its words.
fn commands(steps: &[Step]) -> Words {
    let number = |count: usize| vec![count.to_string().into_bytes()];
    let calls = steps.iter().flat_map(|step| {
        let call = step.calls.concat();
        [number(call.len()), call].concat()
    });
    [number(steps.len()), calls.collect()].concat()
}

/// A call that does what `ends` does, and counts a condition of its own.
fn counted(call: Words, ends: Step) -> Step {
    Step {
        calls: vec![call],
        conditions: ends.conditions + 1,
        ..ends
    }
}
