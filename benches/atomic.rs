//! What it costs the server to replace a hash, a set or a sorted set: by one command, by `MULTI` and a temporary key,
//! and by a script.
//!
//! `cargo bench --bench atomic` prints Markdown for `docs/benchmarks.md`. Two things are measured: the
//! processor time of the server, all its threads together, and how many replacements get done in a
//! second by clients that send them in pipelines. Judged is the latter, as a ratio within a round.

#[path = "../tests/it/support/mod.rs"]
#[allow(
    clippy::wildcard_imports,
    reason = "in tests of its own, which are not seen as such here"
)]
mod support;

mod figures;
mod servers;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use figures::{Spread, processor, verdict};
use servers::Server;
use support::{Client, module_path, resp::encode};

const SERVERS: [&str; 3] = ["redis-7.0", "redis-8.0", "valkey-9.1"];

/// Odd, so that the median is one of them.
const ROUNDS: usize = 9;

/// How much is measured at a number of elements, and what is wanted there.
struct Size {
    elements: usize,
    clients: usize,
    pipeline: usize,
    /// Batches of each client in a round.
    batches: usize,
    /// So many times what `MULTI` gets done.
    wanted: Option<f64>,
}

const fn size(elements: usize, shape: [usize; 3], wanted: Option<f64>) -> Size {
    let [clients, pipeline, batches] = shape;
    Size {
        elements,
        clients,
        pipeline,
        batches,
        wanted,
    }
}

const SIZES: [Size; 4] = [
    size(10, [4, 32, 200], Some(1.5)),
    size(100, [4, 16, 40], None),
    size(1_000, [4, 4, 25], Some(2.0)),
    size(100_000, [1, 1, 8], Some(1.3)),
];

/// A type: what it is called, the command that writes it, ours.
const TYPES: [[&str; 3]; 3] = [
    ["hash", "HSET", "ATOMIC.REPLACEHASH"],
    ["set", "SADD", "ATOMIC.REPLACESET"],
    ["sorted set", "ZADD", "ATOMIC.REPLACEZSET"],
];

/// The most elements of which sorted sets are measured: larger ones are written as ever.
const MOST_SCORES: usize = 100;

/// The ways to replace a value; the first is judged by the second.
const WAYS: [&str; 3] = ["the module", "`MULTI`", "`EVALSHA`"];

/// A script may be given more words than it can pass on at once.
fn script(write: &str) -> String {
    format!(
        "redis.call('DEL', KEYS[1]) for i = 1, #ARGV, 4000 do \
         redis.call('{write}', KEYS[1], unpack(ARGV, i, math.min(i + 3999, #ARGV))) end return true"
    )
}

/// One line of the table: a type, a size and a way on a server.
struct Row {
    server: usize,
    of: usize,
    size: &'static Size,
    way: usize,
    /// Microseconds of the server's processors for one replacement, in each round.
    times: Vec<f64>,
    /// Replacements in a second.
    rates: Vec<f64>,
}

fn main() {
    // `cargo test --all-targets` runs benches too.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let begun = Instant::now();
    servers::get(&SERVERS);
    let mut rows = Vec::new();
    let types = (0..SERVERS.len()).flat_map(|server| [0, 1, 2].map(|of| (server, of)));
    for (server, of) in types {
        let sizes = SIZES.iter();
        let sizes = sizes.filter(|size| of < 2 || size.elements <= MOST_SCORES);
        for (size, way) in sizes.flat_map(|size| [0, 1, 2].map(|way| (size, way))) {
            let (times, rates) = (Vec::new(), Vec::new());
            rows.push(Row {
                server,
                of,
                size,
                way,
                times,
                rates,
            });
        }
    }
    for round in 0..ROUNDS {
        let servers = SERVERS.map(|name| Server::start(name, &[module_path()], &[]));
        // Another one first each time.
        for turn in 0..rows.len() {
            let row = (round + turn) % rows.len();
            measure(&mut rows[row], &servers);
        }
        eprintln!("round {} of {ROUNDS}", round + 1);
    }
    report(&rows);
    println!("\nTaken in {} s.", begun.elapsed().as_secs());
}

/// The commands that replace a value once.
fn commands(row: &Row, client: &mut Client) -> Vec<Vec<String>> {
    let [name, write, ours] = TYPES[row.of];
    let element = |i: usize| match row.of {
        0 => vec![format!("field-{i}"), format!("value-{i}")],
        1 => vec![format!("member-{i}")],
        _ => vec![(i * 37 % 101).to_string(), format!("member-{i}")],
    };
    let key = format!(
        "{}:{}:{}",
        name.replace(' ', "-"),
        row.size.elements,
        row.way
    );
    let data = |head: &[&str]| {
        let head = head.iter().map(ToString::to_string);
        head.chain((0..row.size.elements).flat_map(element))
            .collect::<Vec<_>>()
    };
    let words = |line: String| line.split(' ').map(String::from).collect();
    match row.way {
        0 => vec![data(&[ours, &key])],
        1 => {
            let scratch = format!("{key}:tmp");
            vec![
                words("MULTI".into()),
                words(format!("DEL {scratch}")),
                data(&[write, &scratch]),
                words(format!("RENAME {scratch} {key}")),
                words("EXEC".into()),
            ]
        }
        _ => {
            let script = client.call(&["SCRIPT", "LOAD", &script(write)]).text();
            vec![data(&["EVALSHA", &script, "1", &key])]
        }
    }
}

fn measure(row: &mut Row, servers: &[Server]) {
    let server = &servers[row.server];
    let size = row.size;
    let mut client = server.client();
    let commands = commands(row, &mut client);
    // The second one replaces, and is answered as all that follow.
    let mut answered = 0;
    for _ in 0..2 {
        answered = commands.iter().map(|words| client.raw(words).len()).sum();
    }
    let one: Vec<u8> = commands.iter().flat_map(|words| encode(words)).collect();
    let batch = one.repeat(size.pipeline);
    let mut streams: Vec<TcpStream> = (0..size.clients)
        .map(|_| TcpStream::connect(server.address()).expect("a connection"))
        .collect();
    let mut replies = vec![0; answered * size.pipeline];
    let mut elapsed = 0.0;
    let taken = server.time_of(|| {
        let begun = Instant::now();
        for _ in 0..size.batches {
            for stream in &mut streams {
                stream.write_all(&batch).expect("the server reads");
            }
            for stream in &mut streams {
                stream.read_exact(&mut replies).expect("the server answers");
            }
        }
        elapsed = begun.elapsed().as_secs_f64();
    });
    let count = size.clients * size.pipeline * size.batches;
    let count = f64::from(u32::try_from(count).expect("some thousands"));
    row.times.push(taken * 1e6 / count);
    row.rates.push(count / elapsed);
    client.cmd("FLUSHALL");
}

fn report(rows: &[Row]) {
    println!(
        "{} with the module, on {}; {ROUNDS} interleaved rounds; medians, and the least and the most of \
         all rounds. A replacement is of as many elements as it replaces; \"server\" is processor time of \
         all its threads.\n",
        SERVERS.join(", "),
        processor()
    );
    println!(
        "| server | | elements | the module: server, µs | `MULTI`: server, µs | `EVALSHA`: server, µs \
         | throughput, × `MULTI` | throughput, × `EVALSHA` | |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|---:|---|");
    for ways in rows.chunks(WAYS.len()) {
        let [ours, multi, script] = ways else {
            unreachable!("a row for each way")
        };
        let time = |row: &Row| Spread::of(row.times.iter().copied()).median;
        let ratio = Spread::of_ratios(&ours.rates, &multi.rates);
        let wanted = ours.size.wanted.filter(|_| ours.of < 2);
        let verdict = wanted.map_or_else(String::new, |wanted| {
            format!("{wanted} wanted: **{}**", verdict(ratio.median >= wanted))
        });
        println!(
            "| {} | {} | {} | {:.2} | {:.2} | {:.2} | {ratio} | {} | {verdict} |",
            SERVERS[ours.server],
            TYPES[ours.of][0],
            ours.size.elements,
            time(ours),
            time(multi),
            time(script),
            Spread::of_ratios(&ours.rates, &script.rates),
        );
    }
}
