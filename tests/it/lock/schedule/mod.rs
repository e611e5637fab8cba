//! Random schedules of all that can happen to locks and to those who wait for them. What replicas are sent
//! is the one true order of what was granted and taken away; it is replayed, and held against what each
//! client was told.
//!
//! - `player.rs`: the clients and what they do.
//! - `fault.rs`: what happens to them.
//! - `replay.rs`: what has to be true of the order of grants.
//!
//! `make torture-locks` plays thousands; `LOCK_SEED=7 LOCK_SCHEDULES=1` plays one again.

mod fault;
mod player;
mod replay;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::support::*;
use player::Player;
use replay::Replay;

/// What a crowd leaves behind in the server itself (buffers, tables) stays below this.
const LEFT_OVER: i64 = 80_000;
const WARM_UP: u64 = 20;
/// A server looks for keys that have expired ten times a second by itself.
const LATE: i64 = 20;

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().expect("a number"))
}

#[test]
fn whatever_happens_one_holds_it_the_next_has_it_and_nobody_is_forgotten() {
    let (first, count) = (number("LOCK_SEED", 1), number("LOCK_SCHEDULES", 200));
    // What has been sent is kept for replicas that come back, and is not to count as memory.
    let server = Server::builder().arg("repl-backlog-size", "16kb").start();
    let mut replay = Replay::of(&server);
    let mut memory = None;
    let mut told = 0;
    for seed in first..first + count {
        let mut player = Player::new(&server, seed);
        let played = catch_unwind(AssertUnwindSafe(|| {
            player.play();
            replay.judge(&player);
        }));
        if let Err(panic) = played {
            eprintln!("{}", player.trace.join("\n"));
            eprintln!("again: LOCK_SEED={seed} LOCK_SCHEDULES=1");
            resume_unwind(panic);
        }
        told += player.requests.len();
        drop(player);
        if seed - first + 1 == WARM_UP {
            memory = Some(used_memory(&server));
        }
    }
    let late = replay.late();
    println!(
        "{count} schedules, {told} requests, {} grants, {} of them at the end of a holder's time: late by \
         {late} ms in the middle",
        replay.grants,
        replay.late.len()
    );
    // The machine may be late at times, the module never is.
    assert!(late < LATE, "late by {late} ms");
    if let Some(before) = memory {
        let more = used_memory(&server) - before;
        println!("{more} bytes more than after the first {WARM_UP}");
        assert!(more < LEFT_OVER, "{more} bytes more than at the beginning");
    }
    assert_eq!(super::waiters(&server), 0);
    let reply = server.client().cmd("MODULE UNLOAD atomic");
    assert_eq!(reply, ok());
}

/// When nobody is connected any more.
fn used_memory(server: &Server) -> i64 {
    let mut control = server.client();
    control.cmd("FLUSHALL");
    until("all clients are gone", || {
        // This one, and who reads what replicas are sent.
        control.cmd("CLIENT LIST").text().lines().count() <= 2
    });
    drop(control);
    server.info_number("memory", "used_memory")
}
