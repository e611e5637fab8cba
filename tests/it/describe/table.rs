//! What each command has to be to the server. A new command is a new row.

pub struct Row {
    pub name: &'static str,
    pub arity: i64,
    pub flags: &'static [&'static str],
    /// What happens to each key of `call`, as `COMMAND GETKEYSANDFLAGS` writes it: word 1 and on.
    pub keys: &'static [Key],
    pub categories: &'static [&'static str],
    /// A call that changes the key `k`, which is as [`Row::given`] makes it, if it changes keys at all;
    /// and that never fails.
    pub call: &'static str,
}

/// A key and its flags.
type Key = (&'static str, &'static [&'static str]);

impl Row {
    /// What makes `k` what the call works on.
    pub fn given(&self) -> &'static str {
        match self.name {
            "cas.hset" | "cas.hdel" => "ATOMIC.REPLACEHASH k f hello",
            _ => "SET k hello",
        }
    }

    pub fn reads(&self) -> bool {
        self.has(&["access"])
    }

    pub fn writes(&self) -> bool {
        self.has(&["RW", "OW"])
    }

    fn has(&self, flags: &[&str]) -> bool {
        let mut all = self.keys.iter().flat_map(|(_, flags)| flags.iter());
        all.any(|flag| flags.contains(flag))
    }

    /// How many keys stand right after the name; others are found by a word before them.
    pub fn keys_in_front(&self) -> usize {
        let words = self.call.split(' ').skip(1);
        let both = words.zip(self.keys);
        both.take_while(|(word, (key, _))| word == key).count()
    }

    pub fn is_write(&self) -> bool {
        self.flags.contains(&"write")
    }
}

pub const ROWS: &[Row] = &[
    Row {
        name: "atomic.replacehash",
        arity: -4,
        flags: &["write", "denyoom"],
        keys: &[("k", &["OW", "update"])],
        categories: &["@write", "@hash", "@slow"],
        call: "ATOMIC.REPLACEHASH k f v",
    },
    Row {
        name: "atomic.replaceset",
        arity: -3,
        flags: &["write", "denyoom"],
        keys: &[("k", &["OW", "update"])],
        categories: &["@write", "@set", "@slow"],
        call: "ATOMIC.REPLACESET k m",
    },
    Row {
        name: "atomic.replacelist",
        arity: -3,
        flags: &["write", "denyoom"],
        keys: &[("k", &["OW", "update"])],
        categories: &["@write", "@list", "@slow"],
        call: "ATOMIC.REPLACELIST k e",
    },
    Row {
        name: "atomic.replacezset",
        arity: -4,
        flags: &["write", "denyoom"],
        keys: &[("k", &["OW", "update"])],
        categories: &["@write", "@sortedset", "@slow"],
        call: "ATOMIC.REPLACEZSET k 1 m",
    },
    Row {
        name: "atomic.replace",
        arity: -4,
        flags: &["write", "denyoom"],
        keys: &[("k", &["RW", "update"])],
        categories: &["@write", "@keyspace", "@slow"],
        call: "ATOMIC.REPLACE k SET 1 m",
    },
    Row {
        name: "atomic.stage",
        arity: -7,
        flags: &["write", "denyoom"],
        keys: &[("k", &["RW", "update"])],
        categories: &["@write", "@keyspace", "@slow"],
        call: "ATOMIC.STAGE k 0 EX 100 SET 1 m",
    },
    Row {
        name: "atomic.commit",
        arity: -3,
        flags: &["write"],
        keys: &[
            ("k", &["RW", "access", "delete"]),
            ("k2", &["RW", "update"]),
        ],
        categories: &["@write", "@keyspace", "@slow"],
        call: "ATOMIC.COMMIT k k2",
    },
    Row {
        name: "cas.set",
        arity: -4,
        flags: &["write", "denyoom"],
        keys: &[("k", &["RW", "access", "update"])],
        categories: &["@write", "@string", "@slow"],
        call: "CAS.SET k IFEQ hello new GET",
    },
    Row {
        name: "cas.del",
        arity: -3,
        flags: &["write", "fast"],
        keys: &[("k", &["RW", "access", "delete"])],
        categories: &["@write", "@string", "@fast"],
        call: "CAS.DEL k IFEQ hello GET",
    },
    Row {
        name: "cas.expire",
        arity: -4,
        flags: &["write", "fast"],
        keys: &[("k", &["RW", "access", "update"])],
        categories: &["@write", "@keyspace", "@fast"],
        call: "CAS.EXPIRE k IFEQ hello EX 1000",
    },
    Row {
        name: "cas.get",
        arity: -2,
        flags: &["readonly", "fast"],
        keys: &[("k", &["RO", "access"])],
        categories: &["@read", "@string", "@fast"],
        call: "CAS.GET k",
    },
    Row {
        name: "cas.digest",
        arity: 2,
        flags: &["readonly", "fast"],
        keys: &[("k", &["RO", "access"])],
        categories: &["@read", "@string", "@fast"],
        call: "CAS.DIGEST k",
    },
    Row {
        name: "cas.hset",
        arity: -8,
        flags: &["write", "denyoom", "fast"],
        keys: &[("k", &["RW", "access", "update"])],
        categories: &["@write", "@hash", "@fast"],
        call: "CAS.HSET k f IFEQ hello FIELDS 1 f new",
    },
    Row {
        name: "cas.hdel",
        arity: -4,
        flags: &["write", "fast"],
        keys: &[("k", &["RW", "access", "delete"])],
        categories: &["@write", "@hash", "@fast"],
        call: "CAS.HDEL k f IFEQ hello",
    },
    Row {
        name: "lock.acquire",
        arity: -5,
        flags: &["write", "denyoom", "movablekeys"],
        keys: &[
            ("k", &["RW", "update"]),
            ("k3", &["RW", "access", "update"]),
        ],
        categories: &["@write", "@string", "@slow", "@blocking"],
        call: "LOCK.ACQUIRE k hello EX 1000 BLOCK 1 FENCE k3 REENTER",
    },
    Row {
        name: "lock.extend",
        arity: 5,
        flags: &["write", "fast"],
        keys: &[("k", &["RW", "update"])],
        categories: &["@write", "@string", "@fast"],
        call: "LOCK.EXTEND k hello EX 1000",
    },
    Row {
        name: "lock.release",
        arity: 3,
        flags: &["write", "fast"],
        keys: &[("k", &["RW", "delete"])],
        categories: &["@write", "@string", "@fast"],
        call: "LOCK.RELEASE k hello",
    },
    Row {
        name: "lock.info",
        arity: 2,
        flags: &["readonly", "fast"],
        keys: &[("k", &["RO", "access"])],
        categories: &["@read", "@string", "@fast"],
        call: "LOCK.INFO k",
    },
    Row {
        name: "delex",
        arity: -2,
        flags: &["write", "fast"],
        keys: &[("k", &["RW", "delete"])],
        categories: &["@write", "@string", "@fast"],
        call: "DELEX k IFEQ hello",
    },
    Row {
        name: "digest",
        arity: 2,
        flags: &["readonly", "fast"],
        keys: &[("k", &["RO", "access"])],
        categories: &["@read", "@string", "@fast"],
        call: "DIGEST k",
    },
    Row {
        name: "delifeq",
        arity: 3,
        flags: &["write", "fast"],
        keys: &[("k", &["RW", "delete"])],
        categories: &["@write", "@string", "@fast"],
        call: "DELIFEQ k hello",
    },
    // What a SET with a condition is rewritten to, without and with GET.
    Row {
        name: "cas.nativeset",
        arity: -5,
        flags: &["write", "denyoom"],
        keys: &[("k", &["RW", "update"])],
        categories: &["@write", "@string", "@slow"],
        call: "CAS.NATIVESET k new IFNE other",
    },
    Row {
        name: "cas.nativesetget",
        arity: -5,
        flags: &["write", "denyoom"],
        keys: &[("k", &["RW", "access", "update"])],
        categories: &["@write", "@string", "@slow"],
        call: "CAS.NATIVESETGET k new IFNE other GET",
    },
];

pub fn row(command: &str) -> &'static Row {
    ROWS.iter()
        .find(|row| row.name == command)
        .unwrap_or_else(|| panic!("{command} has no row in tests/it/describe/table.rs"))
}
