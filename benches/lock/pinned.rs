//! Client and servers on one processor.
//!
//! Where the system puts two processes that talk to each other makes more of a difference than most of what
//! they do: a round trip takes 14 µs on one processor and 40 on two, on the machine of `docs/benchmarks.md`.

use std::process::Command;

use crate::servers::Server;
use crate::support::process::output;

/// Processes whose first threads run on one processor for as long as the value lives.
pub struct Pinned(Vec<(u32, String)>);

impl Pinned {
    /// This process and some servers.
    pub fn with<'a>(servers: impl IntoIterator<Item = &'a Server>) -> Self {
        let servers = servers.into_iter().map(Server::process);
        let all = servers.chain([std::process::id()]);
        Self(all.map(|process| (process, to_one(process))).collect())
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        for (process, before) in &self.0 {
            pin(*process, before);
        }
    }
}

/// The processors that it could run on before.
fn to_one(process: u32) -> String {
    // "pid 1's current affinity list: 0,1"
    let text = output(Command::new("taskset").args(["-cp", &process.to_string()]));
    let (_, before) = text.trim().rsplit_once(' ').expect("a list");
    let first = before.split([',', '-']).next().expect("a processor");
    pin(process, first);
    before.into()
}

fn pin(process: u32, processors: &str) {
    output(Command::new("taskset").args(["-cp", processors, &process.to_string()]));
}
