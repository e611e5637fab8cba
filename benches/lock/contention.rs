//! 50 clients that want one lock.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::servers::{Server, project};
use crate::support::process::output;
use crate::{judge, start};

const CLIENTS: usize = 50;
/// Seconds for which they take it again and again.
const TIME: usize = 8;
/// Milliseconds between a release and the next time.
const PAUSE: usize = 10;

pub fn report() {
    println!("\n### Contention\n");
    let Some(python) = python() else {
        return println!("Not measured: needs redis-py (`tests/clients/run` installs it).");
    };
    let server = start();
    let contend = |how, words: &[String]| Contest::hold(&server, &python, how, words);
    let words = |until: &str, amount: usize| [until.to_owned(), amount.to_string()];
    println!(
        "{CLIENTS} clients of redis-py, threads of one process, which come at once and each take the lock \
         once, round after round.\n"
    );
    let polling = contend("lock", &words("rounds", 20));
    let waiting = contend("wait", &words("rounds", 100));
    show(&polling, &waiting);
    compare(&polling, &waiting);
    println!(
        "\nThe same, but each takes it again as soon as it has released it, for {TIME} seconds. Who polls has \
         no queue: while the others sleep, the one who has just released the lock takes it again.\n"
    );
    let [polling, waiting] = ["lock", "wait"].map(|how| contend(how, &words("seconds", TIME)));
    show(&polling, &waiting);
    compare(&polling, &waiting);
    println!(
        "\nThe same, but each does something else for {PAUSE} ms between a release and the next time.\n"
    );
    let paused = [&words("seconds", TIME)[..], &[PAUSE.to_string()]].concat();
    let [polling, waiting] = ["lock", "wait"].map(|how| contend(how, &paused));
    show(&polling, &waiting);
    compare(&polling, &waiting);
}

fn show(polling: &Contest, waiting: &Contest) {
    println!(
        "| | locks a second | server's µs for each | the least and the most of one client | longest wait, ms |\n\
         |---|---:|---:|---:|---:|"
    );
    for (name, all) in [
        ("`Lock` of redis-py, which polls", polling),
        ("`LOCK.ACQUIRE … BLOCK`, `LOCK.RELEASE`", waiting),
    ] {
        let Contest {
            rate,
            work,
            least,
            most,
            longest,
        } = all;
        println!("| {name} | {rate:.0} | {work:.1} | {least}–{most} | {longest:.0} |");
    }
    println!();
}

fn compare(polling: &Contest, waiting: &Contest) {
    let ratio = waiting.rate / polling.rate;
    judge(
        "locks a second, by waiting to by polling",
        ratio,
        "at least 10",
        ratio >= 10.0,
    );
}

/// What has come of it.
struct Contest {
    /// Locks a second.
    rate: f64,
    /// The server's microseconds for each.
    work: f64,
    /// How often a client had it.
    least: f64,
    most: f64,
    /// In milliseconds.
    longest: f64,
}

impl Contest {
    fn hold(server: &Server, python: &Path, how: &str, words: &[String]) -> Self {
        let before = server.processor_time();
        let mut command = Command::new(python);
        command.arg(project("benches/lock/polling.py"));
        command.args([&server.address().port().to_string(), how]);
        command.arg(CLIENTS.to_string()).args(words);
        let text = output(&mut command);
        let work = server.processor_time() - before;
        let numbers: Vec<f64> = text
            .split_whitespace()
            .map(|number| number.parse().expect("a number"))
            .collect();
        let [rate, count, least, most, longest] = numbers[..] else {
            panic!("five numbers: {text}");
        };
        Self {
            rate,
            work: work * 1e6 / count,
            least,
            most,
            longest,
        }
    }
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
