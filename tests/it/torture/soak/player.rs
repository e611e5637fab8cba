//! A client of the soak: it sends the lines of a round, waits for locks in every way there is, and keeps
//! to a pace.

use std::time::{Duration, Instant};

use xxhash_rust::xxh3::xxh3_64;

use super::lines::{ALL, ANY, GUARDED, Line, REST};
use crate::replication::Random;
use crate::support::until::pause_until;
use crate::support::{Client, Server, error, int, until};

/// Keys of each client, by number; a round takes one of them.
pub const SLOTS: u64 = 10;
const LONGEST: u64 = 2000;

pub struct Player {
    id: u64,
    random: Random,
    /// Between two commands.
    pace: Duration,
    next: Instant,
    lines: Vec<Line>,
    pub commands: u64,
}

impl Player {
    pub fn new(server: &Server, id: u64, pace: Duration) -> Player {
        let mut families = ALL.to_vec();
        if server.is_at_least(7, 0) {
            families.push(GUARDED);
        }
        families.push(REST);
        Player {
            id,
            random: Random::new(id),
            pace,
            next: Instant::now(),
            lines: families.concat(),
            commands: 0,
        }
    }

    /// Brings all of its keys to rest.
    pub fn prepare(&mut self, server: &Server) {
        let mut client = server.client();
        for slot in 0..SLOTS {
            self.say(&mut client, slot, REST);
        }
    }

    /// Whole rounds, until the time has come.
    pub fn play(&mut self, server: &Server, end: Instant) {
        let mut client = server.client();
        self.next = Instant::now();
        while Instant::now() < end {
            let slot = self.random.below(SLOTS);
            let lines = std::mem::take(&mut self.lines);
            self.say(&mut client, slot, &lines);
            self.lines = lines;
            self.wait(&mut client, server);
        }
    }

    fn say(&mut self, client: &mut Client, slot: u64, lines: &[Line]) {
        let key = format!("{}:{slot}", self.id);
        let [first, second] = [self.text(), self.text()];
        let digest = format!("{:016x}", xxh3_64(first.as_bytes()));
        let fill = |text: &str| {
            let parts: Vec<String> = text
                .chars()
                .map(|letter| match letter {
                    '@' => key.clone(),
                    '#' => first.clone(),
                    '~' => second.clone(),
                    '$' => digest.clone(),
                    other => other.into(),
                })
                .collect();
            parts.concat()
        };
        for (line, wanted) in lines {
            let reply = client.cmd(&fill(line)).to_string();
            // The null of RESP2 has a `$` of its own.
            let wanted = fill(&wanted.replace("$-1", "\0")).replace('\0', "$-1");
            let is_as_wanted = match wanted.as_str() {
                ANY => !reply.starts_with('-'),
                error if error.starts_with('-') => reply.starts_with(error),
                whole => reply == whole,
            };
            assert!(is_as_wanted, "{line}: {reply} instead of {wanted}");
            self.keep_pace(1);
        }
    }

    fn text(&mut self) -> String {
        let part = format!("{}-{:x}", self.id, self.random.next());
        let times = self.random.below(LONGEST / 20);
        part.repeat(usize::try_from(1 + times).expect("few"))
    }

    /// Waits for a lock that is released, that expires, that is waited for in vain, and as a client that
    /// is unblocked, killed, or hangs up.
    fn wait(&mut self, holder: &mut Client, server: &Server) {
        let lock = format!("{}:waited", self.id);
        let take = format!("LOCK.ACQUIRE {lock} holder PX 1000000");
        let wait = format!("LOCK.ACQUIRE {lock} other PX 1000000 BLOCK 100000");
        let mut other = server.client();
        let queue = |holder: &mut Client, other: &mut Client, take: &str| {
            assert_eq!(holder.cmd(take), int(1));
            other.send(&wait.split(' ').collect::<Vec<_>>());
            until_waiting(holder, &lock, 1);
        };
        let release = |client: &mut Client, token: &str| {
            assert_eq!(client.cmd(&format!("LOCK.RELEASE {lock} {token}")), int(1));
        };
        queue(holder, &mut other, &take);
        release(holder, "holder");
        assert_eq!(other.receive(), int(1));
        release(&mut other, "other");

        // So short that it may be over before the other waits.
        let short = format!("LOCK.ACQUIRE {lock} holder PX 5");
        assert_eq!(holder.cmd(&short), int(1));
        assert_eq!(other.cmd(&wait), int(1));
        release(&mut other, "other");

        let id = other.id();
        queue(holder, &mut other, &take);
        assert_eq!(holder.cmd(&format!("CLIENT UNBLOCK {id} ERROR")), int(1));
        let unblocked = error("UNBLOCKED client unblocked via CLIENT UNBLOCK");
        assert_eq!(other.receive(), unblocked);
        release(holder, "holder");

        queue(holder, &mut other, &take);
        assert_eq!(holder.cmd(&format!("CLIENT KILL ID {id}")), int(1));
        other.expect_closed();
        release(holder, "holder");

        let mut other = server.client();
        queue(holder, &mut other, &take);
        drop(other);
        until_waiting(holder, &lock, 0);
        release(holder, "holder");
        self.keep_pace(25);
    }

    fn keep_pace(&mut self, commands: u32) {
        self.commands += u64::from(commands);
        // What was missed is not made up for.
        self.next = self.next.max(Instant::now()) + self.pace * commands;
        pause_until(self.next);
    }
}

fn until_waiting(client: &mut Client, lock: &str, count: i64) {
    until("they wait for the lock", || {
        let info = client.cmd(&format!("LOCK.INFO {lock}")).to_string();
        info.contains(&format!("\"waiters\", :{count}"))
    });
}
