//! Memory stays what it was while the data stay what they are: clients write, everything is deleted,
//! and so again and again.

use super::crew::Crew;
use super::parameter;
use crate::support::{Server, until_some};

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
    let mut crew = Crew::new(4, 5);
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
