//! Values of which every element tells its generation, so that a reader can tell a whole one.

use crate::support::{Client, Value};

/// Elements of a value.
const SIZE: u64 = 50;

/// The type of the value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Hash,
    Set,
    List,
    Zset,
}

/// What a reader found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    /// One whole value.
    Whole,
    /// None, or less than one.
    Gap,
    /// More than one has.
    Stale,
    /// As much as one has, of several.
    Mixed,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Hash, Kind::Set, Kind::List, Kind::Zset];

    /// Writes the value's elements with the server's own command.
    pub fn write(self, client: &mut Client, key: &str, generation: u64) {
        let command = match self {
            Kind::Hash => "HSET",
            Kind::Set => "SADD",
            Kind::List => "RPUSH",
            Kind::Zset => "ZADD",
        };
        client.call(&self.call(command, key, generation));
    }

    /// Replaces the whole value in one command.
    pub fn replace(self, client: &mut Client, key: &str, generation: u64) {
        let command = match self {
            Kind::Hash => "ATOMIC.REPLACEHASH",
            Kind::Set => "ATOMIC.REPLACESET",
            Kind::List => "ATOMIC.REPLACELIST",
            Kind::Zset => "ATOMIC.REPLACEZSET",
        };
        let reply = client.call(&self.call(command, key, generation));
        assert!(!reply.is_error(), "{command}: {reply}");
    }

    /// Reads the whole value in one command.
    pub fn read(self, client: &mut Client, key: &str) -> Found {
        let words: &[&str] = match self {
            Kind::Hash => &["HGETALL", key],
            Kind::Set => &["SMEMBERS", key],
            Kind::List => &["LRANGE", key, "0", "-1"],
            Kind::Zset => &["ZRANGE", key, "0", "-1", "WITHSCORES"],
        };
        let reply = client.call(words);
        let elements: Vec<String> = reply.items().iter().map(Value::text).collect();
        let generations: Vec<&str> = match self {
            Kind::Hash | Kind::Zset => elements.chunks(2).map(|pair| pair[1].as_str()).collect(),
            Kind::Set | Kind::List => elements
                .iter()
                .map(|element| element.split(':').next().expect("generation:number"))
                .collect(),
        };
        judge(&generations)
    }

    /// Names of fields and of sorted members move to and fro, so that a merge leaves some behind.
    fn call(self, command: &str, key: &str, generation: u64) -> Vec<String> {
        let first = generation % 2 * (SIZE / 2);
        let mut words = vec![command.to_owned(), key.to_owned()];
        for i in first..first + SIZE {
            match self {
                Kind::Hash => words.extend([format!("field{i}"), generation.to_string()]),
                Kind::Set | Kind::List => words.push(format!("{generation}:{i}")),
                Kind::Zset => words.extend([generation.to_string(), format!("member{i}")]),
            }
        }
        words
    }
}

fn judge(generations: &[&str]) -> Found {
    match generations {
        _ if (generations.len() as u64) < SIZE => Found::Gap,
        _ if generations.len() as u64 > SIZE => Found::Stale,
        [first, rest @ ..] if rest.iter().all(|generation| generation == first) => Found::Whole,
        _ => Found::Mixed,
    }
}

#[test]
fn one_generation_is_whole_and_everything_else_is_told_apart() {
    let whole = vec!["7"; 50];
    assert_eq!(judge(&whole), Found::Whole);
    assert_eq!(judge(&whole[1..]), Found::Gap);
    assert_eq!(judge(&[]), Found::Gap);
    assert_eq!(judge(&[&whole[..], &["6"]].concat()), Found::Stale);
    assert_eq!(judge(&[&whole[1..], &["6"]].concat()), Found::Mixed);
}
