//! 50 clients that want one lock.

use std::path::PathBuf;
use std::process::Command;

use crate::servers::{Server, output, project};
use crate::{judge, start};

const CLIENTS: usize = 50;

pub fn report() {
    println!("\n### Contention\n");
    let Some(python) = python() else {
        return println!("Not measured: needs redis-py (`tests/clients/run` installs it).");
    };
    println!(
        "{CLIENTS} clients of redis-py, which come at once and each take the lock once, round after \
         round.\n"
    );
    println!("| | locks a second | server's µs for each |\n|---|---:|---:|");
    let server = start();
    let polling = contend(&server, &python, "lock", 20);
    let waiting = contend(&server, &python, "wait", 100);
    for (name, (rate, work)) in [
        ("`Lock` of redis-py, which polls", polling),
        ("`LOCK.ACQUIRE … BLOCK`, `LOCK.RELEASE`", waiting),
    ] {
        println!("| {name} | {rate:.0} | {work:.1} |");
    }
    println!();
    let ratio = waiting.0 / polling.0;
    judge(
        "locks a second, by waiting to by polling",
        ratio,
        "at least 10",
        ratio >= 10.0,
    );
}

/// Locks a second, and the server's microseconds for each.
fn contend(server: &Server, python: &PathBuf, how: &str, rounds: usize) -> (f64, f64) {
    let before = server.processor_time();
    let mut command = Command::new(python);
    command.arg(project("benches/lock/polling.py"));
    command.args([&server.address().port().to_string(), how]);
    command.args([CLIENTS, rounds].map(|number| number.to_string()));
    let rate = output(&mut command).trim().parse().expect("a number");
    let work = server.processor_time() - before;
    #[allow(clippy::cast_precision_loss, reason = "a few thousand")]
    let taken = (CLIENTS * rounds) as f64;
    (rate, work * 1e6 / taken)
}

/// One that has redis-py: where the tests of clients put it, or the system's.
fn python() -> Option<PathBuf> {
    let installed = ["python/venv", "redis-py"].map(|venv| {
        let venv = project("target/clients").join(venv);
        venv.join("bin/python")
    });
    let all = installed.into_iter().chain(["python3".into()]);
    all.into_iter().find(|python| {
        let status = Command::new(python).args(["-c", "import redis"]).status();
        status.is_ok_and(|status| status.success())
    })
}
