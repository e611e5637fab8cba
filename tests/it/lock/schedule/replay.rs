//! The order of grants, as replicas are sent it, and what has to be true of it.

use std::collections::HashMap;

use super::player::Request;
use crate::support::sniffer::Sniffer;
use crate::support::*;

/// Keys and their values, `None` for one that is no string, of one database.
type Db = HashMap<String, Option<String>>;

pub struct Replay {
    stream: Sniffer,
    db: usize,
    dbs: Vec<Db>,
    /// How many in all.
    pub grants: usize,
}

/// A grant in the order of all.
struct Grant {
    request: usize,
    step: usize,
    db: usize,
    key: String,
    /// The counter's value right after it, if it was incremented with it.
    number: Option<i64>,
}

impl Replay {
    pub fn of(server: &Server) -> Replay {
        Replay {
            stream: Sniffer::on(server),
            db: 0,
            dbs: vec![Db::new(); 16],
            grants: 0,
        }
    }

    /// Replays a schedule up to the end of its last step.
    pub fn judge(&mut self, requests: &[Request], last: usize) {
        let grants = self.read(last);
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

    fn read(&mut self, last: usize) -> Vec<Grant> {
        let mut grants: Vec<Grant> = Vec::new();
        let (mut step, mut granted) = (0, None);
        loop {
            let command = self.stream.next_of_all();
            let word = |index: usize| command.word(index);
            match command.name().as_str() {
                "PUBLISH" if word(2) == last.to_string() => return grants,
                "PUBLISH" => step = word(2).parse::<usize>().expect("a step") + 1,
                "SET" if word(2).starts_with('t') && word(2) != "theirs" => {
                    let before = self.dbs[self.db].get(&word(1));
                    assert_eq!(before, None, "two hold {}: {command}", word(1));
                    granted = Some(grants.len());
                    grants.push(Grant {
                        request: word(2)[1..].parse().expect("the number of a request"),
                        step,
                        db: self.db,
                        key: word(1),
                        number: None,
                    });
                    self.apply(&command);
                }
                "INCR" => {
                    let number = self.increment(&word(1));
                    grants[granted.expect("a grant before it")].number = Some(number);
                }
                _ => self.apply(&command),
            }
        }
    }

    fn increment(&mut self, key: &str) -> i64 {
        let counter = self.dbs[self.db]
            .entry(key.into())
            .or_insert(Some("0".into()));
        let number: i64 = counter
            .as_ref()
            .expect("a string")
            .parse()
            .expect("a number");
        *counter = Some((number + 1).to_string());
        number + 1
    }

    fn apply(&mut self, command: &Words) {
        let word = |index: usize| command.word(index);
        let index = |at: usize| word(at).parse::<usize>().expect("a database");
        let db = &mut self.dbs[self.db];
        match command.name().as_str() {
            "SELECT" => self.db = index(1),
            "SET" => _ = db.insert(word(1), Some(word(2))),
            "RPUSH" => _ = db.insert(word(1), None),
            "DEL" | "UNLINK" => (1..command.len()).for_each(|at| _ = db.remove(&word(at))),
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
            "MULTI" | "EXEC" | "PING" | "REPLCONF" | "PEXPIREAT" | "PEXPIRE" | "PERSIST" => (),
            _ => panic!("what is {command}?"),
        }
    }
}
