//! All data of a server, comparable with another's.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::support::*;

pub struct Snapshot {
    /// By key: type, content as DUMP serializes it, and when it expires.
    keys: BTreeMap<Words, (String, Words, Option<i64>)>,
    /// Before 7.0 only the time left can be asked for.
    times_are_exact: bool,
}

impl Snapshot {
    pub fn of(server: &Server) -> Snapshot {
        let mut client = server.client();
        let times_are_exact = server.is_at_least(7, 0);
        let names = client.cmd("KEYS *");
        let keys = names.items().iter().map(|name| {
            let mut ask = |command: &str| client.call(&[command.as_bytes(), name.bytes()]);
            let kind = ask("TYPE").text();
            let content = Words::from([ask("DUMP").bytes()]);
            let expires = if times_are_exact {
                Some(ask("PEXPIRETIME").number()).filter(|&at| at >= 0)
            } else {
                let left = ask("PTTL").number();
                (left >= 0).then(|| left + now())
            };
            (Words::from([name.bytes()]), (kind, content, expires))
        });
        Snapshot {
            keys: keys.collect(),
            times_are_exact,
        }
    }
}

fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    i64::try_from(since.as_millis()).expect("a time of our age")
}

/// Panics with the first key that differs.
pub fn assert_same(wanted: &Snapshot, found: &Snapshot) {
    let tolerance = if wanted.times_are_exact { 0 } else { 500 };
    assert!(wanted.keys.len() > 3, "the workload left too little");
    assert!(
        wanted.keys.keys().eq(found.keys.keys()),
        "keys: want {:?} got {:?}",
        wanted.keys.keys(),
        found.keys.keys()
    );
    for ((name, wanted), found) in wanted.keys.iter().zip(found.keys.values()) {
        assert_eq!((&wanted.0, &wanted.1), (&found.0, &found.1), "{name}");
        let same_time = match (wanted.2, found.2) {
            (Some(wanted), Some(found)) => (wanted - found).abs() <= tolerance,
            (wanted, found) => wanted == found,
        };
        assert!(
            same_time,
            "{name}: expires {:?}, not {:?}",
            found.2, wanted.2
        );
    }
}
