//! An hour at constant data. Clients play at a pace; now and then they rest and go, so that the keys are
//! the same each time, and it is read how much memory is in use.
//!
//! `SOAK_SECONDS=<number>` makes it long, `SOAK_RATE=<number>` is how many commands a second all clients
//! send together.

use std::time::{Duration, Instant};

use super::lines::KEYS;
use super::player::{Player, SLOTS};
use super::{RESIDENT, USED, settled};
use crate::support::{Server, ok, until};
use crate::torture::parameter;

const PLAYERS: u64 = 8;
/// Keys that are there all the time, of 100 bytes each.
const BYSTANDERS: usize = 20_000;

/// How often memory is read. The first readings see buffers and tables grow to their size.
const READINGS: usize = 60;
const WARM: usize = READINGS / 10;

/// What may be in use more in the last half than in the quarter after the warm readings, in bytes, if it
/// lasts an hour: of millions of commands not one byte in ten.
const USED_IN_AN_HOUR: i64 = 256 << 10;
/// The same of the memory that the process has of the system.
const RESIDENT_IN_AN_HOUR: i64 = 2 << 20;

#[test]
fn memory_is_flat_at_constant_data() {
    let seconds = parameter("SOAK_SECONDS", 3);
    let rate = parameter("SOAK_RATE", 100_000);
    let pace = Duration::from_nanos(1_000_000_000 * PLAYERS / rate);
    let part = Duration::from_secs(seconds) / u32::try_from(READINGS).expect("few");
    // Each keeps what it has seen, up to a number that a slow machine takes long to reach.
    let builder = Server::builder().arg("slowlog-log-slower-than", "-1");
    let server = builder.start();
    let mut players: Vec<Player> = (0..PLAYERS)
        .map(|id| Player::new(&server, id, pace))
        .collect();
    server
        .client()
        .call(&["DEBUG", "POPULATE", &BYSTANDERS.to_string(), "key", "100"]);
    for player in &mut players {
        player.prepare(&server);
    }
    let (mut used, mut resident) = (Vec::new(), Vec::new());
    for reading in 1..=READINGS {
        let end = Instant::now() + part;
        std::thread::scope(|scope| {
            for player in &mut players {
                scope.spawn(|| player.play(&server, end));
            }
        });
        until_at_rest(&server);
        used.push(settled(&server));
        resident.push(server.info_number("memory", "used_memory_rss"));
        println!(
            "reading {reading}: {} in use, {} resident",
            used[reading - 1],
            resident[reading - 1]
        );
    }
    let commands: u64 = players.iter().map(|player| player.commands).sum();
    let (more_used, more_resident) = (growth(&used), growth(&resident));
    println!(
        "soak: {commands} commands in {seconds} s; {more_used} bytes more in use, {more_resident} more \
         resident"
    );
    let is_long = seconds >= 3600;
    let may_be = |long, short| if is_long { long } else { short };
    assert!(more_used < may_be(USED_IN_AN_HOUR, USED), "{used:?}");
    assert!(
        more_resident < may_be(RESIDENT_IN_AN_HOUR, RESIDENT),
        "{resident:?}"
    );
    assert_eq!(server.client().cmd("MODULE UNLOAD atomic"), ok());
}

/// Nobody but the one who asks is connected, and what was abandoned has expired.
fn until_at_rest(server: &Server) {
    let keys = BYSTANDERS + usize::try_from(PLAYERS * SLOTS).expect("few") * KEYS;
    let keys = i64::try_from(keys).expect("few");
    until(
        "all have gone and all keys are those of the beginning",
        || {
            server.info_number("clients", "connected_clients") == 1
                && server.client().cmd("DBSIZE").number() == keys
        },
    );
}

/// How much more it is in the last half than in the quarter after the warm readings, by their medians.
fn growth(readings: &[i64]) -> i64 {
    let median = |part: &[i64]| {
        let mut part = part.to_vec();
        part.sort_unstable();
        part[part.len() / 2]
    };
    let warm = &readings[WARM..];
    median(&readings[READINGS / 2..]) - median(&warm[..warm.len() / 4])
}

#[test]
fn what_grows_by_a_byte_with_every_tenth_command_is_told() {
    let commands = 3600 * 2000;
    let readings: Vec<i64> = (0..60)
        .map(|n| 2_000_000 + n * commands / 60 / 10)
        .collect();
    assert!(growth(&readings) > USED_IN_AN_HOUR);
    // One reading says nothing.
    let mut readings = vec![2_000_000; 60];
    readings[50] = 9_000_000;
    assert_eq!(growth(&readings), 0);
}
