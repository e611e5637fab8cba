//! Calls drawn from the grammar and spoilt, noise, and plain commands between them.

use proptest::prelude::*;
use proptest::test_runner::TestRng;

use super::odd;
use crate::errors::distortion::distort;
use crate::errors::grammar::{commands, pick};
use crate::errors::keyspace::KEYS;
use crate::support::{Words, has_native};

/// Plain commands, which make the keys what the next call may not expect. `%k` is a key and `%w` an odd
/// word.
const PLAIN: [&str; 28] = [
    "SET %k %w",
    "SET %k 42",
    "SET %k hello PX 3",
    "GET %k",
    "SETRANGE %k 60 x",
    "INCR %k",
    "DEL %k",
    "RPUSH %k a b %w",
    "LPOP %k",
    "SADD %k a b %w",
    "SADD %k 1 2 3",
    "HSET %k a 1 b %w",
    "HDEL %k a",
    "ZADD %k 1 a 2 b",
    "ZADD %k %w a",
    "XADD %k * a b",
    "PFADD %k a",
    "EXPIRE %k 100",
    "PEXPIRE %k 2",
    "PERSIST %k",
    "RENAME %k %k",
    "OBJECT ENCODING %k",
    "TYPE %k",
    "DUMP %k",
    "STRLEN %k",
    "BITFIELD %k INCRBY u8 100 1",
    "HINCRBY %k a 1",
    "MOVE %k 1",
];

/// A key of [`KEYS`], or one that a cluster would put beside another.
pub fn key(rng: &mut TestRng) -> Vec<u8> {
    match rng.random_range(0..12) {
        0 => b"{text}:stage".to_vec(),
        1 => b"none2".to_vec(),
        _ => pick(rng, &KEYS).into(),
    }
}

/// One call.
pub fn draw(rng: &mut TestRng) -> Words {
    match rng.random_range(0..100) {
        0..45 => {
            let mut call = from_grammar(rng);
            distort(rng, &mut call);
            call
        }
        45..75 => {
            let mut call = from_grammar(rng);
            for _ in 0..rng.random_range(1..6) {
                spoil(rng, &mut call.0);
            }
            call
        }
        75..80 => random(rng),
        80..82 => small(rng),
        82..86 => {
            let script = if rng.random() { "pcall" } else { "call" };
            let script = format!("return redis.{script}(unpack(ARGV))");
            let mut words = vec![b"EVAL".to_vec(), script.into(), b"0".to_vec()];
            words.extend(for_script(rng).0);
            Words(words)
        }
        _ => plain(rng),
    }
}

/// MULTI, some calls, and EXEC.
pub fn transaction(rng: &mut TestRng) -> Vec<Words> {
    let mut calls = vec![Words::from(["MULTI"])];
    calls.extend((0..rng.random_range(0..6)).map(|_| draw(rng)));
    calls.push(Words::from([*pick(rng, &[&"EXEC", &"EXEC", &"DISCARD"])]));
    calls
}

/// A call with very many words, half the time one that is right.
pub fn huge(rng: &mut TestRng, words: usize) -> Words {
    let mut call = from_grammar(rng).0;
    if rng.random() {
        let head = "ATOMIC.REPLACE none".split(' ').map(Into::into).collect();
        let shapes = [("SET", 1), ("LIST", 1), ("HASH", 2), ("ZSET", 2)];
        let (shape, stride) = shapes[rng.random_range(0..shapes.len())];
        let count = ((words - 4) / stride).to_string();
        call = [head, vec![shape.into(), count.into_bytes()]].concat();
    }
    while call.len() < words {
        call.push((call.len() % 1000).to_string().into());
    }
    Words(call)
}

fn from_grammar(rng: &mut TestRng) -> Words {
    let command = &commands()[rng.random_range(0..commands().len())];
    let mut call = command.draw(rng);
    let is_json = |word: &Vec<u8>| word.eq_ignore_ascii_case(b"JSON");
    if let Some(at) = call.0.iter().position(is_json)
        && at + 1 < call.len()
    {
        call.0[at + 1] = odd::json(rng);
    }
    call
}

/// A call that a script may make. Valkey 9.1 leaks the words of each call of a script, from the first on that is
/// answered by an array with an error in it: docs/cas.md.
fn for_script(rng: &mut TestRng) -> Words {
    loop {
        let call = from_grammar(rng);
        if call.name() != "CAS.TXN" || !has_native("DELIFEQ", "") {
            return call;
        }
    }
}

fn plain(rng: &mut TestRng) -> Words {
    let template = *pick(rng, &PLAIN.each_ref());
    let words = template.split(' ').map(|word| match word {
        "%k" => key(rng),
        "%w" => odd::word(rng),
        _ => word.into(),
    });
    Words(words.collect())
}

/// A name, and anything after it.
fn random(rng: &mut TestRng) -> Words {
    let command = &commands()[rng.random_range(0..commands().len())];
    let most = if rng.random_ratio(1, 50) { 2000 } else { 12 };
    let mut words = vec![command.name().into_bytes()];
    words.extend((0..rng.random_range(0..most)).map(|_| odd::word(rng)));
    Words(words)
}

/// A whole value of up to some hundred odd words, most of them different: small ones are handed to the server as it
/// keeps them.
fn small(rng: &mut TestRng) -> Words {
    let name = *pick(rng, &[&"HASH", &"SET", &"ZSET"]);
    let most = if rng.random() { 30 } else { 300 };
    let mut words = vec![format!("ATOMIC.REPLACE{name}").into_bytes(), key(rng)];
    for number in 0..rng.random_range(1..most) {
        if name == "ZSET" {
            let score = rng.random_range(-20_i64..20).pow(rng.random_range(1..14));
            words.push(score.to_string().into());
        }
        let mut word = odd::word(rng);
        if !rng.random_ratio(1, 100) {
            word.truncate(rng.random_range(0..64));
            word.extend(format!("{number}").bytes());
        }
        words.push(word);
        if name == "HASH" {
            words.push(odd::word(rng));
        }
    }
    Words(words)
}

/// One change. The name stays.
fn spoil(rng: &mut TestRng, words: &mut Vec<Vec<u8>>) {
    if words.len() == 1 {
        return words.push(odd::word(rng));
    }
    let at = rng.random_range(1..words.len());
    let other = rng.random_range(1..words.len());
    match rng.random_range(0..12) {
        0..4 => words[at] = odd::word(rng),
        4 => words.insert(at, odd::word(rng)),
        5 => words.push(odd::word(rng)),
        6 => drop(words.remove(at)),
        7 => words.swap(at, other),
        8 => words.truncate(at),
        9 => {
            // The end once more, up to a few thousand times.
            let tail = words[at..].to_vec();
            let bits = if rng.random_ratio(1, 20) { 12 } else { 4 };
            let times = 1_usize << rng.random_range(0..bits);
            for _ in 0..times.min(6000 / tail.len()) {
                words.extend_from_slice(&tail);
            }
        }
        10 => {
            let call = from_grammar(rng).0;
            words.extend_from_slice(&call[rng.random_range(0..call.len())..]);
        }
        _ => {
            let word = &mut words[at];
            if word.is_empty() {
                word.push(rng.random());
            } else {
                let byte = rng.random_range(0..word.len());
                word[byte] ^= 1 << rng.random_range(0..8);
            }
        }
    }
}
