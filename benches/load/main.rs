//! What plain commands pay for the module being there: latency and throughput of a mixed load on a server
//! with the module and on one without.
//!
//! `make load` prints Markdown for `docs/benchmarks.md`. The servers take turns, a few seconds each, so that
//! what disturbs the machine disturbs all of them; and there is a second one without the module, for what
//! it differs from the first is noise.

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

mod traffic;

use std::time::{Duration, Instant};

use figures::{Spread, processor, verdict};
use servers::Server;
use support::module_path;

const SERVER: &str = "redis-7.0";
const AT_FIXED_RATE: Duration = Duration::from_secs(4);
const AS_FAST_AS_IT_GOES: Duration = Duration::from_secs(1);

/// The servers: with the module, without it, and without it again.
const SIDES: usize = 3;

const MEASURES: [&str; 5] = [
    "p50, µs",
    "p99, µs",
    "p99.9, µs",
    "thousand commands per second",
    "µs of the server's processor per command",
];

/// Of one turn.
type Figures = [f64; MEASURES.len()];

fn main() {
    // `cargo test --all-targets` runs benches too.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let seconds = std::env::var("LOAD_SECONDS").map_or(600, |text| text.parse().expect("a number"));
    let end = Instant::now() + Duration::from_secs(seconds);
    servers::get(&[SERVER]);
    let module = [module_path()];
    let sides: [&[&str]; SIDES] = [&module, &[], &[]];
    let sides = sides.map(|modules| Server::start(SERVER, modules, &[]));
    for server in &sides {
        traffic::prepare(server);
    }
    let mut found: [Vec<Figures>; SIDES] = Default::default();
    for round in 0.. {
        // Not always in the same order.
        for turn in 0..SIDES {
            let side = (round + turn) % SIDES;
            found[side].push(measure(&sides[side], round as u64));
        }
        if Instant::now() >= end {
            break;
        }
    }
    report(&found);
}

fn measure(server: &Server, round: u64) -> Figures {
    let latencies = traffic::at_fixed_rate(server, AT_FIXED_RATE, round);
    let (throughput, cost) = traffic::as_fast_as_it_goes(server, AS_FAST_AS_IT_GOES, round);
    let [p50, p99, p999] = [500, 990, 999].map(|per_thousand| latencies.at(per_thousand));
    [p50, p99, p999, throughput / 1e3, cost]
}

fn report(found: &[Vec<Figures>; SIDES]) {
    println!(
        "`GET` (half of all), `SET`, `HSET` and `INCR` on {SERVER} on {}, by 8 connections; {} turns of \
         each server, of which {} s at 6,000 commands a second, for the latency, and {} s as fast as \
         pipelines of 32 go. Medians of the turns, and the least and the most; ratios turn by turn.\n",
        processor(),
        found[0].len(),
        AT_FIXED_RATE.as_secs(),
        AS_FAST_AS_IT_GOES.as_secs(),
    );
    println!("| | with the module | without | ratio | noise: without, again | |");
    println!("|---|---:|---:|---:|---:|---|");
    for (place, measure) in MEASURES.iter().enumerate() {
        let of = |side: usize| -> Vec<f64> { found[side].iter().map(|all| all[place]).collect() };
        let [with, without, again] = [0, 1, 2].map(of);
        let ratio = Spread::of_ratios(&with, &without);
        let noise = Spread::of_ratios(&again, &without);
        let met = is_noise(&with, &without, &again);
        println!(
            "| {measure} | {} | {} | {ratio} | {noise} | no more than noise: **{}** |",
            Spread::of(with),
            Spread::of(without),
            verdict(met)
        );
    }
}

/// Whether the ratio of the one with the module lies, by its median, where half of the ratios of the two
/// without it lie.
fn is_noise(with: &[f64], without: &[f64], again: &[f64]) -> bool {
    let mut noise: Vec<f64> = again.iter().zip(without).map(|(a, b)| a / b).collect();
    // What is noise may be one way as well as the other.
    noise.extend(without.iter().zip(again).map(|(a, b)| a / b));
    noise.sort_by(f64::total_cmp);
    let quarter = noise.len() / 4;
    let ratio = Spread::of_ratios(with, without).median;
    (noise[quarter]..=noise[noise.len() - 1 - quarter]).contains(&ratio)
}
