//! 10000 that wait, and what they cost.

use crate::figures::{Spread, verdict};
use crate::pinned::Pinned;
use crate::servers::Server;
use crate::support::{Client, int};
use crate::{clients, expect, microseconds, percentile, start, until_waiting};

const CROWD: usize = 10_000;
/// Batches of reads, by turns beside the crowd and on a server without one.
const BATCHES: usize = 60;
const READS: usize = 500;
/// At most so many times the latency without the crowd counts as unchanged.
const UNCHANGED: f64 = 1.1;

/// What the crowd does.
#[derive(Clone, Copy, PartialEq)]
enum Crowd {
    Idle,
    Pops,
    Locks(usize),
}

pub fn report() {
    println!("\n### A crowd\n");
    println!(
        "{CROWD} connections, idle at first, and `GET` of another client beside them and on a server \
         without them, by turns: {BATCHES} batches of {READS}, the median of each. Client and servers share \
         one processor, since where the system puts them makes more of a difference than anything they do.\n"
    );
    println!(
        "| | bytes of memory each | `GET` beside them, × without | server's time for it, × without |\n\
         |---|---:|---:|---:|"
    );
    let mut ratios = Vec::new();
    for (name, crowd) in [
        ("idle", Crowd::Idle),
        ("in `BLPOP` of one list", Crowd::Pops),
        ("waiting for as many locks", Crowd::Locks(CROWD)),
        ("all waiting for one lock", Crowd::Locks(1)),
    ] {
        let (bytes, latency, work) = measure(crowd);
        println!("| {name} | {bytes} | {latency} | {work} |");
        if let Crowd::Locks(_) = crowd {
            ratios.push((name, latency));
        }
    }
    println!();
    for (name, ratio) in ratios {
        println!(
            "- `GET` beside {CROWD} {name}, × without: {ratio}; at most 1.10 is wanted: **{}**.",
            verdict(ratio.median <= UNCHANGED)
        );
    }
}

fn measure(crowd: Crowd) -> (usize, Spread, Spread) {
    let servers = [start(), start()];
    let [server, _] = &servers;
    let _together = Pinned::with(&servers);
    let mut readers = servers.each_ref().map(Server::client);
    readers[0].cmd("CONFIG SET maxclients 12000");
    let key = |index: usize, keys: usize| format!("lock:{}", index % keys);
    if let Crowd::Locks(keys) = crowd {
        for index in 0..keys {
            let reply =
                readers[0].call(&["LOCK.ACQUIRE", &key(index, keys), "holder", "EX", "600"]);
            expect(&reply, &int(1));
        }
    }
    let mut all = clients(server, CROWD);
    for client in &mut all {
        client.cmd("PING");
    }
    let idle = memory(server);
    for (index, client) in all.iter_mut().enumerate() {
        match crowd {
            Crowd::Idle => (),
            Crowd::Pops => client.send(&["BLPOP", "list", "0"]),
            Crowd::Locks(keys) => {
                let key = key(index, keys);
                client.send(&["LOCK.ACQUIRE", &key, "next", "PX", "9", "BLOCK", "0"]);
            }
        }
    }
    match crowd {
        Crowd::Idle => (),
        Crowd::Pops => crate::until_blocked(server, CROWD),
        Crowd::Locks(_) => until_waiting(server, CROWD),
    }
    let waiting = memory(server);
    let (mut latencies, mut works): ([Vec<f64>; 2], [Vec<f64>; 2]) = Default::default();
    for batch in 0..BATCHES {
        // Each goes first every other time.
        for turn in 0..2 {
            let which = (batch + turn) % 2;
            let before = servers[which].main_thread();
            latencies[which].push(get(&mut readers[which]));
            let work = servers[which].main_thread() - before;
            works[which].push(work);
        }
    }
    let ratios = |[beside, without]: &[Vec<f64>; 2]| Spread::of_ratios(beside, without);
    (
        waiting.saturating_sub(idle) / CROWD,
        ratios(&latencies),
        ratios(&works),
    )
}

fn memory(server: &Server) -> usize {
    server.info("memory", "used_memory").parse().expect("bytes")
}

/// The median of a batch, in microseconds.
fn get(reader: &mut Client) -> f64 {
    let times: Vec<f64> = (0..READS)
        .map(|_| microseconds(|| _ = reader.cmd("GET x")))
        .collect();
    percentile(&times, 50)
}
