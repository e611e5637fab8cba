//! What a client of the soak sends, and what it is answered: every family of commands, what they refuse
//! too. A round ends with `REST`, so that between rounds the data are always the same.
//!
//! `@` is a key of the client's own, `#` and `~` are texts, others in each round, and `$` is the digest of
//! `#`. A reply that is not given may be any but an error; of an error its beginning is given.

pub type Line = (&'static str, &'static str);

pub const ANY: &str = "";
const NULL: &str = "(nil $-1)";

/// Each goes on from what those before it have left.
pub const ALL: &[&[Line]] = &[STRINGS, NATIVE, FIELDS, WHOLE, STAGED, LOCKS, WITHIN];

pub const REST: &[Line] = &[
    ("SET @:s rest", "+OK"),
    ("ATOMIC.REPLACEHASH @:h version 1 value rest", "+OK"),
    ("ATOMIC.REPLACELIST @:v rest", "+OK"),
    ("SET @:fence 5", "+OK"),
];

/// How many keys there are at rest.
pub const KEYS: usize = REST.len();

const STRINGS: &[Line] = &[
    ("CAS.SET @:s IFEQ rest #", "+OK"),
    ("CAS.SET @:s IFDEQ $ ~ GET", "[:1, \"#\"]"),
    ("CAS.SET @:s IFEQ other #", NULL),
    ("CAS.SET @:s XX # GETDIGEST EX 1000", "[:1, \"$\"]"),
    ("CAS.DIGEST @:s", "\"$\""),
    ("CAS.GET @:s IFDNE $", "[\"$\", (nil $-1)]"),
    ("CAS.GET @:s", "[\"$\", \"#\"]"),
    ("CAS.EXPIRE @:s IFDEQ $ PERSIST", ":1"),
    ("CAS.DEL @:s IFEQ other", ":0"),
    ("CAS.DEL @:s IFDEQ $ GET", "[:1, \"#\"]"),
    ("CAS.SET @:s NX 7", "+OK"),
    ("CAS.SET @:s IFLT 9 9 PX 1000000", "+OK"),
    ("CAS.SET @:s IFLT 3 3", NULL),
    ("CAS.SET @:s IFDEQ short #", "-ERR digest"),
    ("CAS.SET @:h IFEQ # ~", "-WRONGTYPE"),
    ("CAS.SET @:s IFEQ", "-ERR wrong number"),
];

const NATIVE: &[Line] = &[
    ("SET @:s #", "+OK"),
    ("SET @:s ~ IFEQ #", "+OK"),
    ("SET @:s # IFEQ rest", NULL),
    ("SET @:s # IFDEQ $ KEEPTTL", NULL),
    ("DELEX @:s IFEQ ~", ":1"),
    ("SET @:s #", "+OK"),
    ("DIGEST @:s", "\"$\""),
    ("DELEX @:s IFDEQ $", ":1"),
];

const FIELDS: &[Line] = &[
    (
        "CAS.HSET @:h version IFEQ 1 FIELDS 2 version 2 value #",
        ":1",
    ),
    (
        "CAS.HSET @:h version IFEQ 1 FIELDS 2 version 2 value ~",
        ":0",
    ),
    ("CAS.HDEL @:h value IFDEQ $", ":1"),
    (
        "ATOMIC.REPLACE @:h IFCHANGED HASH 1 version 2",
        "+UNCHANGED",
    ),
    ("CAS.HDEL @:h version XX", ":1"),
    ("CAS.HSET @:h version NX FIELDS 1 version #", ":1"),
];

const WHOLE: &[Line] = &[
    ("ATOMIC.REPLACESET @:v a b #", "+OK"),
    ("ATOMIC.REPLACELIST @:v # ~ #", "+OK"),
    ("ATOMIC.REPLACEZSET @:v 1 a 2 #", "+OK"),
    ("CAS.DIGEST @:v", ANY),
    ("ATOMIC.REPLACE @:v XX EX 1000 STRING #", "+OK"),
    ("ATOMIC.REPLACE @:v IFDEQ $ KEEPTTL SET 2 # ~", "+OK"),
    ("ATOMIC.REPLACE @:v IFDEQ $ SET 2 # ~", NULL),
    (
        "ATOMIC.REPLACE @:v HASH JSON {\"a\":\"#\",\"b\":[1,{\"c\":\"~\"}]}",
        "+OK",
    ),
    ("ATOMIC.REPLACE @:v SET JSON [1,\"#", "-ERR"),
    ("ATOMIC.REPLACE @:v HASH 2 a #", "-ERR"),
];

const STAGED: &[Line] = &[
    ("ATOMIC.STAGE @:stage 0 EX 100 LIST 2 # ~", ":2"),
    ("ATOMIC.STAGE @:stage 2 EX 100 LIST 1 #", ":3"),
    ("ATOMIC.STAGE @:stage 2 EX 100 LIST 1 #", "-STAGELOST"),
    ("ATOMIC.COMMIT @:stage @:v COUNT 4", "-STAGELOST"),
    ("ATOMIC.COMMIT @:stage @:v COUNT 3 EX 1000", "+OK"),
    ("ATOMIC.COMMIT @:stage @:v", "-ERR no such key"),
    // Nobody comes back for it: it expires.
    ("ATOMIC.STAGE @:stage 0 PX 20 STRING #", ANY),
];

const LOCKS: &[Line] = &[
    ("LOCK.ACQUIRE @:lock mine PX 1000000 FENCE @:fence", ":6"),
    ("LOCK.ACQUIRE @:lock # PX 1000", ":0"),
    (
        "LOCK.ACQUIRE @:lock mine PX 1000000 FENCE @:fence REENTER",
        ":6",
    ),
    ("LOCK.ACQUIRE @:lock # PX 1000 BLOCK 3", ":0"),
    ("LOCK.EXTEND @:lock mine EX 1000", ":1"),
    ("LOCK.EXTEND @:lock # EX 1000", ":0"),
    ("LOCK.INFO @:lock", ANY),
    ("LOCK.ACQUIRE @:h # EX 10 BLOCK 3", "-WRONGTYPE"),
    ("LOCK.RELEASE @:lock #", ":0"),
    ("LOCK.RELEASE @:lock mine", ":1"),
];

const WITHIN: &[Line] = &[
    ("MULTI", "+OK"),
    ("CAS.SET @:s NX #", "+QUEUED"),
    ("LOCK.ACQUIRE @:s ~ EX 10 BLOCK 1000", "+QUEUED"),
    ("ATOMIC.REPLACE @:s IFDEQ $ STRING ~", "+QUEUED"),
    ("EXEC", "[+OK, :0, +OK]"),
    (
        "EVAL return(redis.call(unpack(ARGV))) 0 CAS.SET @:s IFEQ ~ #",
        "+OK",
    ),
];

/// From 7.0 on; after all others.
pub const GUARDED: &[Line] = &[
    ("CAS.IF 1 @:s IFDEQ $ THEN SET @:s ~", "+OK"),
    ("CAS.IF 1 @:s IFDEQ $ THEN SET @:s #", NULL),
    ("CAS.IF 1 @:s XX THEN NOSUCHCOMMAND #", "-ERR"),
    (
        "CAS.TXN 2 @:s IFEQ ~ @:h FIELD version IFDEQ $ THEN 2 3 SET @:s # 4 HSET @:h value ~",
        "[:1, [+OK, :1]]",
    ),
    ("CAS.TXN 1 @:s NX THEN 1 1 PING", "[:0, :0]"),
    (
        "CAS.TXN 1 @:s NX THEN 1 1 PING ELSE 2 4 HSET @:h value # 3 SET @:s ~",
        "[:0, [:0, +OK]]",
    ),
    ("CAS.TXN 1 @:s XX THEN 2 1 PING 2 GET", "-ERR"),
];
