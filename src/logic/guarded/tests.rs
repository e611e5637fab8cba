#![allow(clippy::single_range_in_vec_init, reason = "there is one command")]

use super::*;

fn words(line: &str) -> Vec<&[u8]> {
    line.split(' ').map(str::as_bytes).collect()
}

/// Keys and fields of the conditions, and the commands of both branches.
type Parsed = (
    Vec<(usize, Option<usize>)>,
    Vec<Range<usize>>,
    Option<Vec<Range<usize>>>,
);

fn parse(line: &str) -> Result<Parsed, Error> {
    let words = words(line);
    let (tests, then, otherwise) = if words[0] == b"CAS.IF" {
        let guarded = Guarded::parse(&words[..])?;
        (guarded.tests, vec![guarded.then], None)
    } else {
        let branches = Branches::parse(&words[..])?;
        (branches.tests, branches.then, branches.otherwise)
    };
    let tests = tests.iter().map(|test| (test.key, test.field));
    Ok((tests.collect(), then, otherwise))
}

#[test]
fn conditions_are_on_keys_or_on_fields_and_one_command_follows() {
    assert_eq!(
        parse("CAS.IF 1 k IFEQ v THEN SET k w"),
        Ok((vec![(2, None)], vec![6..9], None))
    );
    assert_eq!(
        parse("CAS.IF 2 a NX b field f IFLT 7 then GET k"),
        Ok((vec![(2, None), (4, Some(6))], vec![10..12], None))
    );
}

#[test]
fn the_commonest_call_is_read_as_any_other() {
    for (line, is_commonest) in [
        ("CAS.IF 1 k IFEQ v THEN SET k w", true),
        ("CAS.IF 1 IFEQ ifeq THEN then GET", true),
        ("CAS.IF 1 k IFEQ v THEN", false),
        ("CAS.IF 01 k IFEQ v THEN GET k", false),
        ("CAS.IF 2 k IFEQ v THEN IFEQ v THEN GET", false),
        ("CAS.IF 1 k IFNE v THEN GET k", false),
        ("CAS.IF 1 k IFEQ v ELSE GET k", false),
        ("CAS.IF 1 k FIELD f THEN GET k", false),
    ] {
        let words = words(line);
        let commonest = Guarded::commonest(&words[..]);
        assert_eq!(commonest.is_some(), is_commonest, "{line}");
        if let Some((tests, then)) = commonest {
            let Guarded {
                tests: expected,
                then: words,
            } = Guarded::parse(&words[..]).expect(line);
            assert_eq!((tests, then), (&expected, words), "{line}");
        }
    }
}

#[test]
fn words_that_spell_the_grammar_are_data_where_data_stands() {
    assert_eq!(
        parse("CAS.IF 1 FIELD FIELD THEN IFEQ THEN THEN THEN"),
        Ok((vec![(2, Some(4))], vec![8..9], None))
    );
    assert_eq!(
        parse("CAS.TXN 1 THEN NX THEN 1 2 ELSE ELSE"),
        Ok((vec![(2, None)], vec![7..9], None))
    );
}

#[test]
fn commands_are_counted_by_their_words() {
    assert_eq!(
        parse("CAS.TXN 1 a NX THEN 2 3 SET a 1 1 PING ELSE 1 2 GET a"),
        Ok((vec![(2, None)], vec![7..10, 11..12], Some(vec![15..17])))
    );
    assert_eq!(
        parse("CAS.TXN 1 a NX THEN 0"),
        Ok((vec![(2, None)], vec![], None))
    );
    assert_eq!(
        parse("CAS.TXN 1 a NX THEN 0 ELSE 0"),
        Ok((vec![(2, None)], vec![], Some(vec![])))
    );
}

#[test]
fn a_wrong_count_or_a_missing_then_says_what_was_found() {
    for (line, text) in [
        (
            "CAS.IF 0 k NX THEN PING",
            "ERR CAS.IF: expected the number of conditions after it, found '0'",
        ),
        (
            "CAS.TXN k NX THEN 1 1 PING",
            "ERR CAS.TXN: expected the number of conditions after it, found 'k'",
        ),
        (
            "CAS.IF 1 k NX l NX THEN PING",
            "ERR expected THEN after 1 conditions, found 'l'",
        ),
        (
            "CAS.TXN 1 k NX THEN x 1 PING",
            "ERR THEN: expected the number of commands after it, found 'x'",
        ),
        (
            "CAS.TXN 1 k NX THEN 1 0 PING",
            "ERR command 1: expected the number of its words, found '0'",
        ),
        (
            "CAS.TXN 1 k NX THEN 1 1 PING ELSE 1 3 GET k",
            "ERR command 2: expected 3 words, found 2",
        ),
    ] {
        assert_eq!(parse(line).unwrap_err().text(), text, "{line}");
    }
}

#[test]
fn anything_else_is_a_syntax_error() {
    for line in [
        "CAS.IF 1 k NX THEN",
        "CAS.IF 1 k NX",
        "CAS.IF 2 k NX THEN SET k v",
        "CAS.IF 1 k BOGUS THEN SET k v",
        "CAS.IF 1 k FIELD f THEN SET k v",
        "CAS.TXN 1 k NX THEN 1",
        "CAS.TXN 1 k NX THEN 1 1 PING PING",
        "CAS.TXN 1 k NX THEN 1 1 PING ELSE",
        "CAS.TXN 1 k NX THEN 1 1 PING ELSE 1 1 PING ELSE 1 1 PING",
        "CAS.TXN 9223372036854775807 k NX",
    ] {
        assert_eq!(parse(line), Err(Error::Syntax), "{line}");
    }
}

#[test]
fn reading_a_stream_waits_only_with_block() {
    for (line, expected) in [
        ("BLPOP k 0", true),
        ("XREAD STREAMS BLOCK 0", false),
        ("XREAD COUNT 1 STREAMS k 0", false),
        ("XREAD COUNT BLOCK STREAMS k 0", false),
        ("xread block 0 STREAMS k 0", true),
        ("XREAD COUNT 1 BLOCK 0 STREAMS k 0", true),
        ("XREADGROUP GROUP BLOCK BLOCK STREAMS k >", false),
        ("XREADGROUP GROUP g c NOACK BLOCK 0 STREAMS k >", true),
    ] {
        assert_eq!(waits(&words(line)[..]), expected, "{line}");
    }
}
