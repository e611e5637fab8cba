//! Writers, each of which counts up a version: by compare and set, as a whole value, staged and
//! committed, and with plain `SET`; and counts what has been acknowledged and is not there.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use super::client::{Outcome, Route, Routed};
use crate::support::until;

const WRITERS: usize = 9;
/// Rounds of all writers together.
const SOME: u64 = 600;

pub struct Versions {
    stop: Arc<AtomicBool>,
    done: Arc<AtomicU64>,
    tags: Vec<String>,
    threads: Vec<JoinHandle<Writer>>,
}

struct Writer {
    tag: String,
    client: Routed,
    /// Of each kind, the version acknowledged last.
    acknowledged: [u64; 4],
    /// The greatest that was ever sent.
    sent: u64,
    /// Versions that were acknowledged and then not there.
    lost: [u64; 4],
    /// How often any were.
    occasions: u64,
    rounds: u64,
}

/// The kinds of keys, as they end.
const KINDS: [&str; 4] = ["cas", "hash", "list", "set"];
const PLAIN: usize = 3;

#[derive(Debug)]
pub struct Losses {
    /// Tag, losses by kind, occasions.
    by_tag: Vec<(String, [u64; 4], u64)>,
    rounds: u64,
    pub redirections: u64,
}

impl Losses {
    pub fn of_ours(&self) -> u64 {
        self.by_tag
            .iter()
            .flat_map(|(_, lost, _)| &lost[..PLAIN])
            .sum()
    }

    /// Tag, the most of one kind of ours, of plain SETs, and on how many occasions.
    pub fn by_tag(&self) -> impl Iterator<Item = (&str, u64, u64, u64)> {
        self.by_tag.iter().map(|(tag, lost, occasions)| {
            let most = lost[..PLAIN].iter().max().expect("some");
            (tag.as_str(), *most, lost[PLAIN], *occasions)
        })
    }
}

impl fmt::Display for Losses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} versions of each kind;", self.rounds)?;
        for (kind, name) in KINDS.iter().enumerate() {
            let lost: u64 = self.by_tag.iter().map(|(_, lost, _)| lost[kind]).sum();
            write!(f, " {lost} lost of {name},")?;
        }
        write!(f, " {} redirections", self.redirections)
    }
}

impl Versions {
    pub fn start(route: &Route) -> Versions {
        let stop = Arc::new(AtomicBool::new(false));
        let done = Arc::new(AtomicU64::new(0));
        let tags: Vec<String> = (0..WRITERS).map(|n| format!("{{tag{n}}}")).collect();
        let threads = tags.iter().map(|tag| {
            let mut writer = Writer {
                tag: tag.clone(),
                client: Routed::new(route),
                acknowledged: [0; 4],
                sent: 0,
                lost: [0; 4],
                occasions: 0,
                rounds: 0,
            };
            let (stop, done) = (Arc::clone(&stop), Arc::clone(&done));
            thread::spawn(move || {
                writer.look();
                while !stop.load(Ordering::Relaxed) {
                    writer.round();
                    done.fetch_add(1, Ordering::Relaxed);
                }
                writer.look();
                writer
            })
        });
        Versions {
            threads: threads.collect(),
            stop,
            done,
            tags,
        }
    }

    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// Waits until they have written some more.
    pub fn go_on(&self) {
        let enough = self.done.load(Ordering::Relaxed) + SOME;
        until("the writers write", || {
            assert!(!self.threads.iter().any(JoinHandle::is_finished));
            self.done.load(Ordering::Relaxed) >= enough
        });
    }

    pub fn stop(self) -> Losses {
        self.stop.store(true, Ordering::Relaxed);
        let ended = self.threads.into_iter().map(JoinHandle::join);
        let writers: Vec<Writer> = ended
            .map(|writer| writer.expect("no writer fails"))
            .collect();
        Losses {
            rounds: writers.iter().map(|writer| writer.rounds).sum(),
            redirections: writers
                .iter()
                .map(|writer| writer.client.redirections)
                .sum(),
            by_tag: writers
                .into_iter()
                .map(|w| (w.tag, w.lost, w.occasions))
                .collect(),
        }
    }
}

impl Writer {
    fn key(&self, kind: &str) -> String {
        format!("{}{kind}", self.tag)
    }

    /// One version further in every kind. After what is not answered, or not as it should be, and before
    /// it writes to another server than before, it looks what is there.
    fn round(&mut self) {
        let (now, next) = (self.sent.to_string(), (self.sent + 1).to_string());
        self.sent += 1;
        let [cas, hash, list, set] = KINDS.map(|kind| self.key(kind));
        let stage = self.key("stage");
        let calls: [(usize, &[&str]); 5] = [
            (0, &["CAS.SET", &cas, "IFEQ", &now, &next]),
            (3, &["SET", &set, &next]),
            (1, &["ATOMIC.REPLACEHASH", &hash, "version", &next]),
            (
                2,
                &[
                    "ATOMIC.STAGE",
                    &stage,
                    "0",
                    "EX",
                    "1000",
                    "LIST",
                    "1",
                    &next,
                ],
            ),
            (2, &["ATOMIC.COMMIT", &stage, &list, "COUNT", "1"]),
        ];
        for (kind, call) in calls {
            let Outcome::Reply(reply) = self.client.call(call) else {
                return self.look();
            };
            match reply.to_string().as_str() {
                ":1" => (),
                "+OK" => self.acknowledged[kind] = self.sent,
                // Another version is there, or the stage is not.
                "(nil $-1)" | "-ERR no such key" => return self.look(),
                other => panic!("{call:?}: {other}"),
            }
        }
        self.rounds += 1;
    }

    /// Counts what was acknowledged and is not there, and brings all kinds to one version again.
    fn look(&mut self) {
        while !(self.count() && self.align()) {}
    }

    /// False when the server has changed meanwhile, and it is to be done again.
    fn count(&mut self) -> bool {
        let stored = KINDS.map(|kind| self.stored(kind));
        let [Some(cas), Some(hash), Some(list), Some(set)] = stored else {
            return false;
        };
        let stored = [cas, hash, list, set];
        let mut any = 0;
        for (kind, stored) in stored.into_iter().enumerate() {
            assert!(
                stored <= self.sent,
                "{} of {}: {stored}",
                KINDS[kind],
                self.tag
            );
            let lost = self.acknowledged[kind].saturating_sub(stored);
            self.lost[kind] += lost;
            any |= u64::from(lost > 0);
            self.acknowledged[kind] = stored;
        }
        self.occasions += any;
        true
    }

    fn align(&mut self) -> bool {
        self.sent += 1;
        let text = self.sent.to_string();
        let [cas, hash, list, set] = KINDS.map(|kind| self.key(kind));
        let calls: [&[&str]; 4] = [
            &["SET", &cas, &text],
            &["ATOMIC.REPLACEHASH", &hash, "version", &text],
            &["ATOMIC.REPLACELIST", &list, &text],
            &["SET", &set, &text],
        ];
        calls.into_iter().enumerate().all(|(kind, call)| {
            let is_done =
                matches!(self.client.call(call), Outcome::Reply(reply) if !reply.is_error());
            if is_done {
                self.acknowledged[kind] = self.sent;
            }
            is_done
        })
    }

    fn stored(&mut self, kind: &str) -> Option<u64> {
        let key = self.key(kind);
        let call: &[&str] = match kind {
            "hash" => &["HGET", &key, "version"],
            "list" => &["LINDEX", &key, "0"],
            _ => &["GET", &key],
        };
        match self.client.call(call) {
            Outcome::Reply(reply) if reply.is_null() => Some(0),
            Outcome::Reply(reply) => Some(reply.text().parse().expect("a version")),
            Outcome::Unknown | Outcome::Elsewhere => None,
        }
    }
}
