//! Memory stays what it was while the data stay what they are: clients write, everything is deleted,
//! and so again and again; clients wait for locks in vain; and for an hour all of it at constant data.
//!
//! - `hour.rs`: how that is led and judged.
//! - `player.rs`, `lines.rs`: what its clients do.

mod hour;
mod lines;
mod player;

use super::crew::Crew;
use super::parameter;
use super::step::Has;
use crate::support::{Client, Server, int, ok, until, until_some};

/// The first windows bring memory that stays: buffers, tables, the allocator's own.
const WINDOWS: usize = 12;
const WARM: usize = 4;
/// What may be used more than after the warm windows, in bytes: statistics, logs, chance.
const USED: i64 = 512 << 10;
/// The same of the memory that the process has of the system.
const RESIDENT: i64 = 16 << 20;

/// `SOAK_WRITES=<number>` per window makes it long.
#[test]
fn memory_is_flat_while_clients_write() {
    let writes = parameter("SOAK_WRITES", 2000);
    let server = Server::start();
    let mut crew = Crew::new(4, 5, Has::of(&server));
    let (mut used, mut resident) = (Vec::new(), Vec::new());
    for _ in 0..WINDOWS {
        let work = crew.start(server.address());
        work.go_on_long(writes);
        work.stop();
        crew.verify(&server);
        crew.forget();
        server.client().cmd("FLUSHALL");
        used.push(settled(&server));
        resident.push(server.info_number("memory", "used_memory_rss"));
    }
    println!(
        "soak: {} writes; used {used:?}; resident {resident:?}",
        crew.acknowledged()
    );
    let grown = |numbers: &[i64]| {
        let warm = numbers[..WARM].iter().max().expect("some");
        numbers[WINDOWS - 1] - warm
    };
    assert!(grown(&used) < USED, "{used:?}");
    assert!(grown(&resident) < RESIDENT, "{resident:?}");
}

/// `SOAK_WAITS=<number>` makes it long.
#[test]
fn waiting_for_a_lock_in_vain_leaves_nothing() {
    const CLIENTS: u64 = 100;
    let rounds = parameter("SOAK_WAITS", 2000) / CLIENTS;
    let server = Server::start();
    let mut holder = server.client();
    assert_eq!(holder.cmd("LOCK.ACQUIRE lock holder EX 100000"), int(1));
    // What a client's buffers take goes with the client.
    let waits = |rounds: u64| {
        let mut clients: Vec<Client> = (0..CLIENTS).map(|_| server.client()).collect();
        for _ in 0..rounds {
            for client in &mut clients {
                client.send(&["LOCK.ACQUIRE", "lock", "other", "EX", "10", "BLOCK", "1"]);
            }
            for client in &mut clients {
                assert_eq!(client.receive(), int(0));
            }
        }
    };
    let used = || {
        until("only two clients are left", || {
            server.info_number("clients", "connected_clients") == 2
        });
        settled(&server)
    };
    waits(2);
    let before = used();
    waits(rounds);
    server.until_blocked(0);
    // Valkey 9 frees some of the clients, 34 KB each, a while after it has stopped counting them.
    let grown = until_some("what the waits took is free", || {
        Some(used() - before).filter(|grown| *grown < USED)
    });
    println!(
        "soak: {} waits in vain, {grown} bytes more",
        rounds * CLIENTS
    );
    let info = holder.cmd("LOCK.INFO lock").to_string();
    assert!(info.contains("\"waiters\", :0"), "{info}");
    // A handle that is still blocked would keep the module from being unloaded.
    assert_eq!(holder.cmd("MODULE UNLOAD atomic"), ok());
}

/// Memory used when all that is freed in other threads is free.
fn settled(server: &Server) -> i64 {
    let mut before = i64::MAX;
    until_some("no more memory is freed", || {
        let now = server.info_number("memory", "used_memory");
        let freed = before - now;
        before = now;
        (freed < 4096).then_some(now)
    })
}
