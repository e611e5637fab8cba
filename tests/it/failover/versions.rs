//! Writers, each of which counts up a version in keys of every kind, and counts what has been
//! acknowledged and is not there.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use super::client::{Outcome, Route, Routed};
use super::kinds::{KINDS, Kinds, PLAIN};
use crate::support::{Value, until};

const WRITERS: usize = 9;
/// Rounds of all writers together.
const SOME: u64 = 600;

pub struct Versions {
    stop: Arc<AtomicBool>,
    done: Arc<AtomicU64>,
    tags: Vec<String>,
    threads: Vec<JoinHandle<Writer>>,
}

type Counts = [u64; KINDS.len()];

struct Writer {
    kinds: Kinds,
    client: Routed,
    /// Of each kind, the version acknowledged last.
    acknowledged: Counts,
    /// The greatest that was ever sent.
    sent: u64,
    /// Versions that were acknowledged and then not there.
    lost: Counts,
    /// How often any were.
    occasions: u64,
    rounds: u64,
    /// Refusals by a condition that was to be true, and numbers that were not the next.
    surprises: u64,
}

#[derive(Debug)]
pub struct Losses {
    /// Tag, losses by kind, occasions.
    by_tag: Vec<(String, Counts, u64)>,
    rounds: u64,
    pub redirections: u64,
    pub surprises: u64,
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
        write!(
            f,
            " {} redirections, {} surprises",
            self.redirections, self.surprises
        )
    }
}

impl Versions {
    pub fn start(route: &Route, with_guarded: bool) -> Versions {
        let stop = Arc::new(AtomicBool::new(false));
        let done = Arc::new(AtomicU64::new(0));
        let tags: Vec<String> = (0..WRITERS).map(|n| format!("{{tag{n}}}")).collect();
        let threads = tags.iter().map(|tag| {
            let mut writer = Writer {
                kinds: Kinds::new(tag, with_guarded),
                client: Routed::new(route),
                acknowledged: Counts::default(),
                sent: 0,
                lost: Counts::default(),
                occasions: 0,
                rounds: 0,
                surprises: 0,
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
            surprises: writers.iter().map(|writer| writer.surprises).sum(),
            by_tag: writers
                .into_iter()
                .map(|w| (w.kinds.tag().into(), w.lost, w.occasions))
                .collect(),
        }
    }
}

impl Writer {
    /// One version further in every kind. After what is not answered, or not as it should be, and before
    /// it writes to another server than before, it looks what is there.
    fn round(&mut self) {
        let now = self.sent;
        self.sent += 1;
        for call in self.kinds.round(now, self.sent) {
            let Some(reply) = self.call(&call.line) else {
                return self.look();
            };
            if reply.to_string() != call.wanted {
                // Another version is there, or the stage is not.
                let may_be = !reply.is_error() || reply.text() == "ERR no such key";
                assert!(may_be, "{}: {reply}", call.line);
                self.surprises += 1;
                return self.look();
            }
            if let Some(kind) = call.acknowledges {
                self.acknowledged[kind] = self.sent;
            }
        }
        self.rounds += 1;
    }

    /// Counts what was acknowledged and is not there, and brings all kinds to one version again.
    fn look(&mut self) {
        until("the versions are one again", || {
            self.count().is_some() && self.align().is_some()
        });
    }

    /// `None` when the server has changed meanwhile, and it is to be done again.
    fn count(&mut self) -> Option<()> {
        let mut stored = Counts::default();
        for (kind, stored) in KINDS.iter().zip(&mut stored) {
            *stored = self.stored(&self.kinds.read(kind))?;
        }
        let twin = self.stored(&self.kinds.read_twin())?;
        let txn = KINDS.iter().position(|kind| *kind == "txn");
        assert_eq!(stored[txn.expect("a kind")], twin, "half a transaction");
        let mut any = false;
        for (kind, stored) in stored.into_iter().enumerate() {
            let of = || format!("{} of {}", KINDS[kind], self.kinds.tag());
            assert!(stored <= self.sent, "{}: {stored}", of());
            let lost = self.acknowledged[kind].saturating_sub(stored);
            self.lost[kind] += lost;
            any |= lost > 0;
            self.acknowledged[kind] = stored;
        }
        self.occasions += u64::from(any);
        Some(())
    }

    fn align(&mut self) -> Option<()> {
        self.sent += 1;
        for call in self.kinds.align(self.sent) {
            let reply = self.call(&call.line)?.to_string();
            assert_eq!(reply, call.wanted, "{}", call.line);
            if let Some(kind) = call.acknowledges {
                self.acknowledged[kind] = self.sent;
            }
        }
        Some(())
    }

    fn stored(&mut self, read: &str) -> Option<u64> {
        let reply = self.call(read)?;
        let version = |reply: Value| reply.text().parse().expect("a version");
        Some(if reply.is_null() { 0 } else { version(reply) })
    }

    /// `None` when nobody knows what became of it, or the next goes to another server.
    fn call(&mut self, line: &str) -> Option<Value> {
        match self.client.call(&line.split(' ').collect::<Vec<_>>()) {
            Outcome::Reply(reply) => Some(reply),
            Outcome::Unknown | Outcome::Elsewhere => None,
        }
    }
}
