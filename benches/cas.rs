//! What a compare-and-set costs the server: ours, by hand in C, in a script, and native in Redis 8.6.
//!
//! `cargo bench --bench cas` prints Markdown for `docs/benchmarks.md`. What is measured is the processor
//! time of the server and not the clock's, and what is judged are ratios within a round, which neighbours
//! on the machine disturb less than the times themselves. Each round has servers of its own: where the
//! system happens to put a process in memory makes it some percent faster or slower for all its life.

#[path = "../tests/it/support/mod.rs"]
#[allow(
    clippy::wildcard_imports,
    reason = "in tests of its own, which are not seen as such here"
)]
mod support;

mod figures;
mod servers;

use std::time::Instant;

use figures::{Spread, processor, verdict};
use servers::Server;
use support::{Value, build_c, module_path, nil, ok};

const MODULE: &str = "redis-7.0";
const NATIVE: &str = "redis-8.6";

/// Odd, so that the median is one of them.
const ROUNDS: usize = 21;
/// Of each command in a round.
const OPERATIONS: u32 = 120_000;

/// What the key `k` holds all the time, and what it never holds.
const HELD: &str = "abcdefghijklmno1";
const OTHER: &str = "abcdefghijklmno2";

/// As one finds it in any guide.
const SCRIPT: &str = "if redis.call('GET',KEYS[1]) == ARGV[1] then \
                      return redis.call('SET',KEYS[1],ARGV[2]) end return false";

// The rows that are judged.
const SET: &str = "`SET`";
const HIT: &str = "`CAS.SET … IFEQ`, hit";
const MISS: &str = "`CAS.SET … IFEQ`, miss";
const SHORT_MISS: &str = "`CAS.SET … IFEQ`, miss by length";
const ANCHOR: &str = "the module in C, hit";
const FILTERED: &str = "`SET … IFEQ`, hit";
const EVALSHA: &str = "`EVALSHA`, hit";
const IF: &str = "`CAS.IF … THEN SET`, hit";

/// The first may take so many times what the second takes.
const WANTED: [(&str, &str, f64); 8] = [
    (IF, EVALSHA, 0.5),
    (HIT, ANCHOR, 1.0),
    (HIT, EVALSHA, 0.5),
    (HIT, SET, 1.5),
    (FILTERED, ANCHOR, 1.0),
    (FILTERED, EVALSHA, 0.5),
    (MISS, HIT, 1.0),
    (SHORT_MISS, HIT, 1.0),
];

/// A command, and what it answers every time.
struct Row {
    server: &'static str,
    name: &'static str,
    words: Vec<String>,
    reply: Value,
    /// Microseconds for one, in each round.
    times: Vec<f64>,
}

fn main() {
    // `cargo test --all-targets` runs benches too.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let begun = Instant::now();
    servers::get(&[MODULE, NATIVE]);
    let scratch = tempfile::tempdir().expect("a temporary directory");
    let anchor = build_c("benches/anchor.c", scratch.path());

    let start = || {
        [
            Server::start(MODULE, &[module_path(), &anchor], &[]),
            Server::start(NATIVE, &[], &[]),
        ]
    };
    let mut rows = rows(&start()[0]);
    for round in 0..ROUNDS {
        measure(&mut rows, &start(), round);
        eprintln!("round {} of {ROUNDS}", round + 1);
    }
    report(&rows, &start());
    println!("\nTaken in {} s.", begun.elapsed().as_secs());
}

fn rows(module: &Server) -> Vec<Row> {
    fill(module);
    let mut client = module.client();
    let script = client.call(&["SCRIPT", "LOAD", SCRIPT]).text();
    let digest = client.cmd("CAS.DIGEST k").text();
    let kib_digest = client.cmd("CAS.DIGEST kib");

    #[rustfmt::skip] // A table: one line, one row.
    let rows = [
        (MODULE, SET, format!("SET k {HELD}"), ok()),
        (MODULE, HIT, format!("CAS.SET k IFEQ {HELD} {HELD}"), ok()),
        (MODULE, ANCHOR, format!("C.CAS k IFEQ {HELD} {HELD}"), ok()),
        (MODULE, MISS, format!("CAS.SET k IFEQ {OTHER} {HELD}"), nil()),
        (MODULE, SHORT_MISS, format!("CAS.SET k IFEQ short {HELD}"), nil()),
        (MODULE, "`CAS.SET … IFDEQ`, hit", format!("CAS.SET k IFDEQ {digest} {HELD}"), ok()),
        (MODULE, FILTERED, format!("SET k {HELD} IFEQ {HELD}"), ok()),
        (MODULE, "`SET … IFDEQ`, hit", format!("SET k {HELD} IFDEQ {digest}"), ok()),
        (MODULE, IF, format!("CAS.IF 1 k IFEQ {HELD} THEN SET k {HELD}"), ok()),
        (MODULE, "`CAS.IF … THEN SET`, miss", format!("CAS.IF 1 k IFEQ {OTHER} THEN SET k {HELD}"), nil()),
        (MODULE, EVALSHA, format!("EVALSHA {script} 1 k {HELD} {HELD}"), ok()),
        (MODULE, "`CAS.DIGEST`, 1 KiB", "CAS.DIGEST kib".into(), kib_digest.clone()),
        (NATIVE, SET, format!("SET k {HELD}"), ok()),
        (NATIVE, FILTERED, format!("SET k {HELD} IFEQ {HELD}"), ok()),
        (NATIVE, "`DIGEST`, 1 KiB", "DIGEST kib".into(), kib_digest),
    ];
    let row = |(server, name, command, reply): (_, _, String, _)| Row {
        server,
        name,
        words: command.split(' ').map(String::from).collect(),
        reply,
        times: Vec::new(),
    };
    rows.into_iter().map(row).collect()
}

fn fill(server: &Server) {
    let kib = "0123456789abcdef".repeat(64);
    server.client().call(&["MSET", "k", HELD, "kib", &kib]);
}

/// One round: every row once, and another one first each time.
fn measure(rows: &mut [Row], servers: &[Server], round: usize) {
    let on = |name: &str| servers.iter().find(|s| s.name() == name).expect(name);
    servers.iter().for_each(fill);
    on(MODULE).client().call(&["SCRIPT", "LOAD", SCRIPT]);
    // In the order of the table: the first hit shows the module how it can read compact values in
    // place, and a miss costs what it costs from there on.
    for row in &*rows {
        let reply = on(row.server).client().call(&row.words);
        assert_eq!(reply, row.reply, "{:?}", row.words);
    }
    for turn in 0..rows.len() {
        let row = &mut rows[(round + turn) % rows.len()];
        row.times.push(on(row.server).time(&row.words, OPERATIONS));
    }
}

fn report(rows: &[Row], servers: &[Server]) {
    let find = |name, server| {
        let is = |row: &&Row| (row.name, row.server) == (name, server);
        rows.iter().find(is).expect("a row of the table")
    };
    let [module, native] = [0, 1].map(|i: usize| servers[i].info("server", "redis_version"));
    println!(
        "Redis {module} with the module and Redis {native} without, on {}; 16-byte values; {ROUNDS} \
         interleaved rounds of {OPERATIONS} operations by 8 clients with pipelines of 32; medians, and \
         the least and the most of all rounds.\n",
        processor()
    );
    println!("| command | server | µs per operation | × `SET` of that server |");
    println!("|---|---|---:|---:|");
    for row in rows {
        let Row { name, server, .. } = row;
        let time = Spread::of(row.times.iter().copied()).median;
        let ratio = row.ratio_to(find(SET, *server));
        println!("| {name} | {server} | {time:.3} | {ratio} |");
    }
    println!();
    for (name, other, limit) in WANTED {
        let ratio = find(name, MODULE).ratio_to(find(other, MODULE));
        let verdict = verdict(ratio.median <= limit);
        println!("- {name}: {ratio} times {other}; at most {limit:.2} is wanted: **{verdict}**.");
    }
}

impl Row {
    fn ratio_to(&self, other: &Self) -> Spread {
        Spread::of_ratios(&self.times, &other.times)
    }
}
