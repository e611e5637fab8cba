//! A key is brought into a random state, natively and in one call.

use proptest::prelude::*;
use proptest::{option, sample::select};

use super::data::value;
use super::keyspace::{Entry, Held, Keyspace};
use crate::support::{Value, int};

#[derive(Debug, Clone)]
pub struct Given {
    held: Option<Held>,
    end: Option<&'static str>,
}

pub fn given() -> impl Strategy<Value = Given> {
    let held = prop_oneof![
        1 => Just(None),
        5 => value().prop_map(|value| Some(Held::Text(value))),
        1 => Just(Some(Held::Other("stream"))),
    ];
    let end = option::weighted(0.5, select(vec!["4102444800000", "4102445000456"]));
    (held, end).prop_map(|(held, end)| Given { held, end })
}

const SCRIPT: &str = "redis.call('DEL', KEYS[1]) \
     if ARGV[1] == 'text' then redis.call('SET', KEYS[1], ARGV[2]) end \
     if ARGV[1] == 'stream' then redis.call('XADD', KEYS[1], '1-1', 'f', 'v') end \
     if ARGV[3] ~= '' then redis.call('PEXPIREAT', KEYS[1], ARGV[3]) end \
     return 1";

impl Given {
    pub fn words(&self, key: &[u8]) -> Vec<Vec<u8>> {
        let (kind, text) = match &self.held {
            None => ("", &[][..]),
            Some(Held::Text(text)) => ("text", &text[..]),
            Some(Held::Other(kind)) => (*kind, &[][..]),
        };
        let end = self.end.unwrap_or_default().as_bytes();
        [
            b"EVAL",
            SCRIPT.as_bytes(),
            b"1",
            key,
            kind.as_bytes(),
            text,
            end,
        ]
        .map(<[u8]>::to_vec)
        .into()
    }

    pub fn run(&self, keyspace: &mut Keyspace, key: &[u8]) -> Value {
        keyspace.0.remove(key);
        if let Some(held) = self.held.clone() {
            let end = self.end.map(|end| end.parse().expect("a time"));
            keyspace.0.insert(key.to_vec(), Entry { held, end });
        }
        int(1)
    }
}
