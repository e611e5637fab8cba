//! Plain commands by several connections: at a fixed rate, for the latency, and as fast as they go, for what
//! a command costs.

use std::time::{Duration, Instant};

use crate::servers::Server;
use crate::support::Client;
use crate::support::resp::encode;
use crate::support::until::pause_until;

const CONNECTIONS: u32 = 8;
/// Of all connections together, commands per second: a third of what one server does without pipelines.
const RATE: u32 = 6_000;
/// Of a server that is to be kept busy.
const PIPELINE: usize = 32;
const KEYS: u64 = 10_000;

/// Latencies in microseconds, in ascending order.
pub struct Latencies(Vec<f64>);

impl Latencies {
    /// The one that so many of a thousand do not exceed.
    pub fn at(&self, per_thousand: usize) -> f64 {
        self.0[(self.0.len() - 1) * per_thousand / 1000]
    }
}

/// All keys, so that what is read is there.
pub fn prepare(server: &Server) {
    let mut client = server.client();
    for key in 0..KEYS {
        for command in [set(key), hset(key)] {
            client.send_bytes(&command);
            assert!(!client.receive().is_error());
        }
    }
}

/// Each connection sends at its times, whether or not the one before was answered soon. A reply is late by
/// the time since it was to be sent, but what the clock of the client overslept is not the server's.
pub fn at_fixed_rate(server: &Server, time: Duration, seed: u64) -> Latencies {
    let every = Duration::from_secs(1) * CONNECTIONS / RATE;
    let play = |mut client: Client, number: u32| {
        let mut mix = Mix(seed * 100 + u64::from(number));
        let mut latencies = Vec::new();
        // Not all at once.
        let mut due = Instant::now() + every * number / CONNECTIONS;
        let end = due + time;
        while due < end {
            let was_free = Instant::now() < due;
            pause_until(due);
            let since = if was_free { Instant::now() } else { due };
            client.send_bytes(&mix.next());
            let reply = client.receive();
            latencies.push(since.elapsed().as_secs_f64() * 1e6);
            assert!(!reply.is_error(), "{reply}");
            due += every;
        }
        latencies
    };
    let mut all = by_all(server, play).concat();
    all.sort_by(f64::total_cmp);
    Latencies(all)
}

/// How many commands a second were answered, and microseconds of the server's processor for each.
pub fn as_fast_as_it_goes(server: &Server, time: Duration, seed: u64) -> (f64, f64) {
    let begun = Instant::now();
    let mut count = 0.0;
    let taken = server.time_of(|| {
        let play = |mut client: Client, number: u32| {
            let mut mix = Mix(seed * 100 + u64::from(number));
            let mut count = 0.0;
            while begun.elapsed() < time {
                let commands: Vec<_> = (0..PIPELINE).map(|_| mix.next()).collect();
                client.send_bytes(&commands.concat());
                for _ in 0..PIPELINE {
                    client.receive();
                    count += 1.0;
                }
            }
            count
        };
        count = by_all(server, play).into_iter().sum();
    });
    (count / begun.elapsed().as_secs_f64(), taken * 1e6 / count)
}

fn by_all<T: Send>(server: &Server, play: impl Fn(Client, u32) -> T + Sync) -> Vec<T> {
    let clients: Vec<Client> = (0..CONNECTIONS).map(|_| server.client()).collect();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..)
            .zip(clients)
            .map(|(number, client)| {
                let play = &play;
                scope.spawn(move || play(client, number))
            })
            .collect();
        let ended = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
        ended.map(|ended| ended.expect("it is answered")).collect()
    })
}

/// Half of them read, the others write.
struct Mix(u64);

impl Mix {
    fn next(&mut self) -> Vec<u8> {
        // SplitMix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        let key = z / 20 % KEYS;
        match z % 20 {
            0..10 => encode(&["GET".to_owned(), format!("key:{key}")]),
            10..15 => set(key),
            15..18 => hset(key),
            _ => encode(&["INCR".to_owned(), format!("number:{key}")]),
        }
    }
}

fn set(key: u64) -> Vec<u8> {
    encode(&["SET".to_owned(), format!("key:{key}"), "x".repeat(100)])
}

fn hset(key: u64) -> Vec<u8> {
    let (name, field) = (format!("hash:{key}"), format!("field:{}", key % 10));
    encode(&["HSET".to_owned(), name, field, "x".repeat(50)])
}
