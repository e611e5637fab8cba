//! The digest of a string is that of Redis 8.6's own `DIGEST`, which runs beside the server under test,
//! and that of the crate `xxhash-rust`, for strings of any length. Those of collections are in
//! `collections.rs`.

mod collections;
#[path = "../../../examples/digest/definition.rs"]
pub mod definition;
pub mod elsewhere;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng};

use crate::support::{Client, Server, array, bulk, int, ok};
use elsewhere::Elsewhere;

const MEBIBYTE: usize = 1 << 20;

/// The server under test, and the one that knows.
struct Both {
    _server: Server,
    _oracle: Elsewhere,
    ours: Client,
    native: Client,
    /// The same bytes in each run.
    rng: TestRng,
}

fn both() -> Both {
    let server = Server::start();
    let oracle = Elsewhere::start("redis-8.6", None);
    Both {
        ours: server.client(),
        native: oracle.client(),
        _server: server,
        _oracle: oracle,
        rng: TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    }
}

impl Both {
    fn random(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }

    /// Sends a command to both.
    fn cmd(&mut self, words: &[&[u8]]) {
        self.native.call(words);
        assert!(!self.ours.call(words).is_error());
    }

    /// Compares all the ways to a digest of what `k` holds.
    fn compare(&mut self, what: &str) {
        let value = self.native.cmd("GET k");
        let native = self.native.cmd("DIGEST k");
        let computed = definition::of_string(value.bytes());
        assert_eq!(native, bulk(computed), "xxhash-rust: {what}");
        assert_eq!(self.ours.cmd("CAS.DIGEST k"), native, "CAS.DIGEST: {what}");
        assert_eq!(self.ours.cmd("DIGEST k"), native, "DIGEST: {what}");
        assert_eq!(
            self.ours.cmd("CAS.GET k"),
            array([native.clone(), value]),
            "CAS.GET: {what}"
        );
        let shown = self.ours.cmd("CAS.SET k NX x GETDIGEST");
        assert_eq!(shown, array([int(0), native]), "GETDIGEST: {what}");
    }
}

#[test]
fn every_length_up_to_300_has_the_native_digest() {
    let mut both = both();
    for length in 0..=300 {
        let value = both.random(length);
        both.cmd(&[b"SET", b"k", &value]);
        both.compare(&format!("{length} bytes"));
    }
}

#[test]
fn every_size_up_to_a_mebibyte_has_the_native_digest() {
    let mut both = both();
    let mut sizes = vec![MEBIBYTE - 1, MEBIBYTE];
    for _ in 0..40 {
        let below = 1 << both.rng.random_range(9..=20);
        sizes.push(both.rng.random_range(301..below));
    }
    for size in sizes {
        let value = both.random(size);
        both.cmd(&[b"SET", b"k", &value]);
        both.compare(&format!("{size} bytes"));
    }
}

#[test]
fn an_integer_has_the_native_digest() {
    let mut both = both();
    let mut numbers = vec![0, 1, -1, 9, 10, 9999, 10000, i64::MAX, i64::MIN];
    for _ in 0..200 {
        let bits = both.rng.random_range(0..64);
        numbers.push(both.rng.random::<i64>() >> bits);
    }
    for number in numbers {
        both.cmd(&[b"SET", b"k", number.to_string().as_bytes()]);
        both.compare(&number.to_string());
    }
}

#[test]
fn text_that_is_nearly_an_integer_has_the_native_digest() {
    let mut both = both();
    for text in [
        "-",
        "+1",
        "01",
        "-0",
        " 1",
        "1 ",
        "1.0",
        "1e3",
        "9223372036854775808",
        "-9223372036854775809",
        "00000000000000000000",
    ] {
        both.cmd(&[b"SET", b"k", text.as_bytes()]);
        both.compare(text);
    }
}

#[test]
fn a_string_that_other_commands_made_has_the_native_digest() {
    let mut both = both();
    for command in [
        "APPEND k 1",
        "APPEND k 2",
        "INCR k",
        "INCRBYFLOAT k 0.5",
        "APPEND k abc",
        "SETRANGE k 60 x",
        "SETRANGE k 200 y",
        "SETBIT k 3 1",
        "SETBIT k 70000 1",
        "DEL k",
        "PFADD k a b c",
        "BITOP NOT k k",
    ] {
        let words: Vec<&[u8]> = command.split(' ').map(str::as_bytes).collect();
        both.cmd(&words);
        if command != "DEL k" {
            both.compare(command);
        }
    }
}

#[test]
fn a_digest_from_one_server_is_a_condition_on_the_other() {
    let mut both = both();
    for length in [0, 1, 44, 45, 128, 129, 5000] {
        let value = both.random(length);
        both.cmd(&[b"SET", b"k", &value]);
        let (ours, native) = (both.ours.cmd("CAS.DIGEST k"), both.native.cmd("DIGEST k"));
        let set = |name: &'static str, digest: &str| -> Vec<String> {
            let words = match name {
                "SET" => vec!["SET", "k", "new", "IFDEQ", digest],
                _ => vec![name, "k", "IFDEQ", digest, "new"],
            };
            words.into_iter().map(String::from).collect()
        };
        assert_eq!(both.native.call(&set("SET", &ours.text())), ok());
        assert_eq!(both.ours.call(&set("CAS.SET", &native.text())), ok());
        both.cmd(&[b"SET", b"k", &value]);
        assert_eq!(both.ours.call(&set("SET", &native.text())), ok());
    }
}
