//! What a client knows of its keys.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use crate::support::Client;

#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    Text(Vec<u8>),
    Hash(BTreeMap<Vec<u8>, Vec<u8>>),
    Set(BTreeSet<Vec<u8>>),
    List(Vec<Vec<u8>>),
    Zset(BTreeMap<Vec<u8>, i64>),
}

/// A value, and whether it is to expire, which it does not do before the test ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    pub content: Content,
    pub expires: bool,
}

/// By key. A key that is missing here is missing there.
pub type Model = BTreeMap<String, Held>;

/// What a write makes of keys, all of them or none.
pub type Changes = Vec<(String, Option<Held>)>;

pub fn apply(model: &mut Model, changes: &Changes) {
    for (key, held) in changes {
        match held {
            Some(held) => model.insert(key.clone(), held.clone()),
            None => model.remove(key),
        };
    }
}

impl Content {
    /// So many elements, or bytes.
    pub fn count(&self) -> usize {
        match self {
            Content::Text(text) => text.len(),
            Content::Hash(fields) => fields.len(),
            Content::Set(members) => members.len(),
            Content::List(elements) => elements.len(),
            Content::Zset(members) => members.len(),
        }
    }
}

/// What the server has under a key. The connection may be cut again.
pub fn held(client: &mut Client, key: &str) -> io::Result<Option<Held>> {
    let kind = client.try_call(&["TYPE", key])?.text();
    let mut items = |command: &[&str]| -> io::Result<Vec<Vec<u8>>> {
        let reply = client.try_call(command)?;
        Ok(reply
            .items()
            .iter()
            .map(|item| item.bytes().to_vec())
            .collect())
    };
    let content = match kind.as_str() {
        "none" => return Ok(None),
        "string" => Content::Text(client.try_call(&["GET", key])?.bytes().to_vec()),
        "hash" => Content::Hash(pairs(items(&["HGETALL", key])?)),
        "set" => Content::Set(items(&["SMEMBERS", key])?.into_iter().collect()),
        "list" => Content::List(items(&["LRANGE", key, "0", "-1"])?),
        "zset" => {
            let all = pairs(items(&["ZRANGE", key, "0", "-1", "WITHSCORES"])?);
            let score = |text: Vec<u8>| String::from_utf8_lossy(&text).parse().expect("an integer");
            let members = all.into_iter();
            Content::Zset(
                members
                    .map(|(member, text)| (member, score(text)))
                    .collect(),
            )
        }
        other => panic!("{key} is a {other}"),
    };
    let expires = client.try_call(&["PTTL", key])?.number() >= 0;
    Ok(Some(Held { content, expires }))
}

fn pairs(items: Vec<Vec<u8>>) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut items = items.into_iter();
    let mut pairs = BTreeMap::new();
    while let (Some(name), Some(value)) = (items.next(), items.next()) {
        pairs.insert(name, value);
    }
    pairs
}
