//! The clients and what they do.

use std::fmt::Write;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng};

use crate::support::*;

pub const KEYS: [&str; 2] = ["k", "l"];
pub const DBS: usize = 2;
const CLIENTS: usize = 8;
const STEPS: usize = 40;

/// One call of LOCK.ACQUIRE, known by its index, which is its order of arrival and in its token `t<index>`.
#[derive(Debug, Clone)]
pub struct Request {
    pub db: usize,
    pub key: &'static str,
    /// In milliseconds, and the step in which it came.
    pub lifetime: i64,
    pub since: usize,
    /// Waits without limit, and was not unblocked.
    pub patient: bool,
    pub reply: Option<Value>,
    /// The step by whose end it was answered, or its client gone.
    pub over: Option<usize>,
    /// The server has ended its connection.
    pub is_killed: bool,
}

pub struct Seat {
    pub client: Client,
    pub id: String,
    pub db: usize,
    /// The request that it waits for.
    pub waits: Option<usize>,
    /// Locks that it has been told it holds.
    holds: Vec<usize>,
}

pub struct Player<'a> {
    server: &'a Server,
    /// One for each database.
    pub control: Vec<Client>,
    pub seats: Vec<Seat>,
    pub requests: Vec<Request>,
    pub step: usize,
    /// Steps in which nobody touched a lock whose holder's time ran out.
    pub undisturbed: Vec<usize>,
    pub trace: Vec<String>,
    rng: TestRng,
}

impl<'a> Player<'a> {
    pub fn new(server: &'a Server, seed: u64) -> Player<'a> {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let mut player = Player {
            server,
            control: (0..DBS).map(|db| connect(server, db).client).collect(),
            seats: (0..CLIENTS).map(|i| connect(server, i % DBS)).collect(),
            requests: Vec::new(),
            step: 0,
            undisturbed: Vec::new(),
            trace: Vec::new(),
            rng: TestRng::from_seed(RngAlgorithm::ChaCha, &bytes),
        };
        player.on_control(0, "FLUSHALL");
        player.mark();
        player
    }

    /// Plays all steps, and sees everybody off who waits.
    pub fn play(&mut self) {
        while self.step < STEPS {
            self.step += 1;
            if self.one_in(2) {
                self.act();
            } else {
                self.fault();
            }
            self.until_quiet();
            self.mark();
        }
        self.step += 1;
        for db in 0..DBS {
            for key in KEYS {
                until("all who wait have been served", || {
                    self.control[db].call(&["DEL", key]);
                    self.poll();
                    self.waiting_for(db, key) == 0
                });
            }
        }
        self.mark();
        let waiting = self.server.info("atomic", "atomic_locks_waiting");
        assert_eq!(waiting, "0");
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.rng.random_range(0..end)
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    pub fn note(&mut self, what: &str) {
        self.trace.push(format!("{}: {what}", self.step));
    }

    pub fn on_control(&mut self, db: usize, line: &str) -> Value {
        let reply = self.control[db].cmd(line);
        self.note(&format!("db {db}: {line} -> {reply}"));
        reply
    }

    /// The end of a step, in the order of what replicas are sent.
    fn mark(&mut self) {
        let mark = self.step.to_string();
        self.control[0].call(&["PUBLISH", "step", &mark]);
    }

    /// A client takes, extends or releases a lock.
    fn act(&mut self) {
        let idle: Vec<usize> = (0..CLIENTS)
            .filter(|&i| self.seats[i].waits.is_none())
            .collect();
        if idle.is_empty() {
            return self.fault();
        }
        let seat = self.of(&idle);
        let held = self.seats[seat].holds.len();
        if held == 0 || self.one_in(3) {
            return self.acquire(seat);
        }
        let index = self.below(held);
        let request = self.seats[seat].holds[index];
        let (key, token) = (self.requests[request].key, format!("t{request}"));
        let line = match self.below(6) {
            0 | 1 => format!("LOCK.EXTEND {key} {token} PX {}", self.lifetime()),
            2 => format!("LOCK.RELEASE {key} nobodys"),
            _ => {
                self.seats[seat].holds.remove(index);
                format!("LOCK.RELEASE {key} {token}")
            }
        };
        let reply = self.seats[seat].client.cmd(&line);
        self.note(&format!("client {seat}: {line} -> {reply}"));
        if line.ends_with("nobodys") {
            assert_ne!(reply, int(1), "it is another's");
        }
    }

    fn lifetime(&mut self) -> i64 {
        self.of(&[3, 10, 30, 60_000, 60_000])
    }

    /// The words of a new request, which arrives now.
    pub fn request(&mut self, db: usize, wait: Option<usize>) -> (usize, String) {
        let number = self.requests.len();
        let key = self.of(&KEYS);
        let lifetime = self.lifetime();
        self.requests.push(Request {
            db,
            key,
            lifetime,
            since: self.step,
            patient: wait == Some(0),
            reply: None,
            over: None,
            is_killed: false,
        });
        let mut line = format!("LOCK.ACQUIRE {key} t{number} PX {lifetime}");
        if let Some(time) = wait {
            write!(line, " BLOCK {time}").expect("a string takes all");
        }
        if self.one_in(2) {
            line += " FENCE n";
        }
        (number, line)
    }

    fn acquire(&mut self, seat: usize) {
        let wait = match self.below(4) {
            0 => None,
            1 => Some(1 + self.below(20)),
            _ => Some(0),
        };
        let (request, line) = self.request(self.seats[seat].db, wait);
        self.note(&format!("client {seat}: {line}"));
        let words: Vec<&str> = line.split(' ').collect();
        self.seats[seat].client.send(&words);
        self.seats[seat].waits = Some(request);
        // It has arrived when it waits or is answered.
        until("the request has arrived", || {
            self.poll();
            let id = self.seats[seat].id.clone();
            let waits = |flags: String| flags.contains('b');
            self.seats[seat].waits.is_none() || self.flags(&id).is_some_and(waits)
        });
    }

    /// The flags of a client, if the server has it.
    fn flags(&mut self, id: &str) -> Option<String> {
        let list = self.control[0].cmd("CLIENT LIST").text();
        let prefix = format!("id={id} ");
        let line = list.lines().find(|line| line.starts_with(&prefix))?;
        let (_, flags) = line.split_once(" flags=")?;
        flags.split(' ').next().map(String::from)
    }

    /// How many wait for a lock, as far as has been noted.
    pub fn waiting_for(&self, db: usize, key: &str) -> usize {
        let waits = |seat: &&Seat| {
            let request = seat.waits.map(|index| &self.requests[index]);
            request.is_some_and(|request| (request.db, request.key) == (db, key))
        };
        self.seats.iter().filter(waits).count()
    }

    /// Notes all answers that have come.
    pub fn poll(&mut self) {
        for seat in 0..self.seats.len() {
            if self.seats[seat].waits.is_some() {
                match self.seats[seat].client.poll() {
                    None => (),
                    Some(Ok(reply)) => self.answered(seat, reply),
                    Some(Err(error)) => panic!("client {seat} has lost its connection: {error}"),
                }
            }
        }
    }

    pub fn answered(&mut self, seat: usize, reply: Value) {
        let request = self.seats[seat].waits.take().expect("it has asked");
        self.note(&format!("client {seat}: t{request} -> {reply}"));
        if matches!(reply, Value::Int(1..)) {
            self.seats[seat].holds.push(request);
        }
        self.requests[request].over = Some(self.step);
        self.requests[request].reply = Some(reply);
    }

    /// A new client in the place of one that is gone, or goes now. What that was told before is heard.
    pub fn replace(&mut self, seat: usize, is_closed: bool) {
        if is_closed
            && self.seats[seat].waits.is_some()
            && let Ok(reply) = self.seats[seat].client.try_receive()
        {
            self.answered(seat, reply);
        }
        let db = self.below(DBS);
        let gone = std::mem::replace(&mut self.seats[seat], connect(self.server, db));
        drop(gone.client);
        until("the server has noticed", || self.flags(&gone.id).is_none());
        if let Some(request) = gone.waits {
            self.requests[request].over = Some(self.step);
            self.requests[request].is_killed = is_closed;
        }
    }

    /// Waits until no lock is free that somebody waits for: nobody is forgotten.
    fn until_quiet(&mut self) {
        self.poll();
        let waiting = self.seats.iter().filter_map(|seat| seat.waits);
        let places: Vec<(usize, &str)> = waiting
            .map(|request| (self.requests[request].db, self.requests[request].key))
            .collect();
        for (db, key) in places {
            until("a free lock is granted", || {
                let info = self.control[db].call(&["LOCK.INFO", key]);
                info.is_error() || info.pairs()[0].1 == int(1) || info.pairs()[2].1 == int(0)
            });
        }
        self.poll();
    }
}

fn connect(server: &Server, db: usize) -> Seat {
    let mut client = server.client();
    client.call(&["SELECT", &db.to_string()]);
    Seat {
        id: client.id().to_string(),
        client,
        db,
        waits: None,
        holds: Vec::new(),
    }
}
