use super::*;

const WRONGTYPE: &str = "WRONGTYPE Operation against a key holding the wrong kind of value";
const INVALID: &str = "ERR invalid expire time in 'atomic.replace' command";

const REFUSED: &[(&str, &str)] = &[
    (
        "ATOMIC.REPLACEHASH k",
        "ERR wrong number of arguments for 'atomic.replacehash' command",
    ),
    (
        "ATOMIC.REPLACEHASH k f",
        "ERR wrong number of arguments for 'atomic.replacehash' command",
    ),
    (
        "ATOMIC.REPLACEHASH k f v g",
        "ERR wrong number of arguments for 'atomic.replacehash' command",
    ),
    (
        "ATOMIC.REPLACESET k",
        "ERR wrong number of arguments for 'atomic.replaceset' command",
    ),
    (
        "ATOMIC.REPLACELIST k",
        "ERR wrong number of arguments for 'atomic.replacelist' command",
    ),
    (
        "ATOMIC.REPLACEZSET k 1",
        "ERR wrong number of arguments for 'atomic.replacezset' command",
    ),
    (
        "ATOMIC.REPLACEZSET k 1 a 2",
        "ERR wrong number of arguments for 'atomic.replacezset' command",
    ),
    (
        "ATOMIC.REPLACE k STRING",
        "ERR wrong number of arguments for 'atomic.replace' command",
    ),
    (
        "ATOMIC.REPLACEZSET k 1 a nan b",
        "ERR value is not a valid float",
    ),
    (
        "ATOMIC.REPLACEZSET k one a",
        "ERR value is not a valid float",
    ),
    (
        "ATOMIC.REPLACE k ZSET 1 1e400 a",
        "ERR value is not a valid float",
    ),
    (
        "ATOMIC.REPLACE k ZSET JSON {\"a\":1e400}",
        "ERR value is not a valid float",
    ),
    ("ATOMIC.REPLACE k NX XX STRING v", "ERR syntax error"),
    (
        "ATOMIC.REPLACE k IFCHANGED IFCHANGED STRING v",
        "ERR syntax error",
    ),
    ("ATOMIC.REPLACE k EX 1 PX 1 STRING v", "ERR syntax error"),
    ("ATOMIC.REPLACE k STRING v NX", "ERR syntax error"),
    ("ATOMIC.REPLACE k STREAM 1 v", "ERR syntax error"),
    ("ATOMIC.REPLACE k NX IFCHANGED", "ERR syntax error"),
    ("ATOMIC.REPLACE k EX 0 SET 1 a", INVALID),
    ("ATOMIC.REPLACE k PX -1 SET 1 a", INVALID),
    ("ATOMIC.REPLACE k EXAT 9223372036854776 SET 1 a", INVALID),
    ("ATOMIC.REPLACE k EX 9223372036854775807 SET 1 a", INVALID),
    (
        "ATOMIC.REPLACE k EX x SET 1 a",
        "ERR value is not an integer or out of range",
    ),
    (
        "ATOMIC.REPLACE k HASH 3 a b c d e",
        "ERR HASH 3: expected 3 field-value pairs after it, found 5 words",
    ),
    (
        "ATOMIC.REPLACE k SET 2 a",
        "ERR SET 2: expected 2 members after it, found 1 words",
    ),
    (
        "ATOMIC.REPLACE k LIST 0 a",
        "ERR LIST 0: expected 0 elements after it, found 1 words",
    ),
    (
        "ATOMIC.REPLACE k ZSET -1",
        "ERR ZSET: expected the number of score-member pairs after it, found '-1'",
    ),
    (
        "ATOMIC.REPLACE k HASH f v",
        "ERR HASH: expected the number of field-value pairs after it, found 'f'",
    ),
    ("ATOMIC.REPLACE k IFEQ v STRING v", WRONGTYPE),
    ("ATOMIC.REPLACE k IFLT 1 STRING v", WRONGTYPE),
    (
        "ATOMIC.REPLACE k IFDEQ short STRING v",
        "ERR digest must be exactly 16 hexadecimal characters",
    ),
];

#[test]
fn a_refusal_says_what_is_wrong_and_changes_nothing() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("HSET k f v");
    for (command, refusal) in REFUSED {
        let seen = observer.during(|| assert_eq!(client.cmd(command), error(refusal), "{command}"));
        assert!(seen.is_nothing(), "{command}: {seen:?}");
    }
    assert_eq!(content(&mut client, "k"), hash(&[("f", "v")]));
}
