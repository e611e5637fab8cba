//! What the command filter costs commands that it leaves alone, in instructions.
//!
//! `cargo bench --bench filter` prints Markdown for `docs/benchmarks.md`, and fails when `GET` or `SET`
//! costs more than the limit. Instructions are counted by callgrind, and are the same on a busy machine as
//! on an idle one. It writes a profile, and begins to count anew, whenever the server enters the function
//! that answers PING: so a PING on either side of a load cuts the load out of all else.

#[path = "../tests/it/support/mod.rs"]
#[allow(
    clippy::wildcard_imports,
    reason = "in tests of its own, which are not seen as such here"
)]
mod support;

mod servers;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use servers::Server;
use support::{Client, module_path, process::output, resp::encode};

const SERVER: &str = "redis-7.0";

/// In percent.
const LIMIT: f64 = 3.0;

/// Commands, and whether they are held to the limit. With an expiry, `SET` has as many words as with a
/// condition, so that the filter has to look at them.
const COMMANDS: [(&str, bool); 3] = [
    ("GET k", true),
    ("SET k abcdefghijklmno1", true),
    ("SET k abcdefghijklmno1 EX 100", false),
];

/// Of each command so many times a pipeline of so many.
const BATCHES: u32 = 300;
const PIPELINE: u32 = 32;

/// A server hashes by a seed that it draws at its start. Where a command's name then shares its place in
/// the command table with another, each call takes some 65 instructions more, which is chance and not the
/// filter's doing: so the least of several starts counts.
const STARTS: usize = 7;

type Instructions = [f64; COMMANDS.len()];

fn main() -> ExitCode {
    // `cargo test --all-targets` runs benches too.
    if !std::env::args().any(|word| word == "--bench") {
        return ExitCode::SUCCESS;
    }
    let begun = Instant::now();
    if let Err(remedy) = find_valgrind() {
        eprintln!("{remedy}");
        return ExitCode::FAILURE;
    }
    servers::get(&[SERVER]);
    let module = module_path();
    let off = format!("{module} native no");
    let mut samples = [const { Vec::new() }; 3];
    for start in 0..STARTS {
        for (samples, modules) in samples.iter_mut().zip([&[][..], &[module], &[&off]]) {
            samples.push(count(modules));
        }
        eprintln!("start {} of {STARTS}", start + 1);
    }
    let exceeded = report(&samples.map(|samples| least(&samples)));
    println!("\nTaken in {} s.", begun.elapsed().as_secs());
    if exceeded {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Makes sure that there is a valgrind, or says how to get one.
fn find_valgrind() -> Result<(), &'static str> {
    let is_there = || {
        let version = Command::new("valgrind").arg("--version").output();
        version.is_ok_and(|output| output.status.success())
    };
    if is_there() {
        return Ok(());
    }
    if output(Command::new("id").arg("-u")).trim() == "0" {
        eprintln!("valgrind is missing: installing it");
        // When it fails, the check below tells.
        _ = Command::new("apt-get")
            .args(["install", "--yes", "valgrind"])
            .status();
    }
    is_there()
        .then_some(())
        .ok_or("needs valgrind: apt-get install valgrind")
}

/// Instructions for one of each command, on a server with these modules.
fn count(modules: &[&str]) -> Instructions {
    let profiles = tempfile::tempdir().expect("a temporary directory");
    let callgrind = [
        "valgrind".into(),
        "--tool=callgrind".into(),
        // The server's program is a script that becomes the server.
        "--trace-children=yes".into(),
        "--dump-before=pingCommand".into(),
        format!("--callgrind-out-file={}/%p", profiles.path().display()),
    ];
    let server = Server::start(SERVER, modules, &callgrind);
    let mut client = server.client();
    COMMANDS.map(|(command, _)| {
        let words: Vec<&str> = command.split(' ').collect();
        let batch = encode(&words).repeat(PIPELINE as usize);
        // The first run finds the buffers too small, and lists empty that will be kept.
        run(&mut client, &batch);
        client.cmd("PING");
        for _ in 0..BATCHES {
            run(&mut client, &batch);
        }
        client.cmd("PING");
        let total = newest_total(profiles.path(), server.process());
        f64::from(total) / f64::from(BATCHES * PIPELINE)
    })
}

fn run(client: &mut Client, batch: &[u8]) {
    client.send_bytes(batch);
    for _ in 0..PIPELINE {
        let reply = client.receive();
        assert!(!reply.is_error(), "{reply}");
    }
}

/// The instructions in the newest profile of a process: callgrind numbers them.
fn newest_total(profiles: &Path, process: u32) -> u32 {
    let newest = fs::read_dir(profiles)
        .expect("the directory of profiles")
        .filter_map(|entry| {
            let path = entry.expect("an entry").path();
            // PROCESS.NUMBER; the script that became the server has left PROCESS alone.
            let (of, number) = path.file_name()?.to_str()?.split_once('.')?;
            (of == process.to_string()).then_some((number.parse::<u32>().ok()?, path.clone()))
        })
        .max();
    let (_, newest) = newest.expect("a profile");
    let text = fs::read_to_string(newest).expect("a profile in UTF-8");
    text.lines()
        .find_map(|line| line.strip_prefix("totals: "))
        .and_then(|total| total.parse().ok())
        .expect("the total of a profile")
}

fn least(samples: &[Instructions]) -> Instructions {
    std::array::from_fn(|command| {
        let samples = samples.iter().map(|sample| sample[command]);
        samples.fold(f64::INFINITY, f64::min)
    })
}

/// Prints the table, and returns whether a command exceeds the limit.
fn report([plain, module, off]: &[Instructions; 3]) -> bool {
    println!(
        "Instructions of {SERVER} for one command in a pipeline of {PIPELINE}, by callgrind; the least \
         of {STARTS} starts.\n"
    );
    println!("| command | without the module | with it | with `native no` |");
    println!("|---|---:|---:|---:|");
    let mut exceeded = Vec::new();
    for (command, (name, limited)) in COMMANDS.into_iter().enumerate() {
        let more = |than: &Instructions| (than[command] / plain[command] - 1.0) * 100.0;
        println!(
            "| `{name}` | {:.0} | {:.0} ({:+.1} %) | {:.0} ({:+.1} %) |",
            plain[command],
            module[command],
            more(module),
            off[command],
            more(off),
        );
        if limited && more(module) > LIMIT {
            exceeded.push(format!("`{name}`"));
        }
    }
    println!();
    match &exceeded[..] {
        [] => println!("`GET` and `SET` stay within the limit of {LIMIT} %."),
        some => println!("Above the limit of {LIMIT} %: {}.", some.join(", ")),
    }
    !exceeded.is_empty()
}
