//! Taking and releasing a lock that nobody else wants, in a pipeline.

use crate::figures::{Spread, verdict};
use crate::pinned::Pinned;
use crate::servers::Server;
use crate::start;
use crate::support::{Client, resp::encode};

const ROUNDS: usize = 11;
const BATCHES: usize = 400;
/// Pairs of commands in a pipeline.
const PIPELINE: usize = 32;

/// As libraries after the redlock pattern have them.
const ACQUIRE: &str = "return redis.call('set',KEYS[1],ARGV[1],'NX','PX',ARGV[2])";
const RELEASE: &str = "if redis.call('get',KEYS[1]) == ARGV[1] then return redis.call('del',KEYS[1]) else return 0 end";

pub fn report() {
    println!("\n### Nobody else\n");
    let names = [
        "`LOCK.ACQUIRE`, `LOCK.RELEASE`",
        "`EVALSHA`, `EVALSHA`",
        "`SET … NX PX`, `EVALSHA`",
        "`SET … NX PX`, `DEL`",
    ];
    let mut times: [Vec<f64>; 4] = Default::default();
    for round in 0..ROUNDS {
        let servers = [start()];
        let [server] = &servers;
        let _together = Pinned::with(&servers);
        let mut client = server.client();
        let pairs = pairs(&mut client);
        for turn in 0..pairs.len() {
            let row = (round + turn) % pairs.len();
            times[row].push(time(server, &mut client, &pairs[row]));
        }
    }
    println!(
        "| in pipelines of {PIPELINE} pairs, client and server on one processor | server's µs for a pair |\n|---|---:|"
    );
    for (name, times) in names.iter().zip(&times) {
        println!("| {name} | {} |", Spread::of(times.iter().copied()));
    }
    let ratio = Spread::of_ratios(&times[1], &times[0]);
    let verdict = verdict(ratio.median >= 2.0);
    println!(
        "\n- the pair of scripts takes {ratio} times as long; at least 2 is wanted: **{verdict}**."
    );
}

type Pair = [Vec<String>; 2];

fn pairs(client: &mut Client) -> [Pair; 4] {
    let acquire = client.call(&["SCRIPT", "LOAD", ACQUIRE]).text();
    let release = client.call(&["SCRIPT", "LOAD", RELEASE]).text();
    let words = |line: String| line.split(' ').map(String::from).collect::<Vec<_>>();
    let pair = |lines: [String; 2]| lines.map(words);
    let token = "a8098c1af86e11daa9e0001b63d1ab1c";
    let scripted = format!("EVALSHA {release} 1 k {token}");
    let set = format!("SET k {token} NX PX 30000");
    [
        pair([
            format!("LOCK.ACQUIRE k {token} PX 30000"),
            format!("LOCK.RELEASE k {token}"),
        ]),
        pair([
            format!("EVALSHA {acquire} 1 k {token} 30000"),
            scripted.clone(),
        ]),
        pair([set.clone(), scripted]),
        pair([set, "DEL k".into()]),
    ]
}

/// The server's microseconds for one pair.
fn time(server: &Server, client: &mut Client, pair: &Pair) -> f64 {
    let bytes = pair
        .iter()
        .flat_map(|words| encode(words))
        .collect::<Vec<_>>();
    let bytes = bytes.repeat(PIPELINE);
    let work = server.time_of(|| {
        for _ in 0..BATCHES {
            client.send_bytes(&bytes);
            for _ in 0..2 * PIPELINE {
                assert!(!client.receive().is_error());
            }
        }
    });
    #[allow(clippy::cast_precision_loss, reason = "a few thousand")]
    let taken = (BATCHES * PIPELINE) as f64;
    work * 1e6 / taken
}
