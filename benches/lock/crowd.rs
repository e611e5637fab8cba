//! 10000 that wait, and what they cost.

use crate::servers::Server;
use crate::support::{Client, int};
use crate::{clients, expect, judge, microseconds, percentile, start, until_waiting};

const CROWD: usize = 10_000;
/// Batches of reads, by turns beside the crowd and without one.
const BATCHES: usize = 40;
const READS: usize = 250;
/// At most so many times the latency without the crowd counts as unchanged.
const UNCHANGED: f64 = 1.1;

pub fn report() {
    println!("\n### A crowd\n");
    println!("{CROWD} connections, idle at first; then each waits for a lock.\n");
    println!("| | bytes of memory each | `GET` beside them, × without |\n|---|---:|---:|");
    let mut ratios = Vec::new();
    for (name, keys) in [("for as many locks", CROWD), ("all for one lock", 1)] {
        let (bytes, ratio) = measure(keys);
        println!("| {name} | {bytes} | {ratio:.2} |");
        ratios.push((name, ratio));
    }
    println!();
    for (name, ratio) in ratios {
        let what = format!("`GET` beside {CROWD} that wait {name}, × without");
        judge(&what, ratio, "at most 1.10", ratio <= UNCHANGED);
    }
}

fn measure(keys: usize) -> (usize, f64) {
    let [server, quiet] = [start(), start()];
    let [mut reader, mut quiet] = [server.client(), quiet.client()];
    reader.cmd("CONFIG SET maxclients 12000");
    let key = |index: usize| format!("lock:{}", index % keys);
    for index in 0..keys {
        let reply = reader.call(&["LOCK.ACQUIRE", &key(index), "holder", "PX", "600000"]);
        expect(&reply, &int(1));
    }
    let mut crowd = clients(&server, CROWD);
    for client in &mut crowd {
        client.cmd("PING");
    }
    let idle = memory(&server);
    for (index, client) in crowd.iter_mut().enumerate() {
        client.send(&["LOCK.ACQUIRE", &key(index), "next", "PX", "9", "BLOCK", "0"]);
    }
    until_waiting(&server, CROWD);
    let waiting = memory(&server);
    // Where the system runs a client and a server makes more of a difference than anything they do, so the
    // least that was seen of each is compared.
    let (mut beside, mut without) = (f64::MAX, f64::MAX);
    for _ in 0..BATCHES {
        beside = beside.min(get(&mut reader));
        without = without.min(get(&mut quiet));
    }
    ((waiting - idle) / CROWD, beside / without)
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
