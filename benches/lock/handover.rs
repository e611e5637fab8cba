//! How soon a lock is handed over.

use std::time::Instant;

use crate::support::int;
use crate::{clients, expect, judge, microseconds, percentile, since, start, until_waiting};

const HANDOVERS: usize = 5000;
/// Clients in one queue, each of which dies with the lock.
const QUEUE: usize = 1000;
/// Milliseconds for which each has it.
const LIFETIME: f64 = 10.0;

pub fn report() {
    println!("### Hand-over\n");
    release();
    expiry();
}

/// From the release to the answer of who waits, and PING in between.
fn release() {
    let server = start();
    let [mut owner, mut next] = [server.client(), server.client()];
    let (mut pings, mut handovers) = (Vec::new(), Vec::new());
    expect(&owner.cmd("LOCK.ACQUIRE k t PX 60000"), &int(1));
    for _ in 0..HANDOVERS {
        next.send(&["LOCK.ACQUIRE", "k", "t", "PX", "60000", "BLOCK", "0"]);
        // Two rounds of the event loop later it waits.
        for _ in 0..2 {
            pings.push(microseconds(|| _ = owner.cmd("PING")));
        }
        let begun = Instant::now();
        owner.send(&["LOCK.RELEASE", "k", "t"]);
        expect(&next.receive(), &int(1));
        handovers.push(since(begun));
        expect(&owner.receive(), &int(1));
        std::mem::swap(&mut owner, &mut next);
    }
    let [ping, handover] = [&pings, &handovers].map(|values| percentile(values, 50));
    println!("| microseconds | median | 99 of 100 |\n|---|---:|---:|");
    for (name, values) in [
        ("`PING`", &pings),
        ("`LOCK.RELEASE` to the answer of who waits", &handovers),
    ] {
        let [median, most] = [50, 99].map(|percent| percentile(values, percent));
        println!("| {name} | {median:.0} | {most:.0} |");
    }
    println!();
    let ratio = handover / ping;
    judge(
        "a hand-over, in round trips of `PING`",
        ratio,
        "at most 3",
        ratio <= 3.0,
    );
}

/// A queue in which each is granted the lock when the time of the one before is over.
fn expiry() {
    let server = start();
    let mut holder = server.client();
    let mut queue = clients(&server, QUEUE);
    expect(&holder.cmd("LOCK.ACQUIRE k t PX 3000"), &int(1));
    let lifetime = LIFETIME.to_string();
    for (index, client) in queue.iter_mut().enumerate() {
        client.send(&["LOCK.ACQUIRE", "k", "t", "PX", &lifetime, "BLOCK", "0"]);
        if index % 100 == 99 {
            until_waiting(&server, index + 1);
        }
    }
    let mut late = Vec::new();
    let mut before: Option<Instant> = None;
    for client in &mut queue {
        expect(&client.receive(), &int(1));
        let now = Instant::now();
        late.extend(before.map(|before| (now - before).as_secs_f64() * 1e3 - LIFETIME));
        before = Some(now);
    }
    let [median, most] = [50, 99].map(|percent| percentile(&late, percent));
    println!(
        "- {QUEUE} clients wait for a lock whose holders die: who is next has it {median:.2} ms \
         after the time is over (median)."
    );
    judge(
        "the same, of 99 of 100, in milliseconds",
        most,
        "at most 5",
        most <= 5.0,
    );
}
