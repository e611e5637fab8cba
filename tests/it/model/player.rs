//! Plays sequences of calls on a server and on the model, and compares.

use std::cell::RefCell;
use std::fmt::Write;
use std::io;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use super::Call;
use super::data::KEYS;
use super::keyspace::{Entry, Held, Keyspace, as_value, now};
use crate::support::escape::escape;
use crate::support::{Client, Server, Value, Words};

const LONGEST: usize = 40;
/// The ends of time in the alphabet lie further apart.
const CLOCK_TOLERANCE_MS: i64 = 20_000;

/// So many sequences. Panics with the shortest that fails.
pub fn play<C: Call>(sequences: u32, call: impl Strategy<Value = C>) {
    let seed: u64 = std::env::var("IT_SEED").map_or(1, |seed| seed.parse().expect("a number"));
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases: sequences,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let server = RefCell::new(Server::start());
    let found = TestRunner::new_with_rng(config, rng).run(&vec(call, 1..LONGEST), |calls| {
        match sequence(&server.borrow(), &calls) {
            Ok(None) => Ok(()),
            Ok(Some(difference)) => Err(TestCaseError::fail(difference)),
            Err(lost) => {
                // The next, shorter sequence finds it alive.
                server.borrow_mut().kill9();
                server.borrow_mut().restart();
                Err(TestCaseError::fail(format!("connection lost: {lost}")))
            }
        }
    });
    match found {
        Ok(()) => (),
        Err(TestError::Fail(difference, _)) => panic!("IT_SEED={seed}: {difference}"),
        Err(aborted) => panic!("IT_SEED={seed}: {aborted}"),
    }
}

/// The first difference, if there is one.
fn sequence<C: Call>(server: &Server, calls: &[C]) -> io::Result<Option<String>> {
    let mut client = server.client3();
    client.try_call(&["FLUSHALL"])?;
    let mut keyspace = Keyspace::default();
    let mut sent = String::new();
    for call in calls {
        let words = call.words(&keyspace);
        let Some(wanted) = call.run(&mut keyspace) else {
            continue;
        };
        let (wanted, got) = (as_value(wanted), client.try_call(&words)?);
        writeln!(sent, "{}", Words(words)).expect("a string takes all");
        if got != wanted {
            return Ok(Some(format!("want {wanted} got {got} after\n{sent}")));
        }
        for key in KEYS {
            let entry = keyspace.0.get(key);
            if let Some(difference) = difference(&mut client, key, entry)? {
                return Ok(Some(format!("{}: {difference} after\n{sent}", escape(key))));
            }
        }
    }
    Ok(None)
}

fn difference(
    client: &mut Client,
    key: &[u8],
    entry: Option<&Entry>,
) -> io::Result<Option<String>> {
    let mut ask = |name: &[u8]| client.try_call(&[name, key]);
    let (kind, value, left) = (ask(b"TYPE")?.text(), ask(b"GET")?, ask(b"PTTL")?.number());
    let same = match entry.map(|entry| &entry.held) {
        None => kind == "none",
        Some(Held::Text(text)) => value == Value::Bulk(text.clone()),
        Some(Held::Other(wanted)) => kind == *wanted,
    };
    let in_time = match entry.and_then(|entry| entry.end) {
        None => left < 0,
        Some(end) => left >= 0 && (left + now() - end).abs() < CLOCK_TOLERANCE_MS,
    };
    let got = format!("want {entry:?} got {kind} {value}, expiring in {left}");
    Ok((!same || !in_time).then_some(got))
}
