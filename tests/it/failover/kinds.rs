//! The kinds of keys in which a writer counts up a version: for each what it sends, what is there, and
//! how all are brought to one version again. Every family takes part.

/// As the keys end. Two of them need commands that run others, which servers have since 7.0.
pub const KINDS: [&str; 8] = [
    "cas", "hash", "list", "field", "lock", "txn", "guarded", "set",
];
pub const PLAIN: usize = 7;

pub struct Kinds {
    /// What all keys of the writer begin with: they are in one slot.
    tag: String,
    with_guarded: bool,
}

/// A command, the reply to it if all is well, and the kind whose new version that acknowledges.
pub struct Call {
    pub line: String,
    pub wanted: String,
    pub acknowledges: Option<usize>,
}

impl Kinds {
    pub fn new(tag: &str, with_guarded: bool) -> Kinds {
        Kinds {
            tag: tag.into(),
            with_guarded,
        }
    }

    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// From one version to the next in every kind; plain SET is in the midst.
    pub fn round(&self, now: u64, next: u64) -> Vec<Call> {
        let t = &self.tag;
        let mut calls = vec![
            Call::of("cas", format!("CAS.SET {t}cas IFEQ {now} {next}"), "+OK"),
            Call::of(
                "hash",
                format!("ATOMIC.REPLACEHASH {t}hash version {next}"),
                "+OK",
            ),
            Call::beside(
                format!("ATOMIC.STAGE {t}stage 0 EX 1000 LIST 1 {next}"),
                ":1",
            ),
            Call::of(
                "list",
                format!("ATOMIC.COMMIT {t}stage {t}list COUNT 1"),
                "+OK",
            ),
            Call::of("set", format!("SET {t}set {next}"), "+OK"),
            Call::of(
                "field",
                format!("CAS.HSET {t}field version IFEQ {now} FIELDS 1 version {next}"),
                ":1",
            ),
            Call::of(
                "lock",
                format!("LOCK.ACQUIRE {t}held token{next} EX 1000 BLOCK 1000 FENCE {t}lock"),
                &format!(":{next}"),
            ),
        ];
        if self.with_guarded {
            calls.push(Call::of(
                "guarded",
                format!("CAS.IF 1 {t}held IFEQ token{next} THEN SET {t}guarded {next}"),
                "+OK",
            ));
            calls.push(Call::of(
                "txn",
                format!(
                    "CAS.TXN 2 {t}txn IFEQ {now} {t}twin IFLT {next} \
                     THEN 2 3 SET {t}txn {next} 3 SET {t}twin {next}"
                ),
                "[:1, [+OK, +OK]]",
            ));
        }
        calls.push(Call::beside(
            format!("LOCK.RELEASE {t}held token{next}"),
            ":1",
        ));
        calls
    }

    /// Brings all to this version, whatever is there.
    pub fn align(&self, version: u64) -> Vec<Call> {
        let t = &self.tag;
        let mut calls = vec![
            Call::of(
                "hash",
                format!("ATOMIC.REPLACEHASH {t}hash version {version}"),
                "+OK",
            ),
            Call::of(
                "list",
                format!("ATOMIC.REPLACELIST {t}list {version}"),
                "+OK",
            ),
            Call::of(
                "field",
                format!("ATOMIC.REPLACEHASH {t}field version {version}"),
                "+OK",
            ),
            Call::beside(format!("SET {t}held nobody PX 1"), "+OK"),
        ];
        let strings = ["cas", "set", "lock"].iter();
        let guarded = self.with_guarded.then_some("guarded");
        for kind in strings.chain(&guarded) {
            calls.push(Call::of(kind, format!("SET {t}{kind} {version}"), "+OK"));
        }
        if self.with_guarded {
            let both = format!("MSET {t}txn {version} {t}twin {version}");
            calls.push(Call::of("txn", both, "+OK"));
        }
        calls
    }

    /// What tells the version of a kind.
    pub fn read(&self, kind: &str) -> String {
        let t = &self.tag;
        match kind {
            "hash" | "field" => format!("HGET {t}{kind} version"),
            "list" => format!("LINDEX {t}list 0"),
            _ => format!("GET {t}{kind}"),
        }
    }

    /// What tells the version that is to be that of `txn`: the two are only ever written as one.
    pub fn read_twin(&self) -> String {
        format!("GET {}twin", self.tag)
    }
}

impl Call {
    fn of(kind: &str, line: String, wanted: &str) -> Call {
        Call {
            acknowledges: KINDS.iter().position(|name| *name == kind),
            ..Call::beside(line, wanted)
        }
    }

    /// One that acknowledges no version.
    fn beside(line: String, wanted: &str) -> Call {
        Call {
            line,
            wanted: wanted.into(),
            acknowledges: None,
        }
    }
}
