//! How a call is spoilt.

use proptest::prelude::*;
use proptest::test_runner::TestRng;

use super::grammar::{pick, tokens};
use super::keyspace::KEYS;
use crate::support::Words;

/// Words that are wrong nearly everywhere.
const ODD: [&[u8]; 14] = [
    b"",
    b"BOGUS",
    b"\0\xff",
    b"IFEQ\0",
    b"0",
    b"-1",
    b"+1",
    b"1.5",
    b"9223372036854775807",
    b"9223372036854775808",
    b"-9223372036854775809",
    b"short",
    b"00000000000000000",
    b"zzzzzzzzzzzzzzzz",
];

/// Not at all, once or twice. The name stays.
pub fn distort(rng: &mut TestRng, call: &mut Words) {
    for _ in 0..*pick(rng, &[&0, &0, &1, &2]) {
        distort_once(rng, &mut call.0);
    }
    do_not_wait(&mut call.0);
}

/// Without limit, or longer than a test can.
fn do_not_wait(words: &mut [Vec<u8>]) {
    for at in 1..words.len() {
        let is_time = words[at].iter().all(u8::is_ascii_digit);
        if words[at - 1].eq_ignore_ascii_case(b"BLOCK") && is_time && !words[at].is_empty() {
            words[at] = b"1".into();
        }
    }
}

fn distort_once(rng: &mut TestRng, words: &mut Vec<Vec<u8>>) {
    let odd = if rng.random() {
        pick(rng, &ODD).to_vec()
    } else {
        pick(rng, tokens()).into()
    };
    if words.len() == 1 {
        words.push(odd);
        return;
    }
    let at = rng.random_range(1..words.len());
    let other = rng.random_range(1..words.len());
    match rng.random_range(0..8) {
        0 => words.push(odd),
        1 => words.insert(at, odd),
        2 => words[at] = odd,
        3 => words.insert(at, words[at].clone()),
        4 => words.swap(at, other),
        5 => words.truncate(at),
        6 => words[1] = pick(rng, &KEYS).into(),
        _ => drop(words.remove(at)),
    }
}
