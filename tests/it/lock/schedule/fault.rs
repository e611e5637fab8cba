//! What happens to locks and to clients.

use super::player::{DBS, KEYS, Player};
use crate::support::*;

impl Player<'_> {
    pub fn fault(&mut self) {
        match self.below(13) {
            0..4 => self.change_a_key(),
            4 => self.evict(),
            5 => self.disturb_the_counter(),
            6 => self.close(),
            7 => self.kill(),
            8 => self.unblock(),
            9 | 10 => self.in_the_moment_of_the_grant(),
            11 => self.holder_dies(),
            _ => {
                self.note("a while");
                let time = self.of(&["0.001", "0.004", "0.015"]);
                self.control[0].call(&["DEBUG", "SLEEP", time]);
            }
        }
    }

    fn change_a_key(&mut self) {
        let db = self.below(DBS);
        let key = self.of(&KEYS);
        let other = KEYS[usize::from(key == KEYS[0])];
        let lines: &[&str] = match self.below(16) {
            0 => &["DEL k"],
            1 => &["UNLINK k"],
            2 => &["RENAME k away"],
            3 => &["RENAME k other"],
            4 => &["MOVE k 1"],
            5 => &["FLUSHDB"],
            6 => &["FLUSHALL"],
            7 => &["SWAPDB 0 1"],
            8 => &["PEXPIRE k 1"],
            9 => &["PEXPIRE k 8"],
            10 => &["PERSIST k"],
            11 => &["SET k theirs NX PX 12"],
            12 => &["SET k theirs PX 60000"],
            13 => &["RPUSH list x", "RENAME list k"],
            14 => &["MULTI", "DEL k", "SET k theirs NX PX 20", "EXEC"],
            _ => &["MULTI", "PEXPIREAT k 1", "GET k", "EXEC"],
        };
        for line in lines {
            let name = |word: &str| match word {
                "k" => key.to_owned(),
                "other" => other.to_owned(),
                word => word.to_owned(),
            };
            let words: Vec<String> = line.split(' ').map(name).collect();
            self.on_control(db, &words.join(" "));
        }
    }

    fn evict(&mut self) {
        self.on_control(0, "CONFIG SET maxmemory-policy allkeys-random");
        self.on_control(0, "CONFIG SET maxmemory 1");
        self.on_control(0, "SET x 1");
        self.on_control(0, "CONFIG SET maxmemory 0");
    }

    fn disturb_the_counter(&mut self) {
        let db = self.below(DBS);
        let line = self.of(&[
            "SET n x",
            "SET n 9223372036854775807",
            "SET n 5",
            "DEL n",
            "DEL n",
        ]);
        self.on_control(db, line);
    }

    /// One that waits, or any.
    fn victim(&mut self) -> usize {
        let all = 0..self.seats.len();
        let waiting: Vec<usize> = all.filter(|&i| self.seats[i].waits.is_some()).collect();
        if waiting.is_empty() {
            return self.below(self.seats.len());
        }
        self.of(&waiting)
    }

    /// It cuts its connection.
    fn close(&mut self) {
        let seat = self.victim();
        self.note(&format!("client {seat} closes"));
        self.replace(seat, false);
    }

    fn kill(&mut self) {
        let seat = self.victim();
        self.note(&format!("client {seat} is killed"));
        let id = self.seats[seat].id.clone();
        let reply = self.control[0].call(&["CLIENT", "KILL", "ID", &id]);
        assert_eq!(reply, int(1));
        self.replace(seat, true);
    }

    fn unblock(&mut self) {
        let seat = self.victim();
        let how = self.of(&["TIMEOUT", "ERROR"]);
        self.note(&format!("client {seat} is unblocked by {how}"));
        let id = self.seats[seat].id.clone();
        self.control[0].call(&["CLIENT", "UNBLOCK", &id, how]);
        self.hear(seat);
    }

    /// Waits for the answer to one who was unblocked, if it has asked.
    fn hear(&mut self, seat: usize) {
        if let Some(request) = self.seats[seat].waits {
            self.requests[request].patient = false;
            let reply = self.seats[seat].client.receive();
            self.answered(seat, reply);
        }
    }

    /// Who holds a lock has a few milliseconds left, and nobody touches it until one who waits has an answer.
    fn holder_dies(&mut self) {
        let seat = self.victim();
        let Some(request) = self.seats[seat].waits else {
            return;
        };
        let (db, key) = (self.requests[request].db, self.requests[request].key);
        let Some(owner) = self.owner(db, key) else {
            return;
        };
        let line = format!("LOCK.EXTEND {key} {owner} PX 4");
        if self.on_control(db, &line) == int(1) {
            self.undisturbed.push(self.step);
            until("somebody has an answer", || {
                let waiting = self.waiting_for(db, key);
                self.poll();
                self.waiting_for(db, key) < waiting
            });
        }
    }

    /// The value of a key, if it is a string.
    fn owner(&mut self, db: usize, key: &str) -> Option<String> {
        let value = self.control[db].call(&["GET", key]);
        (!value.is_null() && !value.is_error()).then(|| value.text())
    }

    /// A key is freed, and in the same round of the server's event loop something happens to who is next.
    fn in_the_moment_of_the_grant(&mut self) {
        let seat = self.victim();
        let Some(request) = self.seats[seat].waits else {
            return self.unblock();
        };
        let (db, key) = (self.requests[request].db, self.requests[request].key);
        let id = self.seats[seat].id.clone();
        let owner = self.owner(db, key);
        let owner = owner.unwrap_or_else(|| "nobodys".to_owned());
        let free = match self.below(3) {
            0 => format!("DEL {key}"),
            1 => format!("SWAPDB {db} {DBS}"),
            _ => format!("LOCK.RELEASE {key} {owner}"),
        };
        let (newcomer, line) = self.request(db, None);
        let then = match self.below(4) {
            0 => format!("CLIENT KILL ID {id}"),
            1 => format!("CLIENT UNBLOCK {id} TIMEOUT"),
            2 => format!("CLIENT UNBLOCK {id} ERROR"),
            _ => format!("LOCK.INFO {key}"),
        };
        self.note(&format!("db {db}: {free}; {then}; {line}"));
        let lines = [&free, &then, &line];
        let words = lines.map(|line| line.split(' ').collect::<Vec<_>>());
        let bytes: Vec<u8> = words.iter().flat_map(|words| resp::encode(words)).collect();
        self.control[db].send_bytes(&bytes);
        let replies = words.map(|_| self.control[db].receive());
        self.note(&format!("{replies:?}"));
        self.requests[newcomer].reply = Some(replies[2].clone());
        self.requests[newcomer].over = Some(self.step);
        if then.starts_with("CLIENT KILL") {
            self.replace(seat, true);
        } else if then.starts_with("CLIENT UNBLOCK") {
            self.hear(seat);
        }
    }
}
