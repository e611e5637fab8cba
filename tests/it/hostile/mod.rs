//! Nothing that clients send hurts the server: no crash, no hang, no caught panic, exactly one
//! well-formed reply to each command, and nothing changed by one that is refused.
//!
//! A campaign is a number of rounds. Each begins with the same keys, follows from the seed and its own
//! number alone, and so is played again without those before it:
//!
//! ```text
//! make fuzz                                     # long, on every server
//! FUZZ_SEED=7 FUZZ_ROUNDS=500 cargo test --test it hostile::
//! FUZZ_SEED=7 FUZZ_ROUND=123 cargo test --test it hostile::     # that one alone
//! ```
//!
//! A round that fails is made as short as it fails with, and printed.
//!
//! - `odd.rs`: words that are wrong nearly everywhere, or nearly right.
//! - `call.rs`: calls drawn from the grammar and spoilt, noise, and plain commands between them.
//! - `session.rs`: sends calls in pipelines and judges the replies.
//! - `round.rs`: the kinds of rounds.
//! - `shrink.rs`: the shortest list of calls that still fails.

mod call;
mod odd;
mod round;
mod session;
mod shrink;

use std::time::Instant;

use crate::support::{Builder, Server, Words, until, until_some};
use round::{Kind, Round};

/// So many rounds are played where nobody says otherwise.
const ROUNDS: u64 = 60;
/// The smallest that there is, so that strings that are too long come cheap.
pub const LONGEST_WORD: usize = 1 << 20;
/// How often the replica is compared, and the memory counted, in rounds.
const BETWEEN_LOOKS: u64 = 50;
/// What memory of the server may be added by a campaign at most, in bytes: buffers, statistics, logs.
const MAY_STAY: i64 = 8 << 20;

fn server() -> Server {
    Builder::default()
        .arg("proto-max-bulk-len", "1mb")
        .arg("repl-backlog-size", "1mb")
        .start()
}

fn parameter(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}: a number")))
}

#[test]
fn nothing_that_clients_send_hurts_the_server() {
    let seed = parameter("FUZZ_SEED").unwrap_or(1);
    let rounds = match parameter("FUZZ_ROUND") {
        Some(one) => one..one + 1,
        None => 0..parameter("FUZZ_ROUNDS").unwrap_or(ROUNDS),
    };
    let begin = Instant::now();
    let mut campaign = Campaign::start();
    let mut commands = 0;
    for number in rounds.clone() {
        let round = Round::draw(seed, number);
        commands += round.calls.len();
        if let Err(reason) = round.play(&campaign.server) {
            report(seed, &round, &reason);
        }
        if number % BETWEEN_LOOKS == BETWEEN_LOOKS - 1 {
            campaign.look();
        }
    }
    campaign.look();
    // An orderly end, at which memcheck looks for what is lost.
    campaign.server.stop();
    println!(
        "fuzz: seed {seed}, rounds {rounds:?}, {commands} commands in {:.0?}",
        begin.elapsed()
    );
}

/// Panics with what to play again, and with the calls that it takes.
fn report(seed: u64, round: &Round, reason: &str) -> ! {
    let number = round.number;
    println!("FUZZ_SEED={seed} FUZZ_ROUND={number}: {reason}; looking for a shorter one");
    let (calls, reason) = if round.kind == Kind::Torn {
        (Vec::new(), reason.to_owned())
    } else {
        shrink::shortest(round, reason)
    };
    let calls: Vec<String> = calls.iter().map(Words::to_string).collect();
    panic!(
        "FUZZ_SEED={seed} FUZZ_ROUND={number} ({:?}): {reason}\nafter the keys of \
         errors/keyspace.rs:\n{}",
        round.kind,
        calls.join("\n")
    );
}

struct Campaign {
    server: Server,
    replica: Server,
    /// Memory used by the server when it was empty, in bytes.
    memory: i64,
}

impl Campaign {
    fn start() -> Campaign {
        let server = server();
        let replica = Server::builder()
            .without_module()
            .replica_of(&server)
            .start();
        // What is allocated once is there from now on.
        let once = Round::draw(0, 0);
        once.play(&server).expect("the first round");
        let memory = empty(&server);
        Campaign {
            server,
            replica,
            memory,
        }
    }

    /// The replica holds the same, and the memory of what is gone is free.
    fn look(&self) {
        until("the replica holds what the primary holds", || {
            let digest = |server: &Server| server.client().cmd("DEBUG DIGEST").text();
            let before = digest(&self.server);
            self.replica.until_in_sync();
            digest(&self.replica) == before
        });
        self.server.client().cmd("FLUSHALL");
        // By threads of the server and by its clock: it may pause, and go on.
        until("the memory of what is gone is free", || {
            used(&self.server) - self.memory < MAY_STAY
        });
        assert_eq!(self.server.info("clients", "blocked_clients"), "0");
    }
}

/// Takes all keys away, and returns the memory that is used when all is freed.
fn empty(server: &Server) -> i64 {
    let mut client = server.client();
    client.cmd("FLUSHALL");
    drop(client);
    let mut before = i64::MAX;
    until_some("no more memory is freed", || {
        let now = used(server);
        let freed = before - now;
        before = now;
        (freed < 4096).then_some(now)
    })
}

fn used(server: &Server) -> i64 {
    server.info_number("memory", "used_memory")
}
