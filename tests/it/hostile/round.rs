//! The kinds of rounds.

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng};

use super::call;
use super::session::Session;
use crate::errors::keyspace::fill;
use crate::support::resp::encode;
use crate::support::{Client, Server, Words};

/// Calls in a round, about.
const CALLS: usize = 1000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Calls, transactions and scripts in pipelines.
    Plain,
    /// The same by the newer protocol.
    Resp3,
    /// The keys are looked at after every call: one that is refused has changed none.
    Watched,
    /// The bytes of the calls are torn: cut, doubled, overwritten.
    Torn,
    /// A few calls with very many words.
    Huge,
}

#[derive(Clone)]
pub struct Round {
    pub number: u64,
    pub kind: Kind,
    pub calls: Vec<Words>,
    torn: Vec<u8>,
}

impl Round {
    /// It follows from the two numbers, but for times to live that end about now.
    pub fn draw(seed: u64, number: u64) -> Round {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..16].copy_from_slice(&number.to_le_bytes());
        let rng = &mut TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let kind = match number % 20 {
            3 | 11 => Kind::Watched,
            7 => Kind::Torn,
            17 if number % 200 == 17 => Kind::Huge,
            even if even % 2 == 0 => Kind::Plain,
            _ => Kind::Resp3,
        };
        let calls = match kind {
            Kind::Huge => huge(rng, number),
            Kind::Watched => (0..CALLS / 4).map(|_| call::draw(rng)).collect(),
            _ => mixed(rng),
        };
        let torn = if kind == Kind::Torn {
            tear(rng, &calls)
        } else {
            Vec::new()
        };
        Round {
            number,
            kind,
            calls,
            torn,
        }
    }

    /// The same with other calls.
    pub fn with(&self, calls: Vec<Words>) -> Round {
        Round {
            calls,
            ..self.clone()
        }
    }

    /// What went wrong is returned.
    pub fn play(&self, server: &Server) -> Result<(), String> {
        let connected = Client::try_connect(server.address());
        let mut client = connected.map_err(|e| format!("nobody is there: {e}"))?;
        fill(&mut client);
        match self.kind {
            Kind::Torn => Session::on(server, false)?.play_torn(&self.torn),
            Kind::Watched => {
                // Keys expire when they are looked at, and not between two looks.
                client.cmd("DEBUG SET-ACTIVE-EXPIRE 0");
                self.play_watched(server)?;
                client.cmd("DEBUG SET-ACTIVE-EXPIRE 1");
                Ok(())
            }
            kind => {
                let mut session = Session::on(server, kind == Kind::Resp3)?;
                session.play(&self.calls, |_, _| Ok(()))
            }
        }
    }

    /// After each call: the digest of all keys, and how many keys have expired, which changes them too.
    fn play_watched(&self, server: &Server) -> Result<(), String> {
        let looks = [["DEBUG", "DIGEST"], ["INFO", "stats"]].map(Words::from);
        let mut calls = looks.to_vec();
        for call in &self.calls {
            calls.push(call.clone());
            calls.extend_from_slice(&looks);
        }
        let mut before = (Vec::new(), String::new());
        let mut now = before.clone();
        let mut refused = None;
        Session::on(server, false)?.play(&calls, |number, reply| {
            match number % 3 {
                0 => now.0 = reply.bytes().to_vec(),
                1 => now.1 = expired(&reply.text()),
                _ => {
                    refused = reply.is_error().then(|| reply.to_string());
                    return Ok(());
                }
            }
            if number % 3 == 1 {
                let is_same = now.0 == before.0 || now.1 != before.1;
                before = now.clone();
                if let Some(error) = refused.take().filter(|_| !is_same) {
                    return Err(format!(
                        "the call before was refused and changed keys: {error}"
                    ));
                }
            }
            Ok(())
        })
    }
}

fn expired(info: &str) -> String {
    let mut lines = info.lines();
    let line = lines.find(|line| line.starts_with("expired_keys:"));
    line.expect("the number of expired keys").into()
}

fn mixed(rng: &mut TestRng) -> Vec<Words> {
    let mut calls = Vec::with_capacity(CALLS);
    while calls.len() < CALLS {
        if rng.random_ratio(1, 50) {
            calls.extend(call::transaction(rng));
        } else {
            calls.push(call::draw(rng));
        }
    }
    calls
}

/// Up to the million words that servers take before 7.0.
fn huge(rng: &mut TestRng, number: u64) -> Vec<Words> {
    let words = if number % 1000 == 17 {
        1_000_000
    } else {
        100_000
    };
    (0..3).map(|_| call::huge(rng, words)).collect()
}

fn tear(rng: &mut TestRng, calls: &[Words]) -> Vec<u8> {
    let few = &calls[..calls.len().min(40)];
    let mut bytes: Vec<u8> = few.iter().flat_map(|call| encode(&call.0)).collect();
    for _ in 0..rng.random_range(1..8) {
        // Little may be there to begin with, and all of it may have been torn out.
        if bytes.is_empty() {
            break;
        }
        let at = rng.random_range(0..bytes.len());
        let end = (at + rng.random_range(0..40)).min(bytes.len());
        match rng.random_range(0..5) {
            0 => bytes[at] = rng.random(),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            3 => {
                let lengths: [&[u8]; 6] = [
                    b"\r\n$-1\r\n",
                    b"\r\n$99999999999999999999\r\n",
                    b"\r\n*2147483648\r\n",
                    b"\r\n*-2147483648\r\n",
                    b"\r\n$1048577\r\n",
                    b"*0\r\n",
                ];
                let length = lengths[rng.random_range(0..lengths.len())];
                bytes.splice(at..at, length.iter().copied());
            }
            _ => bytes.truncate(at.max(1)),
        }
    }
    bytes
}
