//! How long another client waits for its PING while a huge hash is replaced or uploaded.
//!
//! `cargo bench --bench stall` prints Markdown for `docs/benchmarks.md` and draws `docs/stall.svg`. One
//! client does what is measured, another sends PING after PING all the while: to the primary, and in another
//! run to a replica that has no module. What counts is the PING that took longest.

#[path = "../tests/it/support/mod.rs"]
#[allow(
    clippy::wildcard_imports,
    reason = "in tests of its own, which are not seen as such here"
)]
mod support;

mod figures;
mod servers;

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use figures::chart::{Bar, svg};
use figures::{Spread, processor, verdict};
use servers::{Server, project};
use support::server::field_of;
use support::{Client, module_path, ok, resp::encode, until};

const SERVERS: [&str; 2] = ["redis-7.0", "valkey-9.1"];

const FIELDS: usize = 500_000;
const PIECE: usize = 1_000;
/// Odd, so that the median is one of them.
const ROUNDS: usize = 9;

/// Old values are freed after the reply: so long is watched on.
const AFTERWARDS: Duration = Duration::from_millis(200);
/// Between two PINGs, so that those who watch leave the processors to those who work.
const BETWEEN: Duration = Duration::from_micros(100);

const IDLE: &str = "nothing";
const UPLOAD: &str = "`ATOMIC.STAGE`, 1,000 fields each";
const PACED: &str = "the same, `WAIT 1 0` after each";
const COMMIT: &str = "`ATOMIC.COMMIT` over 500,000 fields";
const RENAME: &str = "`RENAME` over 500,000 fields";
const HSET: &str = "`HSET` of 500,000 fields";

/// What is done meanwhile, the command that does it, and how many milliseconds a PING may take then.
const ACTS: [(&str, &str, Option<f64>); 6] = [
    (IDLE, "", None),
    (COMMIT, "atomic.commit", Some(2.0)),
    (RENAME, "rename", None),
    (UPLOAD, "atomic.stage", Some(5.0)),
    (PACED, "atomic.stage", Some(5.0)),
    (HSET, "hset", None),
];

/// Of each round, in milliseconds: the longest PING on the primary and on the replica, and how long the
/// primary was at the command that took it longest.
type Longest = [Vec<f64>; 3];

fn main() {
    // `cargo test --all-targets` runs benches too.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let begun = Instant::now();
    servers::get(&SERVERS);
    let mut all = SERVERS.map(|_| ACTS.map(|_| Longest::default()));
    for round in 0..ROUNDS {
        for (name, found) in SERVERS.iter().zip(&mut all) {
            for (on, with_replica) in [false, true].into_iter().enumerate() {
                for (place, [ping, command]) in found.iter_mut().zip(measure(name, with_replica)) {
                    place[on].push(ping);
                    if !with_replica {
                        place[2].push(command);
                    }
                }
            }
        }
        eprintln!("round {} of {ROUNDS}", round + 1);
    }
    report(&all);
    draw(&all[0]);
    println!("\nTaken in {} s.", begun.elapsed().as_secs());
}

/// A primary with the module, and a replica without where it is the one that is watched.
struct Watched {
    primary: Server,
    replica: Option<Server>,
}

impl Watched {
    fn start(name: &'static str, with_replica: bool) -> Self {
        // The one that is watched has a processor for its answers; the other one frees memory, and works.
        let pinned = |main: u8| format!("server_cpulist {main}\nbio_cpulist 1\n");
        let load = format!("loadmodule {}\n", module_path());
        let sync = "repl-diskless-sync-delay 0\nclient-output-buffer-limit replica 0 0 0\n\
                    latency-tracking-info-percentiles 100\n";
        let settings = load + sync + &pinned(with_replica.into());
        let primary = Server::configured(name, &settings, &[]);
        let replica = with_replica.then(|| {
            let address = primary.address();
            let follow = format!("replicaof {} {}\n", address.ip(), address.port());
            Server::configured(name, &(follow + &pinned(0)), &[])
        });
        let watched = Self { primary, replica };
        watched.until_the_same();
        watched
    }

    fn client(&self) -> Client {
        self.primary.client()
    }

    /// Waits until the replica, if there is one, has done all that the primary has.
    fn until_the_same(&self) {
        let Some(replica) = &self.replica else { return };
        let section = |server: &Server, field| server.info("replication", field);
        until("the replica follows", || {
            section(replica, "master_link_status") == "up"
        });
        until("the replica has done the same", || {
            section(&self.primary, "master_repl_offset") == section(replica, "slave_repl_offset")
        });
    }

    /// The longest PING while `act` runs, and the longest run of `command` on the primary, in milliseconds.
    fn longest_during(&self, command: &str, act: impl FnOnce(&mut Client)) -> [f64; 2] {
        self.until_the_same();
        self.client().cmd("CONFIG RESETSTAT");
        let over = AtomicBool::new(false);
        let server = self.replica.as_ref().unwrap_or(&self.primary);
        let mut client = self.client();
        let ping = std::thread::scope(|scope| {
            let watcher = scope.spawn(|| longest_ping(&mut server.client(), &over));
            act(&mut client);
            self.until_the_same();
            std::thread::sleep(AFTERWARDS);
            over.store(true, Ordering::Relaxed);
            watcher.join().expect("it watches")
        });
        [ping, self.longest_run(command)]
    }

    fn longest_run(&self, command: &str) -> f64 {
        let field = format!("latency_percentiles_usec_{command}");
        let info = self.client().cmd("INFO latencystats").text();
        let longest = field_of(&info, &field);
        longest.map_or(0.0, |text| {
            let microseconds = text.trim_start_matches("p100=").parse::<f64>();
            microseconds.expect("microseconds") / 1e3
        })
    }
}

fn longest_ping(client: &mut Client, over: &AtomicBool) -> f64 {
    let mut longest = Duration::ZERO;
    while !over.load(Ordering::Relaxed) {
        let begun = Instant::now();
        client.cmd("PING");
        longest = longest.max(begun.elapsed());
        std::thread::sleep(BETWEEN);
    }
    longest.as_secs_f64() * 1e3
}

fn fields(range: Range<usize>) -> impl Iterator<Item = String> {
    range.flat_map(|i| [format!("field-{i}"), format!("value-{i}")])
}

/// A command with a range of the fields, as it is sent.
fn command(head: &str, range: Range<usize>) -> Vec<u8> {
    let head = head.split(' ').map(String::from);
    encode(&head.chain(fields(range)).collect::<Vec<_>>())
}

/// All pieces of a hash.
fn pieces(head: impl Fn(usize) -> String) -> Vec<Vec<u8>> {
    (0..FIELDS)
        .step_by(PIECE)
        .map(|at| command(&head(at), at..at + PIECE))
        .collect()
}

fn send(client: &mut Client, commands: &[Vec<u8>]) {
    for command in commands {
        client.send_bytes(command);
        let reply = client.receive();
        assert!(!reply.is_error(), "{reply}");
    }
}

/// Sends no command before the replicas, so many as are watched, have done the one before it.
fn send_paced(client: &mut Client, commands: &[Vec<u8>], with_replica: bool) {
    for command in commands {
        send(client, std::slice::from_ref(command));
        client.cmd(&format!("WAIT {} 0", u8::from(with_replica)));
    }
}

/// All acts once, on the primary alone or watched on its replica.
fn measure(name: &'static str, with_replica: bool) -> [[f64; 2]; ACTS.len()] {
    let watched = Watched::start(name, with_replica);
    let native = |key: &str| {
        send(&mut watched.client(), &pieces(|_| format!("HSET {key}")));
        watched.until_the_same();
    };
    native("key");
    let [_, commit, rename, stage, _, hset] = ACTS.map(|(_, command, _)| command);
    let nothing = watched.longest_during("", |_| std::thread::sleep(Duration::from_millis(500)));
    let staged = pieces(|at| format!("ATOMIC.STAGE stage {at} EX 600 HASH {PIECE}"));
    let upload = watched.longest_during(stage, |client| send(client, &staged));
    let commit = watched.longest_during(commit, |client| {
        assert_eq!(client.cmd("ATOMIC.COMMIT stage key"), ok());
    });
    native("key:tmp");
    let rename = watched.longest_during(rename, |client| {
        assert_eq!(client.cmd("RENAME key:tmp key"), ok());
    });
    // Where nothing of the first upload is left to be freed.
    let paced = watched.longest_during(stage, |client| send_paced(client, &staged, with_replica));
    let huge = [command("HSET huge", 0..FIELDS)];
    let hset = watched.longest_during(hset, |client| send(client, &huge));
    [nothing, commit, rename, upload, paced, hset]
}

fn report(all: &[[Longest; ACTS.len()]; SERVERS.len()]) {
    println!(
        "The longest PING of another client, in milliseconds, on the primary and on a replica without the \
         module, on {}: median of {ROUNDS} rounds, and the least and the most. A hash of {FIELDS} \
         fields. Last, how long the primary was at the command itself, which no neighbour disturbs.\n",
        processor()
    );
    println!("| meanwhile | server | PING: primary | PING: replica | | longest command |");
    println!("|---|---|---:|---:|---|---:|");
    for (server, found) in SERVERS.iter().zip(all) {
        for ((act, _, wanted), longest) in ACTS.iter().zip(found) {
            let [primary, replica, command] = longest
                .each_ref()
                .map(|all| Spread::of(all.iter().copied()));
            let verdict = wanted.map_or_else(String::new, |wanted| {
                let met = primary.median.max(replica.median) <= wanted;
                format!("at most {wanted} wanted: **{}**", verdict(met))
            });
            println!("| {act} | {server} | {primary} | {replica} | {verdict} | {command} |");
        }
    }
}

/// Draws what the primary of the first server showed.
fn draw(found: &[Longest; ACTS.len()]) {
    let bars = ACTS
        .iter()
        .zip(found)
        .skip(1)
        .map(|((act, ..), [primary, ..])| Bar {
            label: act.replace('`', ""),
            value: Spread::of(primary.iter().copied()).median,
            ours: [UPLOAD, PACED, COMMIT].contains(act),
        });
    let title = format!("Longest PING of another client on {}", SERVERS[0]);
    let chart = svg(&title, "ms", [0.1, 1000.0], &bars.collect::<Vec<_>>());
    std::fs::write(project("docs/stall.svg"), chart).expect("docs/stall.svg");
}
