//! A native command for each of the module's: it needs the same rights to the same keys, and is in the
//! same categories (but `@fast` and `@slow`, which are no matter of rights).

use crate::support::*;

pub struct Cousin {
    /// The module's command; what it is called with is its `describe::table::Row`.
    pub of: &'static str,
    /// Calls on the same keys: who may do all of it may call the command. `<dump>` is some value as DUMP
    /// shows it.
    pub calls: &'static [&'static str],
    /// Rules that make a difference, and why.
    pub except: &'static [(&'static str, &'static str)],
}

const fn cousin(of: &'static str, calls: &'static [&'static str]) -> Cousin {
    Cousin {
        of,
        calls,
        except: &[],
    }
}

const NO_BYTES: &str = "RESTORE is dangerous for it takes bytes of an internal format";

/// Replaces a value of any type, as RESTORE does, the only native command to do so with a value that is
/// given.
const ANY_TYPE: Cousin = Cousin {
    of: "",
    calls: &["RESTORE k 0 <dump> REPLACE"],
    except: &[
        ("+@dangerous ~*", NO_BYTES),
        ("+@all -@dangerous ~*", NO_BYTES),
    ],
};

const ALL_IS_INSIDE: &str =
    "it brings no right that the commands inside do not need; MULTI is not in @write";

/// Reads, then writes.
const GUARDED: Cousin = Cousin {
    of: "",
    calls: &["MULTI", "GET k", "SET k new", "EXEC"],
    except: &[
        ("+@write ~*", ALL_IS_INSIDE),
        ("+@read +@write ~*", ALL_IS_INSIDE),
        ("+@write -@keyspace ~*", ALL_IS_INSIDE),
        (
            "+@all -@read ~*",
            "a condition is no command; SET … GET tells a user without @read more",
        ),
        (
            "(+<command> %R~*) (+<command> %W~*)",
            "it is one command, which one of the selectors must allow",
        ),
    ],
};

/// Writes a string if it is there, and reads nothing of it; `@fast` as well.
const SETNX: &[&str] = &["SETNX k v"];

/// Reads a string and writes it. From 6.2 on; before there is GETSET.
const SET_GET: &str = "SET k new GET";

pub const COUSINS: &[Cousin] = &[
    cousin("atomic.replacehash", &["HSET k f v"]),
    cousin("atomic.replaceset", &["SADD k m"]),
    cousin("atomic.replacelist", &["RPUSH k e"]),
    cousin("atomic.replacezset", &["ZADD k 1 m"]),
    Cousin {
        of: "atomic.replace",
        ..ANY_TYPE
    },
    Cousin {
        of: "atomic.stage",
        ..ANY_TYPE
    },
    cousin("atomic.commit", &["RENAME k k2"]),
    cousin("cas.set", &[SET_GET]),
    cousin("cas.del", &[SET_GET]),
    // EXPIRE alone would do without the right to read, but this compares.
    cousin("cas.expire", &["MOVE k 1"]),
    cousin("cas.get", &["GET k"]),
    cousin("cas.digest", &["GET k"]),
    // It reads a field and writes it.
    cousin("cas.hset", &["HINCRBY k n 1"]),
    cousin("cas.hdel", &["HINCRBY k n 1"]),
    Cousin {
        of: "cas.if",
        ..GUARDED
    },
    Cousin {
        of: "cas.txn",
        ..GUARDED
    },
    Cousin {
        of: "lock.acquire",
        calls: &["SET k hello EX 1000", "INCR k3"],
        except: &[
            ("+@blocking ~*", "it can wait"),
            ("+@all -@blocking ~*", "it can wait"),
        ],
    },
    cousin("lock.extend", &["SET k hello XX EX 1000"]),
    cousin("lock.release", SETNX),
    cousin("lock.info", &["GET k"]),
    cousin("delex", SETNX),
    cousin("digest", &["GET k"]),
    cousin("delifeq", SETNX),
    cousin("cas.nativeset", &["SET k new"]),
    cousin("cas.nativesetget", &[SET_GET]),
];

impl Cousin {
    /// That of a command of the module.
    pub fn of(command: &str) -> &'static Cousin {
        COUSINS
            .iter()
            .find(|cousin| cousin.of == command)
            .unwrap_or_else(|| panic!("{command} has no cousin in tests/it/acl/cousins.rs"))
    }

    /// The names of the commands that it takes, in lower case.
    pub fn names(&self, server: &Server) -> Vec<String> {
        let name = |call: Words| call.name().to_lowercase();
        self.words(server).into_iter().map(name).collect()
    }

    /// The calls as this server knows them.
    pub fn words(&self, server: &Server) -> Vec<Words> {
        let spell = |call: &&str| {
            let call = match *call {
                SET_GET if !server.is_at_least(6, 2) => "GETSET k new",
                call => call,
            };
            let words = call.split(' ').map(|word| match word {
                "<dump>" => dump(server),
                _ => word.into(),
            });
            Words(words.collect())
        };
        self.calls.iter().map(spell).collect()
    }
}

fn dump(server: &Server) -> Vec<u8> {
    let mut client = server.client();
    client.cmd("SET dumped v");
    client.cmd("DUMP dumped").bytes().to_vec()
}
