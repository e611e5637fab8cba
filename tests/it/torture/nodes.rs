//! The servers: a primary, a replica that can take its place, and one without the module.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::crew::Tally;
use crate::support::{Builder, Server, Value, until};

pub struct Nodes {
    /// Those with the module and an AOF.
    members: [Server; 2],
    /// Which of them is the primary.
    first: usize,
    pub plain: Server,
    /// What the primary had counted when the round began; `None` when it has not counted all of it.
    counted: Option<i64>,
}

impl Nodes {
    pub fn start() -> Nodes {
        let primary = Server::builder().aof().start();
        let replica = Server::builder().aof().replica_of(&primary).start();
        let plain = Server::builder().without_module().replica_of(&primary);
        Nodes {
            plain: plain.start(),
            members: [primary, replica],
            first: 0,
            counted: Some(0),
        }
    }

    pub fn primary(&self) -> &Server {
        &self.members[self.first]
    }

    pub fn replica(&mut self) -> &mut Server {
        &mut self.members[1 - self.first]
    }

    /// The primary dies and comes back.
    pub fn crash(&mut self) {
        self.counted = None;
        self.members[self.first].kill9();
        self.members[self.first].restart();
    }

    /// The replica takes over from a primary that nobody writes to.
    pub fn promote(&mut self) {
        self.until_all_agree();
        self.counted = None;
        let [a, b] = &mut self.members;
        let (old, new) = if self.first == 0 { (a, b) } else { (b, a) };
        new.follow(None);
        old.follow(Some(new));
        self.plain.follow(Some(new));
        self.first = 1 - self.first;
    }

    fn until_all_agree(&self) {
        let digest = |server: &Server| {
            let digest = server.client().cmd("DEBUG DIGEST");
            (!digest.is_error()).then(|| digest.text())
        };
        until("all replicas hold what the primary holds", || {
            let wanted = digest(self.primary());
            let others = [&self.members[1 - self.first], &self.plain];
            wanted.is_some() && others.iter().all(|server| digest(server) == wanted)
        });
    }

    /// When nobody writes: all hold the same, and so does a server without the module that loads the AOF.
    pub fn verify_data(&self) {
        let primary = self.primary();
        self.until_all_agree();
        assert_same(primary, &self.plain);
        assert_same(primary, &out_of_aof(primary));
    }

    /// After a round.
    pub fn verify(&mut self, done: &Tally, fault: &str) {
        let primary = self.primary();
        let abandoned = || primary.client().cmd("KEYS abandoned:*").items().len();
        until("no abandoned stage is left", || abandoned() == 0);
        assert_eq!(primary.info("clients", "blocked_clients"), "0");
        self.verify_data();
        let now = count(primary);
        if let Some(before) = self.counted {
            let (least, perhaps) = (done.conditions, done.conditions_perhaps);
            assert!(
                (least..=least + perhaps).contains(&(now - before)),
                "{fault}: {least} conditions were answered, and {perhaps} perhaps tested; INFO counts {}",
                now - before
            );
        }
        self.counted = Some(now);
    }
}

/// Conditions that were tested.
fn count(server: &Server) -> i64 {
    ["applied", "refused"]
        .iter()
        .map(|what| server.info_number("atomic", &format!("atomic_conditions_{what}")))
        .sum()
}

/// The values do not depend on their encoding or order, unlike what DUMP shows.
fn assert_same(wanted: &Server, found: &Server) {
    // Before 7.0 only the time left can be asked for.
    let tolerance = if wanted.is_at_least(7, 0) { 0 } else { 1000 };
    let (wanted, found) = (all_of(wanted), all_of(found));
    assert!(
        wanted.keys().eq(found.keys()),
        "{wanted:?} became {found:?}"
    );
    for ((key, (value, time)), (other_value, other_time)) in wanted.iter().zip(found.values()) {
        assert_eq!(value, other_value, "the value of {key}");
        let difference = (time - other_time).abs();
        assert!(
            difference <= tolerance,
            "{key} expires {difference} ms too early or late"
        );
    }
}

/// By key: the digest of the value, and when it expires, or -1.
fn all_of(server: &Server) -> BTreeMap<String, (String, i64)> {
    let mut client = server.client();
    let is_exact = server.is_at_least(7, 0);
    let keys = client.cmd("KEYS *").items().to_vec();
    let of = |key: Value| {
        let digest = client.call(&[b"DEBUG", b"DIGEST-VALUE".as_slice(), key.bytes()]);
        let ask: &[u8] = if is_exact { b"PEXPIRETIME" } else { b"PTTL" };
        let time = client.call(&[ask, key.bytes()]).number();
        let time = if is_exact || time < 0 {
            time
        } else {
            time + now()
        };
        (key.text(), (digest.items()[0].text(), time))
    };
    keys.into_iter().map(of).collect()
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("1970");
    i64::try_from(since.as_millis()).expect("a time of our age")
}

/// A server without the module that has loaded a copy of the AOF.
fn out_of_aof(server: &Server) -> Server {
    until("the AOF is not being rewritten", || {
        server.info("persistence", "aof_rewrite_in_progress") == "0"
            && server.info("persistence", "aof_rewrite_scheduled") == "0"
    });
    let mut copy = Server::builder().without_module().start();
    copy.stop();
    copy_aof(server.dir(), copy.dir());
    copy.restart_with(Builder::aof);
    copy
}

fn copy_aof(from: &Path, to: &Path) {
    // Since 7.0 it is a directory.
    let (from_parts, to_parts) = (from.join("appendonlydir"), to.join("appendonlydir"));
    if !from_parts.exists() {
        fs::copy(from.join("appendonly.aof"), to.join("appendonly.aof")).expect("an AOF");
        return;
    }
    fs::create_dir_all(&to_parts).expect("a directory");
    for part in fs::read_dir(from_parts).expect("a directory") {
        let part = part.expect("a file");
        fs::copy(part.path(), to_parts.join(part.file_name())).expect("a part of the AOF");
    }
}
