//! It loses nothing: clients write all the time, each to keys of its own whose state it knows, while
//! the server is killed, stopped, cut off, filled up, rewritten and replaced. After each fault, with
//! `appendfsync always`:
//!
//! - every acknowledged write is there, and of the one under way all or nothing;
//! - the primary, a replica with the module, one without, and a server without the module that loads
//!   the AOF hold the same;
//! - nobody waits, no abandoned stage is left, and `INFO atomic` counts what the clients saw.
//!
//! ```text
//! make torture                                        # long, on every server
//! TORTURE_SEED=7 TORTURE_ROUNDS=50 cargo test --test it torture::
//! ```
//!
//! - `fault.rs`: what is done to the servers; a new fault is a new line of its table.
//! - `step.rs`: what clients do; a new command is a new line of its table.
//! - `every.rs`: none of the module's commands is missing there.
//! - `model.rs`: what a client knows of its keys.
//! - `writer.rs`: a client that writes, loses its connection, and comes back.
//! - `crew.rs`: all of them, and how they are led.
//! - `nodes.rs`: the servers, and whether they agree.
//! - `soak.rs`: memory stays what it was.
//! - `eviction.rs`: the same under `maxmemory`, where keys go and nobody can know which.

mod crew;
mod every;
mod eviction;
mod fault;
mod model;
mod nodes;
mod soak;
mod step;
mod writer;

use std::time::Instant;

use crate::replication::Random;
use crew::Crew;
use fault::FAULTS;
use nodes::Nodes;
use step::Has;

const WRITERS: u64 = 5;

fn parameter(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// Every fault at least once, in an order and with writes that follow from the seed. (What happens
/// between the two, the scheduler decides.)
#[test]
fn no_acknowledged_write_is_lost() {
    let seed = parameter("TORTURE_SEED", 1);
    let rounds = parameter("TORTURE_ROUNDS", FAULTS.len() as u64);
    println!("TORTURE_SEED={seed}");
    let begin = Instant::now();
    let mut random = Random::new(seed);
    let mut nodes = Nodes::start();
    let mut crew = Crew::new(WRITERS, seed, Has::of(nodes.primary()));
    let offset = random.below(FAULTS.len() as u64);
    for round in 0..rounds {
        let at = usize::try_from((round + offset) % FAULTS.len() as u64).expect("few");
        let (name, fault) = FAULTS[at];
        let work = crew.start(nodes.primary().address());
        fault(&mut nodes, &work, &mut random);
        let done = work.stop();
        println!("round {round}: {name}: {done}");
        crew.verify(nodes.primary());
        nodes.verify(&done, name);
    }
    println!(
        "torture: seed {seed}, {rounds} rounds, {} writes acknowledged, {} under way in a fault, in {:.0?}",
        crew.acknowledged(),
        crew.interrupted(),
        begin.elapsed()
    );
}
