//! Nobody ever sees a missing, an old or a half value: readers hammer a key while it is replaced.
//!
//! `GAPS_SECONDS` says for how long, 30 by default. `make demo` shows the same as a table.

pub mod hammer;
pub mod value;

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use crate::support::*;
use hammer::{Hammer, Strategy, Tally};
use value::Kind;

fn time() -> Duration {
    let seconds = std::env::var("GAPS_SECONDS").map_or(30, |text| text.parse().expect("seconds"));
    Duration::from_secs(seconds)
}

fn hammer(kind: Kind, strategy: Strategy, writes_to: SocketAddr, reads_from: SocketAddr) -> Hammer {
    Hammer {
        kind,
        strategy,
        writers: 1,
        readers: 2,
        writes_to,
        reads_from,
        time: time(),
    }
}

/// All four types at once.
fn assert_clean(strategy: Strategy, writes_to: SocketAddr, reads_from: SocketAddr) {
    thread::scope(|scope| {
        for kind in Kind::ALL {
            scope.spawn(move || {
                let tally = hammer(kind, strategy, writes_to, reads_from).run(|_, _| ());
                assert!(tally.reads > 0, "{kind:?}: nobody read anything");
                assert!(tally.is_clean(), "{kind:?}: {tally:?}");
            });
        }
    });
}

#[test]
fn a_replacement_is_never_seen_half_done() {
    let server = Server::start();
    assert_clean(Strategy::Atomic, server.address(), server.address());
}

#[test]
fn a_replacement_in_a_transaction_is_never_seen_half_done() {
    let server = Server::start();
    assert_clean(Strategy::AtomicInMulti, server.address(), server.address());
}

#[test]
fn a_replacement_is_never_seen_half_done_on_a_replica_without_the_module() {
    let primary = Server::start();
    let replica = Server::builder()
        .without_module()
        .replica_of(&primary)
        .start();
    assert_clean(Strategy::Atomic, primary.address(), replica.address());
}

/// The proof that the harness sees what it looks for.
fn naive(strategy: Strategy, writers: u64) -> Tally {
    let server = Server::start();
    let run = Hammer {
        writers,
        time: time().min(Duration::from_secs(3)),
        ..hammer(Kind::Hash, strategy, server.address(), server.address())
    };
    run.run(|_, _| ())
}

#[test]
fn deleting_before_writing_leaves_gaps() {
    let tally = naive(Strategy::DeleteThenWrite, 1);
    assert!(tally.gaps > 0, "{tally:?}");
}

#[test]
fn merging_leaves_stale_fields() {
    let tally = naive(Strategy::Merge, 1);
    assert!(tally.stale > 0, "{tally:?}");
}

#[test]
fn racing_writers_with_one_temporary_key_mix_their_values() {
    let tally = naive(Strategy::SharedTemporary, 2);
    assert!(tally.stale + tally.mixed > 0, "{tally:?}");
}
