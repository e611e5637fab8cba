//! The calls that are refused, found by trying.

use std::sync::OnceLock;

use proptest::test_runner::{RngAlgorithm, TestRng};

use super::distortion::distort;
use super::{grammar, keyspace};
use crate::support::{Server, Words};

/// Calls drawn for each command.
pub const DRAWN: usize = 2500;
/// Enough for the tests that repeat them in other surroundings.
const SOME: usize = 600;

#[derive(Debug, Clone)]
pub struct Refused {
    pub call: Words,
    /// The reply.
    pub text: String,
}

/// Each is refused by the keyspace that [`keyspace::fill`] makes. The same calls in each run.
pub fn all() -> &'static [Refused] {
    static ALL: OnceLock<Vec<Refused>> = OnceLock::new();
    ALL.get_or_init(|| {
        let server = Server::start();
        let mut client = server.client();
        let mut rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut refused = Vec::new();
        keyspace::fill(&mut client);
        for command in grammar::commands() {
            for _ in 0..DRAWN {
                let mut call = command.draw(&mut rng);
                distort(&mut rng, &mut call);
                let reply = client.call(&call.0);
                if reply.is_error() {
                    let text = reply.text();
                    refused.push(Refused { call, text });
                } else {
                    keyspace::fill(&mut client);
                }
            }
        }
        refused
    })
}

/// A part of them, of every command.
pub fn some() -> Vec<Refused> {
    let all = all();
    all.iter().step_by(all.len() / SOME + 1).cloned().collect()
}
