//! What a digest costs the server: ours against the native one of Redis 8.6, and against reading the value
//! and hashing it in the client.
//!
//! `cargo bench --bench digest` prints Markdown for `docs/benchmarks.md`: see `benches/cas.rs` for how it
//! measures and why.

#[path = "../tests/it/support/mod.rs"]
#[allow(
    clippy::wildcard_imports,
    reason = "in tests of its own, which are not seen as such here"
)]
mod support;

mod servers;

use std::time::Instant;

use servers::Server;
use support::module_path;
use xxhash_rust::xxh3::xxh3_64;

const MODULE: &str = "redis-7.0";
const NATIVE: &str = "redis-8.6";
const ROUNDS: usize = 7;
const FIELDS: usize = 100_000;

/// A size of strings, and how many digests of them there are in a round.
const SIZES: [(&str, usize, u32); 3] = [
    ("1 KiB", 1 << 10, 100_000),
    ("64 KiB", 1 << 16, 20_000),
    ("10 MiB", 10 << 20, 300),
];

/// Native may take so many times less for each size.
const WANTED: [f64; 3] = [1.0, 1.0, 0.5];

fn main() {
    // `cargo test --all-targets` runs benches too.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    servers::get(&[MODULE, NATIVE]);
    let mut strings = vec![Vec::new(); SIZES.len()];
    let mut hashes = Vec::new();
    for round in 0..ROUNDS {
        let servers = [
            Server::start(MODULE, &[module_path()], &[]),
            Server::start(NATIVE, &[], &[]),
        ];
        servers.iter().for_each(fill);
        for (size, times) in SIZES.iter().zip(&mut strings) {
            times.push(measure(&servers, size));
        }
        hashes.push(measure_hash(&servers[0]));
        eprintln!("round {} of {ROUNDS}", round + 1);
    }
    report(&strings, &hashes);
}

fn fill(server: &Server) {
    let mut client = server.client();
    for (name, length, _) in SIZES {
        let value: Vec<u8> = b"0123456789abcdef".repeat(length / 16);
        client.call(&[b"SET".as_slice(), key(name).as_bytes(), &value]);
    }
    for some in (0..FIELDS).collect::<Vec<_>>().chunks(1000) {
        let pairs = some
            .iter()
            .flat_map(|i| [format!("field-{i}"), format!("value-{i}")]);
        let words: Vec<String> = ["HSET".into(), "hash".into()]
            .into_iter()
            .chain(pairs)
            .collect();
        client.call(&words);
    }
}

fn key(size: &str) -> String {
    size.replace(' ', "")
}

/// Microseconds for one digest: ours, the native one, and `GET` with the hashing, by the clock and not the
/// server's processor.
fn measure(servers: &[Server; 2], &(name, _, count): &(&'static str, usize, u32)) -> [f64; 4] {
    let words = |command: &str| vec![command.to_owned(), key(name)];
    let ours = servers[0].time(&words("CAS.DIGEST"), count);
    let native = servers[1].time(&words("DIGEST"), count);
    let mut client = servers[0].client();
    let mut clock = |act: &mut dyn FnMut(&mut support::Client)| {
        let (times, begin) = ((count / 20).clamp(5, 1000), Instant::now());
        (0..times).for_each(|_| act(&mut client));
        begin.elapsed().as_secs_f64() * 1e6 / f64::from(times)
    };
    let (ask, get) = (words("CAS.DIGEST"), words("GET"));
    let asked = clock(&mut |client| drop(client.call(&ask)));
    let read = clock(&mut |client| {
        std::hint::black_box(xxh3_64(client.call(&get).bytes()));
    });
    [ours, native, asked, read]
}

/// Milliseconds in the command, as `INFO commandstats` has them: of a `CAS.DIGEST` of a hash, and of an
/// `HGETALL`.
fn measure_hash(server: &Server) -> [f64; 2] {
    ["cas.digest", "hgetall"].map(|command| {
        let mut client = server.client();
        client.cmd("CONFIG RESETSTAT");
        client.call(&[command, "hash"]);
        let stats = server.info("commandstats", &format!("cmdstat_{command}"));
        let (_, rest) = stats.split_once("usec=").expect("usec=");
        let usec = rest.split(',').next().expect("a number");
        usec.parse::<f64>().expect("a number") / 1e3
    })
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn report(strings: &[Vec<[f64; 4]>], hashes: &[[f64; 2]]) {
    println!("| string | `CAS.DIGEST`, {MODULE}, µs of the server | `DIGEST`, {NATIVE} | ratio |");
    println!("|---|---:|---:|---:|");
    for ((name, ..), times) in SIZES.iter().zip(strings) {
        let [ours, native] = [0, 1].map(|i| median(times.iter().map(|t| t[i])));
        let ratio = median(times.iter().map(|t| t[0] / t[1]));
        println!("| {name} | {ours:.3} | {native:.3} | {ratio:.2} |");
    }
    println!(
        "\n| string | `CAS.DIGEST`, µs by the clock of a client | `GET` and XXH3 in the client |"
    );
    println!("|---|---:|---:|");
    for ((name, ..), times) in SIZES.iter().zip(strings) {
        let [asked, read] = [2, 3].map(|i| median(times.iter().map(|t| t[i])));
        println!("| {name} | {asked:.0} | {read:.0} |");
    }
    println!();
    for (((name, ..), times), wanted) in SIZES.iter().zip(strings).zip(WANTED) {
        let ratio = median(times.iter().map(|t| t[0] / t[1]));
        let verdict = if ratio <= wanted { "met" } else { "missed" };
        println!(
            "- {name}: {ratio:.2} times native; at most {wanted:.2} is wanted: **{verdict}**."
        );
    }
    let [digest, all] = [0, 1].map(|i| median(hashes.iter().map(|t| t[i])));
    println!(
        "- A hash of {FIELDS} fields: `CAS.DIGEST` takes the server {digest:.1} ms, `HGETALL` {all:.1} ms."
    );
}
