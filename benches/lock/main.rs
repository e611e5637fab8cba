//! What locks that wait in the server cost, and how soon they are handed over.
//!
//! `cargo bench --bench lock` prints Markdown for `docs/benchmarks.md`. Latencies are those that a client
//! sees, and are judged by those of `PING` in the same minute; work is the server's processor time.
//!
//! - `handover.rs`: from a release, or the end of a holder's time, to the answer of who is next.
//! - `contention.rs`: 50 clients and one lock, by polling and by waiting.
//! - `crowd.rs`: 10000 that wait: their memory, and what others feel of them.
//! - `pair.rs`: taking and releasing what nobody else wants.
//! - `pinned.rs`: on one processor.

#[path = "../../tests/it/support/mod.rs"]
#[allow(
    clippy::wildcard_imports,
    reason = "in tests of its own, which are not seen as such here"
)]
mod support;

#[path = "../figures/mod.rs"]
mod figures;
#[path = "../servers/mod.rs"]
mod servers;

mod contention;
mod crowd;
mod handover;
mod pair;
mod pinned;

use std::time::{Duration, Instant};

use figures::{processor, verdict};
use servers::Server;
use support::{Client, Value, module_path, until};

const SERVER: &str = "redis-7.0";

fn main() {
    // `cargo test --all-targets` runs benches too.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let begun = Instant::now();
    servers::get(&[SERVER]);
    let version = start().info("server", "redis_version");
    println!("Redis {version} with the module, on {}.\n", processor());
    handover::report();
    contention::report();
    crowd::report();
    pair::report();
    println!("\nTaken in {} s.", begun.elapsed().as_secs());
}

fn start() -> Server {
    Server::start(SERVER, &[module_path()], &[])
}

/// A measure against the limit that is wanted.
fn judge(what: &str, value: f64, wanted: &str, met: bool) {
    println!(
        "- {what}: {value:.2}; {wanted} is wanted: **{}**.",
        verdict(met)
    );
}

/// How long `act` takes, in microseconds.
fn microseconds(act: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    act();
    since(begun)
}

fn since(begun: Instant) -> f64 {
    Duration::as_secs_f64(&begun.elapsed()) * 1e6
}

/// The value that so many of a hundred do not exceed.
fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

fn until_waiting(server: &Server, count: usize) {
    until("all wait", || {
        server.info("atomic", "atomic_locks_waiting") == count.to_string()
    });
}

fn until_blocked(server: &Server, count: usize) {
    until("all are blocked", || {
        server.info("clients", "blocked_clients") == count.to_string()
    });
}

fn expect(reply: &Value, wanted: &Value) {
    assert_eq!(reply, wanted);
}

fn clients(server: &Server, count: usize) -> Vec<Client> {
    (0..count).map(|_| server.client()).collect()
}
