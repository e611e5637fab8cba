//! Words that are wrong nearly everywhere, or nearly right.

use std::time::{SystemTime, UNIX_EPOCH};

use proptest::prelude::*;
use proptest::test_runner::TestRng;

use super::LONGEST_WORD;
use crate::errors::grammar::{pick, tokens};

/// Where numbers end, in decimal, and what some parsers take for numbers.
const NUMBERS: [&str; 58] = [
    "0",
    "-0",
    "+0",
    "00",
    "1",
    "-1",
    "+1",
    "01",
    "2",
    "3",
    "127",
    "128",
    "255",
    "256",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "-2147483648",
    "-2147483649",
    "4294967295",
    "4294967296",
    "9007199254740992",
    "9007199254740993",
    "9223372036854775",
    "9223372036854776",
    "9223372036854775806",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775807",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999999999999999999999999",
    "1.0",
    "1.5",
    ".5",
    "5.",
    "1e3",
    "1e308",
    "1e309",
    "-1e309",
    "1e-400",
    "4.9e-324",
    "inf",
    "-inf",
    "+inf",
    "infinity",
    "nan",
    "-nan",
    "0x10",
    "0x1p3",
    " 1",
    "1 ",
    "1\0",
    "1\n",
    "1_000",
];

const TEXTS: [&[u8]; 18] = [
    b"",
    b" ",
    b"\0",
    b"\r\n",
    b"*1\r\n$4\r\nPING\r\n",
    b"-ERR x\r\n",
    b"\xff\xfe",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"BOGUS",
    b"ifeq",
    b"IFEQ\0",
    b"%s%n%d",
    b"9555e8555c62dcfd",
    b"9555E8555C62DCFD",
    b"0000000000000000",
    b"00000000000000000",
    b"zzzzzzzzzzzzzzzz",
];

/// Any odd word.
pub fn word(rng: &mut TestRng) -> Vec<u8> {
    match rng.random_range(0..100) {
        0..35 => pick(rng, &NUMBERS).into(),
        35..40 => near_now(rng).into_bytes(),
        40..65 => token(rng),
        65..80 => pick(rng, &TEXTS).to_vec(),
        80..90 => noise(rng, 40),
        90..96 => super::call::key(rng),
        96..99 => json(rng),
        _ => blob(rng),
    }
}

/// A time in milliseconds or seconds that is about to come, or has just gone.
fn near_now(rng: &mut TestRng) -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("1970");
    let millis = i64::try_from(since.as_millis()).expect("a time of our age");
    let at = millis + rng.random_range(-20..2000);
    if rng.random() { at } else { at / 1000 }.to_string()
}

/// An option word, in any case.
fn token(rng: &mut TestRng) -> Vec<u8> {
    let token = pick(rng, tokens());
    match rng.random_range(0..4) {
        0 => token.to_ascii_lowercase().into(),
        1 => {
            let mut odd = token.as_bytes().to_vec();
            let at = rng.random_range(0..odd.len());
            odd[at] ^= 0x20;
            odd
        }
        _ => token.into(),
    }
}

/// Random bytes, fewer than `end`.
pub fn noise(rng: &mut TestRng, end: usize) -> Vec<u8> {
    let length = rng.random_range(0..end);
    (0..length).map(|_| rng.random()).collect()
}

/// One byte again and again; short ones are more frequent, the longest rare.
fn blob(rng: &mut TestRng) -> Vec<u8> {
    let bits = if rng.random_ratio(1, 40) { 20 } else { 14 };
    let most = 1_usize << rng.random_range(0..=bits);
    let length = rng.random_range(0..=most).min(LONGEST_WORD);
    vec![rng.random(); length]
}

/// A JSON document, or nearly one.
pub fn json(rng: &mut TestRng) -> Vec<u8> {
    if rng.random_ratio(1, 30) {
        let open = *pick(rng, &[&b'[', &b'{', &b'"', &b'-']);
        return vec![open; rng.random_range(1..20_000)];
    }
    let mut text = String::new();
    write_json(rng, &mut text, 0);
    let mut bytes = text.into_bytes();
    if rng.random_ratio(1, 3) && !bytes.is_empty() {
        let at = rng.random_range(0..bytes.len());
        match rng.random_range(0..4) {
            0 => bytes.truncate(at),
            1 => bytes[at] = rng.random(),
            2 => bytes.insert(at, *pick(rng, &[&b',', &b'"', &b'\\', &b'}', &b']', &0])),
            _ => _ = bytes.remove(at),
        }
    }
    bytes
}

const STRINGS: [&str; 10] = [
    r#""""#,
    r#""a""#,
    r#""b""#,
    r#""EX""#,
    r#""\u0000""#,
    r#""\ud83d\ude00""#,
    r#""\ud800""#,
    r#""\q""#,
    r#""é\n""#,
    r#""9555e8555c62dcfd""#,
];

fn write_json(rng: &mut TestRng, out: &mut String, depth: u32) {
    // The top is what the commands want, most of the time.
    let kind = if depth == 0 {
        rng.random_range(4..12)
    } else {
        rng.random_range(0..(8_i32 - depth.cast_signed()).max(4))
    };
    match kind {
        0 => out.push_str(pick(rng, &["null", "true", "false", "nul"])),
        1 => out.push_str(pick(rng, &NUMBERS)),
        2 | 3 => out.push_str(pick(rng, &STRINGS)),
        _ => {
            let is_object = rng.random();
            out.push(if is_object { '{' } else { '[' });
            for index in 0..rng.random_range(0..5) {
                out.push_str(if index == 0 { "" } else { ", " });
                if is_object {
                    out.push_str(pick(rng, &STRINGS));
                    out.push(':');
                }
                write_json(rng, out, depth + 1);
            }
            out.push(if is_object { '}' } else { ']' });
        }
    }
}
