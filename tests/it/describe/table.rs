//! What each command has to be to the server. A new command is a new row.

pub struct Row {
    pub name: &'static str,
    pub arity: i64,
    pub flags: &'static [&'static str],
    /// The key's flags, as `COMMAND GETKEYSANDFLAGS` writes them.
    pub access: &'static [&'static str],
    pub categories: &'static [&'static str],
    /// A call that changes the key `k`, which holds `hello` and does not expire, if it changes keys at
    /// all; and that never fails.
    pub call: &'static str,
}

impl Row {
    pub fn reads(&self) -> bool {
        self.access.contains(&"access")
    }

    pub fn writes(&self) -> bool {
        self.access.contains(&"RW")
    }

    pub fn is_write(&self) -> bool {
        self.flags.contains(&"write")
    }
}

pub const ROWS: &[Row] = &[
    Row {
        name: "cas.set",
        arity: -4,
        flags: &["write", "denyoom"],
        access: &["RW", "access", "update"],
        categories: &["@write", "@string", "@slow"],
        call: "CAS.SET k IFEQ hello new GET",
    },
    Row {
        name: "cas.del",
        arity: -3,
        flags: &["write", "fast"],
        access: &["RW", "access", "delete"],
        categories: &["@write", "@string", "@fast"],
        call: "CAS.DEL k IFEQ hello GET",
    },
    Row {
        name: "cas.expire",
        arity: -4,
        flags: &["write", "fast"],
        access: &["RW", "access", "update"],
        categories: &["@write", "@keyspace", "@fast"],
        call: "CAS.EXPIRE k IFEQ hello EX 1000",
    },
    Row {
        name: "cas.get",
        arity: -2,
        flags: &["readonly", "fast"],
        access: &["RO", "access"],
        categories: &["@read", "@string", "@fast"],
        call: "CAS.GET k",
    },
    Row {
        name: "cas.digest",
        arity: 2,
        flags: &["readonly", "fast"],
        access: &["RO", "access"],
        categories: &["@read", "@string", "@fast"],
        call: "CAS.DIGEST k",
    },
    Row {
        name: "delex",
        arity: -2,
        flags: &["write", "fast"],
        access: &["RW", "delete"],
        categories: &["@write", "@string", "@fast"],
        call: "DELEX k IFEQ hello",
    },
    Row {
        name: "digest",
        arity: 2,
        flags: &["readonly", "fast"],
        access: &["RO", "access"],
        categories: &["@read", "@string", "@fast"],
        call: "DIGEST k",
    },
    Row {
        name: "delifeq",
        arity: 3,
        flags: &["write", "fast"],
        access: &["RW", "delete"],
        categories: &["@write", "@string", "@fast"],
        call: "DELIFEQ k hello",
    },
    // What a SET with a condition is rewritten to, without and with GET.
    Row {
        name: "cas.nativeset",
        arity: -5,
        flags: &["write", "denyoom"],
        access: &["RW", "update"],
        categories: &["@write", "@string", "@slow"],
        call: "CAS.NATIVESET k new IFNE other",
    },
    Row {
        name: "cas.nativesetget",
        arity: -5,
        flags: &["write", "denyoom"],
        access: &["RW", "access", "update"],
        categories: &["@write", "@string", "@slow"],
        call: "CAS.NATIVESETGET k new IFNE other GET",
    },
];

pub fn row(command: &str) -> &'static Row {
    ROWS.iter()
        .find(|row| row.name == command)
        .unwrap_or_else(|| panic!("{command} has no row in tests/it/describe/table.rs"))
}
