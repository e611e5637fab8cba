//! `LOCK.*`: locks, and those who wait for them.
//!
//! - `holding.rs`: taking, extending, releasing, showing, without anybody who waits.
//! - `waiting.rs`: the queue, and all that wakes who waits in it.
//! - `leaving.rs`: those who leave it: out of time, unblocked, killed, gone.
//! - `fence.rs`: numbers of grants.
//! - `reentering.rs`: the same token once more.
//! - `interoperation.rs`: locks that others take, and scripts of theirs.
//! - `effects.rs`: what replicas, the AOF and subscribers see.
//! - `within.rs`: transactions, scripts, functions, where nobody can wait.
//! - `elsewhere.rs`: replicas, failover, cluster.
//! - `unload.rs`: the module goes, or does not.
//! - `schedule/`: random schedules of all that can happen, against a model.

mod effects;
mod elsewhere;
mod fence;
mod holding;
mod interoperation;
mod leaving;
mod reentering;
mod schedule;
mod unload;
mod waiting;
mod within;

use crate::support::*;

/// How many clients wait.
fn waiters(server: &Server) -> i64 {
    server.info_number("atomic", "atomic_locks_waiting")
}

fn until_waiting(server: &Server, count: i64) {
    until(&format!("{count} clients wait"), || {
        waiters(server) == count
    });
}

/// A client that waits without limit for the lock `k` with this token, for a minute; it waits when this
/// returns.
fn waiting(server: &Server, token: &str) -> Client {
    sent(server, &format!("LOCK.ACQUIRE k {token} PX 60000 BLOCK 0"))
}

/// A client that has sent this call, and waits when this returns.
fn sent(server: &Server, line: &str) -> Client {
    let before = waiters(server);
    let mut client = server.client();
    client.send(&line.split(' ').collect::<Vec<_>>());
    until_waiting(server, before + 1);
    client
}

/// A server whose lock `k` is held by `holder` for a minute.
fn held() -> (Server, Client) {
    let server = Server::start();
    let mut client = server.client();
    assert_eq!(client.cmd("LOCK.ACQUIRE k holder PX 60000"), int(1));
    (server, client)
}
