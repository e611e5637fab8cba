//! The order of grants, as replicas are sent it, and what has to be true of it.

use std::collections::HashMap;

use super::player::{Player, Request};
use crate::support::sniffer::Sniffer;
use crate::support::*;

/// The keys of one database.
type Db = HashMap<String, Held>;

/// What a key holds.
#[derive(Clone, PartialEq, Debug)]
struct Held {
    /// `None` for what is no string.
    value: Option<String>,
    /// When it expires, in milliseconds since the Unix epoch.
    until: Option<i64>,
}

pub struct Replay {
    stream: Sniffer,
    db: usize,
    dbs: Vec<Db>,
    /// Keys that are gone, and when they would have expired.
    freed: HashMap<(usize, String), Option<i64>>,
    /// How many in all.
    pub grants: usize,
    /// For how many milliseconds a lock was free whose holder's time was over, and for which somebody waited.
    pub late: Vec<i64>,
}

/// A grant in the order of all.
struct Grant {
    request: usize,
    step: usize,
    db: usize,
    key: String,
    /// The counter's value right after it, if it was incremented with it.
    number: Option<i64>,
    /// To when it would have been held by the one before.
    before: Option<i64>,
}

impl Replay {
    pub fn of(server: &Server) -> Replay {
        Replay {
            stream: Sniffer::on(server),
            db: 0,
            dbs: vec![Db::new(); 16],
            freed: HashMap::new(),
            grants: 0,
            late: Vec::new(),
        }
    }

    /// By how many milliseconds grants were late at the end of a holder's time, in the middle; 0 without any.
    pub fn late(&mut self) -> i64 {
        self.late.sort_unstable();
        self.late.get(self.late.len() / 2).copied().unwrap_or(0)
    }

    /// Replays a schedule up to the end of its last step.
    pub fn judge(&mut self, player: &Player<'_>) {
        let requests = &player.requests;
        let grants = self.read(player);
        self.grants += grants.len();
        let mut latest = HashMap::new();
        for grant in &grants {
            let request = &requests[grant.request];
            let what = format!("t{}", grant.request);
            assert_eq!(
                (grant.db, grant.key.as_str()),
                (request.db, request.key),
                "{what}"
            );
            let over = request.over.expect("every request ends");
            assert!(grant.step <= over, "{what} was over before it was granted");
            // First come, first served: who comes later is never served before.
            let before = latest.insert((grant.db, &grant.key), grant.request);
            assert!(
                before < Some(grant.request),
                "{what} was overtaken by {before:?}"
            );
        }
        for (index, request) in requests.iter().enumerate() {
            let grant = grants.iter().find(|grant| grant.request == index);
            match &request.reply {
                Some(Value::Int(0)) => assert!(grant.is_none(), "t{index} was told 0"),
                Some(Value::Int(number)) => {
                    let grant = grant.unwrap_or_else(|| panic!("t{index} has nothing"));
                    assert_eq!(grant.number.unwrap_or(1), *number, "t{index}");
                }
                // It was told so in the moment of the grant, which was taken back.
                Some(reply) => assert!(reply.is_error(), "t{index}: {reply}"),
                None => (),
            }
        }
        for (index, request) in requests.iter().enumerate() {
            let waited_in_vain = request.patient && request.reply == Some(int(0));
            assert!(!waited_in_vain, "t{index} would have waited without limit");
        }
    }

    fn read(&mut self, player: &Player<'_>) -> Vec<Grant> {
        let mut grants: Vec<Grant> = Vec::new();
        let mut step = 0;
        self.freed.clear();
        // Before 7.0 the time of a grant follows it.
        let mut is_timed_next = false;
        loop {
            let command = self.stream.next_of_all();
            let is_timed_now = std::mem::take(&mut is_timed_next);
            let word = |index: usize| command.word(index);
            match command.name().as_str() {
                "PUBLISH" => {
                    let mark = word(2).parse::<usize>().expect("a step");
                    for grant in grants.iter().filter(|grant| grant.step == mark) {
                        self.look_whether_heard_of(&player.requests, grant);
                    }
                    if mark == player.step {
                        return grants;
                    }
                    step = mark + 1;
                }
                "SET" if word(2).starts_with('t') && word(2) != "theirs" => {
                    let before = self.dbs[self.db].get(&word(1));
                    assert_eq!(before, None, "two hold {}: {command}", word(1));
                    grants.push(Grant {
                        request: word(2)[1..].parse().expect("the number of a request"),
                        step,
                        db: self.db,
                        key: word(1),
                        number: None,
                        before: self.freed.remove(&(self.db, word(1))).flatten(),
                    });
                    self.apply(&command);
                    is_timed_next = !self.look_whether_late(player, &grants[grants.len() - 1]);
                }
                "PEXPIREAT" if is_timed_now => {
                    self.apply(&command);
                    self.look_whether_late(player, &grants[grants.len() - 1]);
                }
                "INCR" => {
                    let number = self.increment(&word(1));
                    grants.last_mut().expect("a grant before it").number = Some(number);
                }
                _ => self.apply(&command),
            }
        }
    }

    fn increment(&mut self, key: &str) -> i64 {
        let db = &mut self.dbs[self.db];
        let counter = db.entry(key.into()).or_insert_with(|| held("0"));
        let number = counter.value.as_ref().expect("a string").parse::<i64>();
        let next = number.expect("a number") + 1;
        counter.value = Some(next.to_string());
        next
    }

    /// What its client never heard of is taken back in the same step.
    fn look_whether_heard_of(&self, requests: &[Request], grant: &Grant) {
        let request = &requests[grant.request];
        let told_another = request.reply.as_ref().is_some_and(Value::is_error);
        if told_another || request.is_killed && request.reply.is_none() {
            let now = self.dbs[grant.db].get(&grant.key);
            let now = now.and_then(|held| held.value.clone());
            let token = format!("t{}", grant.request);
            assert_ne!(now.as_ref(), Some(&token), "nobody knows of it");
        }
    }

    /// Of a grant to one who waited before a step in which a holder died undisturbed. Whether its own time
    /// is known.
    fn look_whether_late(&mut self, player: &Player<'_>, grant: &Grant) -> bool {
        let request = &player.requests[grant.request];
        let Some(until) = self.dbs[grant.db][&grant.key].until else {
            return false;
        };
        let late = grant.before.map(|end| until - request.lifetime - end);
        let late = late.filter(|&late| late >= 0 && request.since < grant.step);
        let late = late.filter(|_| player.undisturbed.contains(&grant.step));
        self.late.extend(late);
        true
    }

    fn apply(&mut self, command: &Words) {
        let word = |index: usize| command.word(index);
        let index = |at: usize| word(at).parse::<usize>().expect("a database");
        let db = &mut self.dbs[self.db];
        match command.name().as_str() {
            "SELECT" => self.db = index(1),
            "SET" => {
                let until = (command.len() == 5 && word(3) == "PXAT").then(|| time(&word(4)));
                let value = Held {
                    until,
                    ..held(&word(2))
                };
                db.insert(word(1), value);
            }
            // Before 7.0 replicas are sent a PEXPIRE as it came.
            "PEXPIREAT" | "PEXPIRE" | "PERSIST" => {
                let is_known = command.name() == "PEXPIREAT";
                if let Some(held) = db.get_mut(&word(1)) {
                    held.until = is_known.then(|| time(&word(2)));
                }
            }
            "RPUSH" => {
                let value = None;
                db.insert(word(1), Held { value, until: None });
            }
            "DEL" | "UNLINK" => {
                if let Some(held) = db.remove(&word(1)) {
                    self.freed.insert((self.db, word(1)), held.until);
                }
            }
            "RENAME" => {
                let value = db.remove(&word(1)).expect("a key that is renamed");
                db.insert(word(2), value);
            }
            "MOVE" => {
                let value = db.remove(&word(1)).expect("a key that is moved");
                self.dbs[index(2)].insert(word(1), value);
            }
            "FLUSHDB" => db.clear(),
            "FLUSHALL" => self.dbs.iter_mut().for_each(Db::clear),
            "SWAPDB" => self.dbs.swap(index(1), index(2)),
            "MULTI" | "EXEC" | "PING" | "REPLCONF" => (),
            _ => panic!("what is {command}?"),
        }
    }
}

fn held(value: &str) -> Held {
    let value = Some(value.to_owned());
    Held { value, until: None }
}

fn time(text: &str) -> i64 {
    text.parse().expect("a time")
}
