//! A live table: what readers see while a hash is replaced, by each of the ways to do it.
//!
//!     cargo run --release --example gaps -- <port> [<seconds per line>]
//!
//! Needs a server with the module on 127.0.0.1:<port>; works on keys `gaps:*`, which it deletes.

use std::io::{IsTerminal, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

#[path = "../tests/it/gaps/hammer.rs"]
#[allow(dead_code, reason = "the tests use all of it")]
mod hammer;
#[path = "../tests/it/support/mod.rs"]
mod support;
#[path = "../tests/it/gaps/value.rs"]
#[allow(dead_code, reason = "the tests use all of it")]
mod value;

use hammer::{Hammer, Strategy, Tally};
use support::Client;
use value::Kind;

const LINES: [(&str, Strategy, u64); 4] = [
    ("DEL, then HSET", Strategy::DeleteThenWrite, 1),
    ("HSET over the old value", Strategy::Merge, 1),
    (
        "RENAME, 2 writers, 1 temporary key",
        Strategy::SharedTemporary,
        2,
    ),
    ("ATOMIC.REPLACEHASH, 2 writers", Strategy::Atomic, 2),
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let port: u16 = arguments
        .next()
        .and_then(|port| port.parse().ok())
        .expect("the port of a server with the module");
    let seconds: u64 = arguments.next().map_or(3, |s| s.parse().expect("seconds"));
    let address: SocketAddr = (Ipv4Addr::LOCALHOST, port).into();

    println!(
        "{:36} {:>9} {:>9} {:>9} {:>9}",
        "strategy", "reads", "gaps", "stale", "mixed"
    );
    for (name, strategy, writers) in LINES {
        let run = Hammer {
            kind: Kind::Hash,
            strategy,
            writers,
            readers: 2,
            writes_to: address,
            reads_from: address,
            time: Duration::from_secs(seconds),
        };
        let tally = run.run(|done, tally| progress(name, done, tally));
        println!("{}", row(name, tally));
    }
    let mut client = Client::connect(address);
    for (_, strategy, _) in LINES {
        client.call(&[
            "DEL",
            &format!("gaps:Hash:{strategy:?}"),
            &format!("gaps:Hash:{strategy:?}:tmp"),
        ]);
    }
}

fn row(name: &str, tally: Tally) -> String {
    let Tally {
        reads,
        gaps,
        stale,
        mixed,
    } = tally;
    format!("{name:36} {reads:>9} {gaps:>9} {stale:>9} {mixed:>9}")
}

/// On a terminal, the line as it grows, with a bar that is wiped at the end; `done` is in percent.
fn progress(name: &str, done: usize, tally: Tally) {
    const WIDTH: usize = 20;
    let mut out = std::io::stdout();
    if !out.is_terminal() {
        return;
    }
    let full = WIDTH * done / 100;
    let bar = format!("{}{}", "█".repeat(full), "░".repeat(WIDTH - full));
    let line = row(name, tally);
    if done < 100 {
        let _ = write!(out, "\r{line}  {bar}");
    } else {
        let _ = write!(out, "\r\x1b[2K");
    }
    let _ = out.flush();
}
