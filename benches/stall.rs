//! How long another client waits for its PING while a huge hash is replaced or uploaded.
//!
//! `cargo bench --bench stall` prints Markdown for `docs/benchmarks.md` and draws `docs/stall.svg`. One
//! client does what is measured, another sends PING after PING all the while, to the primary and to a
//! replica that has no module. What counts is the PING that took longest.

#[path = "../tests/it/support/mod.rs"]
#[allow(
    clippy::wildcard_imports,
    reason = "in tests of its own, which are not seen as such here"
)]
mod support;

mod figures;
mod servers;

use std::fmt::Write;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use figures::chart::{Bar, svg};
use figures::{Spread, processor, verdict};
use servers::{Server, project};
use support::{Client, module_path, ok, until};

const SERVERS: [&str; 2] = ["redis-7.0", "valkey-9.1"];

const FIELDS: usize = 500_000;
const PIECE: usize = 1_000;
/// Odd, so that the median is one of them.
const ROUNDS: usize = 5;

/// Old values are freed after the reply: so long is watched on.
const AFTERWARDS: Duration = Duration::from_millis(300);
/// Between two PINGs, so that those who watch leave the processors to those who work.
const BETWEEN: Duration = Duration::from_micros(100);

const IDLE: &str = "nothing";
const UPLOAD: &str = "`ATOMIC.STAGE`, 1,000 fields each";
const COMMIT: &str = "`ATOMIC.COMMIT` over 500,000 fields";
const RENAME: &str = "`RENAME` over 500,000 fields";
const HSET: &str = "`HSET` of 500,000 fields";

/// What is done meanwhile, and how many milliseconds a PING may take then.
const ACTS: [(&str, Option<f64>); 5] = [
    (IDLE, None),
    (COMMIT, Some(2.0)),
    (RENAME, None),
    (UPLOAD, Some(5.0)),
    (HSET, None),
];

/// The longest PINGs, in milliseconds, of each round: on the primary and on the replica.
type Longest = [Vec<f64>; 2];

fn main() {
    // `cargo test --all-targets` runs benches too.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let begun = Instant::now();
    servers::get(&SERVERS);
    let mut all = SERVERS.map(|_| ACTS.map(|_| Longest::default()));
    for round in 0..ROUNDS {
        for (name, found) in SERVERS.iter().zip(&mut all) {
            measure(name, found);
        }
        eprintln!("round {} of {ROUNDS}", round + 1);
    }
    report(&all);
    draw(&all[0]);
    println!("\nTaken in {} s.", begun.elapsed().as_secs());
}

/// A primary with the module and a replica without.
struct Pair([Server; 2]);

impl Pair {
    fn start(name: &'static str) -> Self {
        let load = format!("loadmodule {}\n", module_path());
        let sync = "repl-diskless-sync-delay 0\nclient-output-buffer-limit replica 0 0 0\n";
        let primary = Server::configured(name, &(load + sync), &[]);
        let address = primary.address();
        let follow = format!("replicaof {} {}\n", address.ip(), address.port());
        let replica = Server::configured(name, &follow, &[]);
        let is_linked = || replica.info("replication", "master_link_status") == "up";
        until("the replica follows", is_linked);
        Self([primary, replica])
    }

    fn client(&self) -> Client {
        self.0[0].client()
    }

    /// The longest PING on each of the two while `act` runs, in milliseconds.
    fn longest_during(&self, act: impl FnOnce()) -> [f64; 2] {
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let watch = |server: &Server| longest_ping(&mut server.client(), &over);
            let watchers = self
                .0
                .each_ref()
                .map(|server| scope.spawn(move || watch(server)));
            act();
            self.client().cmd("WAIT 1 0");
            std::thread::sleep(AFTERWARDS);
            over.store(true, Ordering::Relaxed);
            watchers.map(|watcher| watcher.join().expect("it watches"))
        })
    }
}

fn longest_ping(client: &mut Client, over: &AtomicBool) -> f64 {
    let mut longest = Duration::ZERO;
    while !over.load(Ordering::Relaxed) {
        let begun = Instant::now();
        client.cmd("PING");
        longest = longest.max(begun.elapsed());
        std::thread::sleep(BETWEEN);
    }
    longest.as_secs_f64() * 1e3
}

fn fields(range: Range<usize>) -> impl Iterator<Item = String> {
    range.flat_map(|i| [format!("field-{i}"), format!("value-{i}")])
}

fn words(head: &str, range: Range<usize>) -> Vec<String> {
    head.split(' ')
        .map(String::from)
        .chain(fields(range))
        .collect()
}

/// All pieces of a hash.
fn pieces(head: impl Fn(usize) -> String) -> Vec<Vec<String>> {
    (0..FIELDS)
        .step_by(PIECE)
        .map(|at| words(&head(at), at..at + PIECE))
        .collect()
}

fn send(client: &mut Client, commands: &[Vec<String>]) {
    for command in commands {
        let reply = client.call(command);
        assert!(!reply.is_error(), "{reply}");
    }
}

fn measure(name: &'static str, found: &mut [Longest; ACTS.len()]) {
    let pair = Pair::start(name);
    let mut client = pair.client();
    let mut note = |act: &str, longest: [f64; 2]| {
        let (_, place) = ACTS
            .iter()
            .zip(&mut *found)
            .find(|((name, _), _)| *name == act)
            .expect(act);
        for (all, longest) in place.iter_mut().zip(longest) {
            all.push(longest);
        }
    };
    let native = |key: &str| pieces(|_| format!("HSET {key}"));
    send(&mut client, &native("key"));
    note(
        IDLE,
        pair.longest_during(|| std::thread::sleep(Duration::from_millis(500))),
    );
    let staged = pieces(|at| format!("ATOMIC.STAGE stage {at} EX 600 HASH {PIECE}"));
    note(UPLOAD, pair.longest_during(|| send(&mut client, &staged)));
    let commit = || assert_eq!(pair.client().cmd("ATOMIC.COMMIT stage key"), ok());
    note(COMMIT, pair.longest_during(commit));
    send(&mut client, &native("key:tmp"));
    let rename = || assert_eq!(pair.client().cmd("RENAME key:tmp key"), ok());
    note(RENAME, pair.longest_during(rename));
    let huge = [words("HSET huge", 0..FIELDS)];
    note(HSET, pair.longest_during(|| send(&mut client, &huge)));
}

fn report(all: &[[Longest; ACTS.len()]; SERVERS.len()]) {
    println!(
        "The longest PING of another client, in milliseconds, on the primary and on a replica without the \
         module, on {}: median of {ROUNDS} rounds, and the least and the most. A hash of {FIELDS} \
         fields.\n",
        processor()
    );
    println!("| meanwhile | server | primary | replica | |");
    println!("|---|---|---:|---:|---|");
    for (server, found) in SERVERS.iter().zip(all) {
        for ((act, wanted), longest) in ACTS.iter().zip(found) {
            let [primary, replica] = longest
                .each_ref()
                .map(|all| Spread::of(all.iter().copied()));
            let verdict = wanted.map_or_else(String::new, |wanted| {
                let met = primary.median.max(replica.median) <= wanted;
                format!("at most {wanted} wanted: **{}**", verdict(met))
            });
            println!("| {act} | {server} | {primary} | {replica} | {verdict} |");
        }
    }
}

/// Draws what the primary of the first server showed.
fn draw(found: &[Longest; ACTS.len()]) {
    let bars = ACTS
        .iter()
        .zip(found)
        .skip(1)
        .map(|((act, _), [primary, _])| Bar {
            label: act.replace('`', ""),
            value: Spread::of(primary.iter().copied()).median,
            ours: [UPLOAD, COMMIT].contains(act),
        });
    let mut title = String::new();
    write!(title, "Longest PING of another client on {}", SERVERS[0]).expect("a string");
    let chart = svg(&title, "ms", [0.1, 1000.0], &bars.collect::<Vec<_>>());
    std::fs::write(project("docs/stall.svg"), chart).expect("docs/stall.svg");
}
