use std::time::Instant;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng};

use super::model::{Answer, Call, Command, Fields, Number};
use crate::support::resp::encode;
use crate::support::{Client, Server};

/// How many groups of keys there are, each of two strings and a hash. The more there are, the longer may a
/// history be that is checked group by group.
pub const GROUPS: usize = 4;

/// A command with its times, in nanoseconds since the history began.
#[derive(Debug, Clone)]
pub struct Record {
    pub group: usize,
    pub command: Command,
    pub begin: u128,
    /// When the reply was there; `None` where there never was one.
    pub end: Option<u128>,
}

/// How a history is made.
pub struct Campaign<'a> {
    pub server: &'a Server,
    /// Keys and choices are others in each.
    pub number: usize,
    pub clients: usize,
    /// Of all clients together.
    pub operations: usize,
    /// Whether clients are cut off now and then.
    pub cut_off: bool,
    /// Or else comparisons are made by the client, which is wrong.
    pub atomic: bool,
}

impl Campaign<'_> {
    pub fn run(&self) -> Vec<Record> {
        let start = Instant::now();
        let transactions = self.server.is_at_least(7, 0);
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..self.clients)
                .map(|number| {
                    let mut player = Player::new(self, number, transactions, start);
                    scope.spawn(move || {
                        for _ in 0..self.operations / self.clients {
                            player.play();
                        }
                        player.records
                    })
                })
                .collect();
            let records = threads
                .into_iter()
                .map(|thread| thread.join().expect("it ends"));
            records.flatten().collect()
        })
    }
}

/// How often a client may be cut off. A command of unknown outcome may take effect at any time to come, and to
/// look for an order takes twice the time with each that is about the same keys.
const CUTS: usize = 2;

/// What a client has seen last of a group.
#[derive(Clone, Copy, Default)]
struct Seen {
    strings: [Number; 2],
    hash: Fields,
}

/// One client after the other, of which each goes on from what was seen last.
struct Player<'a> {
    campaign: &'a Campaign<'a>,
    client: Client,
    rng: TestRng,
    /// Of each group, what its keys begin with, and what was seen.
    prefixes: [String; GROUPS],
    seen: [Seen; GROUPS],
    transactions: bool,
    start: Instant,
    number: Number,
    cuts: usize,
    records: Vec<Record>,
}

impl<'a> Player<'a> {
    fn new(campaign: &'a Campaign<'a>, number: usize, transactions: bool, start: Instant) -> Self {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&campaign.number.to_le_bytes());
        seed[8..16].copy_from_slice(&number.to_le_bytes());
        Self {
            campaign,
            client: campaign.server.client(),
            rng: TestRng::from_seed(RngAlgorithm::ChaCha, &seed),
            prefixes: std::array::from_fn(|group| format!("{{{}-{group}}}", campaign.number)),
            seen: Default::default(),
            transactions,
            start,
            number: Number::try_from(number).expect("few clients"),
            cuts: 0,
            records: Vec::new(),
        }
    }

    fn play(&mut self) {
        let group = self.rng.random_range(0..GROUPS);
        let call = self.choose(self.seen[group]);
        let begin = self.start.elapsed().as_nanos();
        let may_be = self.campaign.cut_off && self.cuts < CUTS;
        let answer = if may_be && self.rng.random_ratio(1, 50) {
            self.cuts += 1;
            self.cut_off(group, call);
            Answer::Unknown
        } else if let (false, Call::CasSet(key, before, after)) = (self.campaign.atomic, call) {
            self.compare_by_hand(group, key, before, after)
        } else {
            self.call(group, call)
        };
        let known = answer != Answer::Unknown;
        let end = known.then(|| self.start.elapsed().as_nanos());
        self.seen[group].learn(call, answer);
        let command = Command { call, answer };
        self.records.push(Record {
            group,
            command,
            begin,
            end,
        });
    }

    fn call(&mut self, group: usize, call: Call) -> Answer {
        let reply = self.client.call(&call.words(&self.prefixes[group]));
        call.answer(&reply)
    }

    /// Sends a command, or the beginning of it, and hangs up.
    fn cut_off(&mut self, group: usize, call: Call) {
        let bytes = encode(&call.words(&self.prefixes[group]));
        let whole = self.rng.random::<bool>();
        let sent = self.rng.random_range(1..bytes.len());
        let sent = if whole { bytes.len() } else { sent };
        self.client.send_bytes(&bytes[..sent]);
        self.client = self.campaign.server.client();
    }

    fn compare_by_hand(
        &mut self,
        group: usize,
        key: usize,
        before: Number,
        after: Number,
    ) -> Answer {
        let holds = self.call(group, Call::Get(key)) == Answer::String(Some(before));
        if holds {
            self.call(group, Call::Set(key, after));
        }
        Answer::Done(holds)
    }

    /// Mostly what may well succeed.
    fn choose(&mut self, seen: Seen) -> Call {
        let key = self.rng.random_range(0..2);
        let held = seen.strings[key];
        let value = self.next(held);
        let fields = (self.next(seen.hash.0), value);
        match self.rng.random_range(0..12) {
            0..=1 => Call::Get(key),
            2 => Call::Set(key, value),
            3..=4 => Call::CasSet(key, held, value),
            5 => Call::Newer(key, value),
            6 => Call::CasDel(key, held),
            7 => Call::ReadHash,
            8 => Call::CasHset(seen.hash.0, fields),
            9 => Call::Replace(seen.hash, fields),
            10 if self.transactions => Call::Swap(seen.strings[0], seen.strings[1]),
            _ => Call::NewHash(fields),
        }
    }

    /// A number that is hardly ever another client's too, near to one seen last.
    fn next(&mut self, last: Number) -> Number {
        (last / 16 + self.rng.random_range(0..=2)) * 16 + self.number
    }
}

impl Seen {
    /// What the next choices go by.
    fn learn(&mut self, call: Call, answer: Answer) {
        match (call, answer) {
            (Call::Get(key), Answer::String(Some(value)))
            | (
                Call::Set(key, value) | Call::CasSet(key, _, value) | Call::Newer(key, value),
                Answer::Done(true),
            ) => self.strings[key] = value,
            (Call::Swap(a, b), Answer::Done(true)) => self.strings = [b, a],
            (_, Answer::Hash(Some(fields)))
            | (
                Call::CasHset(_, fields) | Call::Replace(_, fields) | Call::NewHash(fields),
                Answer::Done(true),
            ) => self.hash = fields,
            _ => (),
        }
    }
}
