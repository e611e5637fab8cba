//! The digest of a collection is that of its definition, which `examples/digest/` has for clients.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng};

use super::definition::{of_hash, of_list, of_set, of_zset};
use crate::support::*;

/// Commands of at most so many bytes of data.
const AT_ONCE: usize = 1 << 20;

/// What a collection is made of: elements, members, fields with values, or members with scores.
#[derive(Debug, Clone)]
enum Made {
    List(Vec<Vec<u8>>),
    Set(Vec<Vec<u8>>),
    Hash(Vec<(Vec<u8>, Vec<u8>)>),
    Zset(Vec<(Vec<u8>, f64)>),
}

impl Made {
    fn digest(&self) -> String {
        match self {
            Self::List(elements) => of_list(elements.iter().map(|e| &e[..])),
            Self::Set(members) => of_set(members.iter().map(|m| &m[..])),
            Self::Hash(fields) => of_hash(fields.iter().map(|(f, v)| (&f[..], &v[..]))),
            Self::Zset(members) => of_zset(members.iter().map(|(m, score)| (&m[..], *score))),
        }
    }

    /// What is appended to the command that writes it, an element after the other.
    fn words(&self) -> (&'static str, Vec<Vec<Vec<u8>>>) {
        let one = |words: &Vec<Vec<u8>>| words.iter().map(|word| vec![word.clone()]).collect();
        match self {
            Self::List(elements) => ("RPUSH", one(elements)),
            Self::Set(members) => ("SADD", one(members)),
            Self::Hash(fields) => {
                let words = |(f, v): &(Vec<u8>, Vec<u8>)| vec![f.clone(), v.clone()];
                ("HSET", fields.iter().map(words).collect())
            }
            Self::Zset(members) => {
                let words = |(m, score): &(Vec<u8>, f64)| vec![written(*score), m.clone()];
                ("ZADD", members.iter().map(words).collect())
            }
        }
    }

    fn reversed(&self) -> Self {
        let mut made = self.clone();
        match &mut made {
            Self::List(all) | Self::Set(all) => all.reverse(),
            Self::Hash(all) => all.reverse(),
            Self::Zset(all) => all.reverse(),
        }
        made
    }

    fn write(&self, client: &mut Client, key: &str) {
        client.call(&["DEL", key]);
        let (command, elements) = self.words();
        let head = || vec![command.as_bytes().to_vec(), key.into()];
        let (mut call, mut size) = (head(), 0);
        for element in elements {
            size += element.iter().map(Vec::len).sum::<usize>() + 16;
            call.extend(element);
            if size > AT_ONCE {
                assert!(!client.call(&call).is_error());
                (call, size) = (head(), 0);
            }
        }
        if call.len() > 2 {
            assert!(!client.call(&call).is_error());
        }
    }
}

/// As `ZADD` takes it, without loss.
fn written(score: f64) -> Vec<u8> {
    match score {
        f64::INFINITY => "inf".into(),
        f64::NEG_INFINITY => "-inf".into(),
        _ => format!("{score:e}").into(),
    }
}

/// What elements look like.
#[derive(Debug, Clone, Copy)]
enum Style {
    Integers,
    Short,
    Long,
    Huge,
}

fn word(rng: &mut TestRng, style: Style, number: usize) -> Vec<u8> {
    let text = match style {
        // Some beyond the 16 and 32 bits of a compact set of integers.
        Style::Integers => {
            return (number as u64 * rng.random_range(1..=1 << 36))
                .to_string()
                .into();
        }
        Style::Short => format!("{number}:{}", "x".repeat(rng.random_range(0..20))),
        Style::Long => format!("{number}:{}", "long ".repeat(rng.random_range(13..500))),
        Style::Huge => format!("{number}:{}", "huge".repeat(1 << 18)),
    };
    let mut bytes = text.into_bytes();
    bytes.extend([0, 0xff, b'\r', b'\n']);
    bytes
}

fn score(rng: &mut TestRng) -> f64 {
    match rng.random_range(0..8) {
        0 => 0.0,
        1 => -0.0,
        2 => f64::INFINITY,
        3 => f64::NEG_INFINITY,
        4 => f64::from(rng.random::<i32>()),
        5 => [f64::MAX, f64::MIN_POSITIVE, 5e-324, 0.1, 1.0 / 3.0, 1e17][rng.random_range(0..6)],
        _ => Some(f64::from_bits(rng.random()))
            .filter(|s| !s.is_nan())
            .unwrap_or(0.5),
    }
}

/// A collection of each type, no two of its elements the same where that counts.
fn each_type(rng: &mut TestRng, style: Style, count: usize) -> [Made; 4] {
    let words: BTreeSet<Vec<u8>> = (0..count).map(|i| word(rng, style, i)).collect();
    let mut words: Vec<Vec<u8>> = words.into_iter().collect();
    for i in (1..words.len()).rev() {
        words.swap(i, rng.random_range(0..=i));
    }
    let mut list = words.clone();
    list.extend(words.iter().take(2).cloned());
    let value = |rng: &mut TestRng| word(rng, style, 7);
    [
        Made::List(list),
        Made::Set(words.clone()),
        Made::Hash(words.iter().map(|w| (w.clone(), value(rng))).collect()),
        Made::Zset(words.iter().map(|w| (w.clone(), score(rng))).collect()),
    ]
}

fn rng() -> TestRng {
    TestRng::deterministic_rng(RngAlgorithm::ChaCha)
}

#[test]
fn values_of_any_type_size_encoding_and_order_have_the_digest_of_the_definition() {
    let server = Server::start();
    let (mut client, mut rng) = (server.client(), rng());
    let mut encodings = BTreeSet::new();
    let sizes = [1, 2, 100, 128, 129, 512, 513, 1500];
    let many = sizes
        .into_iter()
        .flat_map(|size| [Style::Integers, Style::Short, Style::Long].map(|style| (style, size)));
    for (style, size) in many.chain([(Style::Huge, 3), (Style::Short, 100_000)]) {
        for made in each_type(&mut rng, style, size) {
            made.write(&mut client, "k");
            let encoding = client.cmd("OBJECT ENCODING k").text();
            encodings.insert((client.cmd("TYPE k").text(), encoding.clone()));
            let expected = bulk(made.digest());
            let what = || format!("{size} {style:?} {encoding}");
            assert_eq!(client.cmd("CAS.DIGEST k"), expected, "{}", what());
            assert_eq!(
                client.cmd("OBJECT ENCODING k").text(),
                encoding,
                "{}",
                what()
            );
            let reversed = made.reversed();
            reversed.write(&mut client, "k");
            if !matches!(made, Made::List(_)) {
                assert_eq!(client.cmd("CAS.DIGEST k"), expected, "reversed {}", what());
            }
            assert_eq!(
                client.cmd("CAS.DIGEST k"),
                bulk(reversed.digest()),
                "{}",
                what()
            );
        }
    }
    for kind in ["set", "hash", "zset"] {
        let met = encodings.iter().filter(|(k, _)| k == kind).count();
        assert!(met >= 2, "not every encoding was met: {encodings:?}");
    }
}

/// The server moves a growing or shrinking table to one of another size bit by bit, and until that is
/// done the elements are in two.
#[test]
fn a_table_on_its_way_to_another_size_has_the_digest_of_the_definition() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("CONFIG SET activerehashing no");
    let text = |i: usize| format!("member-{i}");
    let check = |client: &mut Client, members: &[Vec<u8>]| {
        let set = Made::Set(members.to_vec());
        let hash = Made::Hash(members.iter().map(|m| (m.clone(), m.clone())).collect());
        let zset = Made::Zset(members.iter().map(|m| (m.clone(), 1.0)).collect());
        for (key, made) in [("s", set), ("h", hash), ("z", zset)] {
            let digest = client.call(&["CAS.DIGEST", key]);
            assert_eq!(digest, bulk(made.digest()), "{key} of {}", members.len());
        }
    };
    let mut members = Vec::new();
    for i in 0..4200 {
        let one = text(i);
        client.call(&["SADD", "s", &one]);
        client.call(&["HSET", "h", &one, &one]);
        client.call(&["ZADD", "z", "1", &one]);
        members.push(one.into_bytes());
        let beyond = members.len() - (1 << members.len().ilog2());
        if members.len() > 500 && beyond < 40 {
            check(&mut client, &members);
        }
    }
    while members.len() > 10 {
        members.pop();
        let one = text(members.len());
        client.call(&["SREM", "s", &one]);
        client.call(&["HDEL", "h", &one]);
        client.call(&["ZREM", "z", &one]);
        if members.len() % 97 < 3 {
            check(&mut client, &members);
        }
    }
}

#[test]
fn fields_that_have_expired_are_no_part_of_the_value() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("HSET k a 1");
    if client.cmd("HPEXPIRE k 100000 FIELDS 1 a").is_error() {
        return not_applicable("fields expire since Redis 7.4 and Valkey 9.0");
    }
    client.cmd("DEBUG SET-ACTIVE-EXPIRE 0");
    for size in [2, 600] {
        let fields: Vec<_> = (0..size)
            .map(|i| (format!("field-{i}").into_bytes(), b"v".to_vec()))
            .collect();
        Made::Hash(fields.clone()).write(&mut client, "k");
        let whole = bulk(Made::Hash(fields.clone()).digest());
        client.cmd("HPEXPIRE k 100000000 FIELDS 1 field-1");
        assert_eq!(
            client.cmd("CAS.DIGEST k"),
            whole,
            "a time to live is no part of it"
        );
        client.cmd("HPEXPIRE k 1 FIELDS 1 field-0");
        until("the field has expired", || {
            client.cmd("HEXISTS k field-0") == int(0)
        });
        let rest = bulk(Made::Hash(fields[1..].to_vec()).digest());
        assert_eq!(client.cmd("CAS.DIGEST k"), rest, "{size} fields");
    }
}

#[test]
fn a_digest_is_a_condition_on_a_key_of_any_type() {
    let server = Server::start();
    let (mut client, mut rng) = (server.client(), rng());
    let other = "0123456789abcdef";
    for made in each_type(&mut rng, Style::Short, 5) {
        made.write(&mut client, "k");
        client.cmd("ATOMIC.STAGE stage 0 EX 100 SET 1 a");
        let digest = made.digest();
        let fill = |line: &str| line.replace("DIGEST", &digest).replace("OTHER", other);
        for (line, expected) in [
            ("CAS.SET k IFDEQ OTHER v", nil()),
            ("CAS.SET k IFDNE DIGEST v", nil()),
            ("CAS.DEL k IFDEQ OTHER", int(0)),
            ("CAS.DEL k IFDNE DIGEST", int(0)),
            ("CAS.EXPIRE k IFDEQ OTHER EX 9", int(0)),
            ("ATOMIC.REPLACE k IFDEQ OTHER SET 1 a", nil()),
            ("ATOMIC.REPLACE k IFDNE DIGEST SET 1 a", nil()),
            ("ATOMIC.COMMIT stage k IFDEQ OTHER", nil()),
        ] {
            assert_eq!(client.cmd(&fill(line)), expected, "{line}");
            assert_eq!(client.cmd("CAS.DIGEST k"), bulk(&digest), "{line}");
        }
        for (line, expected) in [
            ("CAS.SET k IFDEQ DIGEST v", ok()),
            ("CAS.SET k IFDNE OTHER v", ok()),
            ("CAS.DEL k IFDEQ DIGEST", int(1)),
            ("CAS.EXPIRE k IFDEQ DIGEST EX 9", int(1)),
            ("ATOMIC.REPLACE k IFDEQ DIGEST SET 1 a", ok()),
            ("ATOMIC.COMMIT stage k IFDEQ DIGEST", ok()),
        ] {
            made.write(&mut client, "k");
            assert_eq!(client.cmd(&fill(line)), expected, "{line}");
        }
        made.write(&mut client, "k");
        let shown = client.cmd("CAS.SET k NX v GETDIGEST");
        assert_eq!(shown, array([int(0), bulk(&digest)]));
    }
}

#[test]
fn looking_at_a_digest_disturbs_nobody() {
    let server = Server::start();
    let (mut client, mut rng) = (server.client(), rng());
    let mut observer = Observer::on(&server);
    for made in each_type(&mut rng, Style::Short, 1000) {
        made.write(&mut client, "k");
        let seen = observer.during(|| client.cmd("CAS.DIGEST k"));
        assert!(seen.is_nothing(), "{seen:?}");
    }
}
