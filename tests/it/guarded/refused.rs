use super::{start, txn};
use crate::support::*;

/// Commands that may not run, and what is said of them after their number.
fn refused(server: &Server) -> Vec<(String, String)> {
    let mut client = server.client();
    let mut all: Vec<(&str, &str)> = vec![
        ("NOPE a", "unknown command 'NOPE'"),
        ("CONFIG|GET a", "unknown command 'CONFIG|GET'"),
        ("OBJECT NOPE k", "unknown command 'OBJECT'"),
        ("GET", "wrong number of arguments for 'GET' command"),
        ("get a b", "wrong number of arguments for 'get' command"),
        ("SET a", "wrong number of arguments for 'SET' command"),
        ("OBJECT", "wrong number of arguments for 'OBJECT' command"),
        (
            "OBJECT ENCODING",
            "wrong number of arguments for 'OBJECT' command",
        ),
        (
            "CAS.SET a",
            "wrong number of arguments for 'CAS.SET' command",
        ),
    ];
    let forbidden = [
        "MULTI",
        "EXEC",
        "DISCARD",
        "WATCH a",
        "UNWATCH",
        "SUBSCRIBE a",
        "PSUBSCRIBE a",
        "UNSUBSCRIBE",
        "PUNSUBSCRIBE",
        "SSUBSCRIBE a",
        "BLPOP a 0",
        "BRPOP a 0",
        "BZPOPMIN a 0",
        "BLMOVE a b LEFT LEFT 0",
        "BLMPOP 0 1 a LEFT",
        "WAIT 1 0",
        "XREAD BLOCK 0 STREAMS a 0",
        "XREAD COUNT 1 block 0 STREAMS a 0",
        "XREADGROUP GROUP g c BLOCK 0 STREAMS a >",
        "CAS.IF 1 a NX THEN PING",
        "cas.txn 1 a NX THEN 0",
        "EVAL return 0",
        "FCALL f 0",
        "CONFIG GET a",
        "config set a b",
        "SELECT 1",
        "ASKING",
        "READONLY",
        "READWRITE",
        "AUTH a b",
        "HELLO",
        "CLIENT SETNAME a",
        "CLIENT KILL a",
        "SCRIPT FLUSH",
        "MONITOR",
        "SHUTDOWN",
        "DEBUG SLEEP 0",
        "MODULE LIST",
        "ACL WHOAMI",
        "REPLICAOF a 1",
        "SAVE",
        "BGSAVE",
        "RESET",
        "QUIT",
    ];
    let known = |line: &&str| {
        let name = line.split(' ').next().expect("a name");
        !client.call(&["COMMAND", "INFO", name]).items()[0].is_null()
    };
    let forbidden: Vec<&str> = forbidden.into_iter().filter(known).collect();
    let sentence = |line: &&str| {
        let name = line.split(' ').next().expect("a name");
        let text = format!("'{name}' is not allowed inside CAS.IF and CAS.TXN");
        ((*line).to_owned(), text)
    };
    let mut all: Vec<_> = all
        .drain(..)
        .map(|(line, text)| (line.to_owned(), text.to_owned()))
        .collect();
    all.extend(forbidden.iter().map(sentence));
    all
}

#[test]
fn a_command_that_may_not_run_is_refused_whether_the_condition_holds_or_not() {
    let Some(server) = start() else { return };
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    for (line, text) in refused(&server) {
        let expected = error(&format!("ERR command 1: {text}"));
        let seen = observer.during(|| {
            for condition in ["NX", "XX"] {
                let reply = client.cmd(&format!("CAS.IF 1 no {condition} THEN {line}"));
                assert_eq!(reply, expected, "{line}");
            }
        });
        assert!(seen.is_nothing(), "{line}: {seen:?}");
    }
}

#[test]
fn one_of_them_in_either_branch_refuses_the_whole() {
    let Some(server) = start() else { return };
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    for (line, text) in refused(&server) {
        let good = txn(&["SET a 1", "INCR b"]);
        let one = super::commands(&[&line]);
        let three = super::commands(&["SET a 1", &line, "SET c 1"]);
        let seen = observer.during(|| {
            for (call, number) in [
                (format!("CAS.TXN 1 no NX THEN {three}"), 2),
                (format!("CAS.TXN 1 no XX THEN {three}"), 2),
                (format!("{good} ELSE {one}"), 3),
                (format!("{good} ELSE {three}"), 4),
                (format!("CAS.TXN 1 no XX THEN {three} ELSE 1 3 SET a 1"), 2),
            ] {
                let expected = format!("ERR command {number}: {text}");
                assert_eq!(client.cmd(&call), error(&expected), "{call}");
            }
        });
        assert!(seen.is_nothing(), "{line}: {seen:?}");
    }
}

#[test]
fn bad_words_say_what_was_expected_and_what_was_found() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    for (line, text) in [
        (
            "CAS.IF x k NX THEN PING",
            "ERR CAS.IF: expected the number of conditions after it, found 'x'",
        ),
        (
            "CAS.IF 1 k NX and PING",
            "ERR expected THEN after 1 conditions, found 'and'",
        ),
        (
            "CAS.TXN 1 k NX THEN PING",
            "ERR THEN: expected the number of commands after it, found 'PING'",
        ),
        (
            "CAS.TXN 1 k NX THEN 1 PING",
            "ERR command 1: expected the number of its words, found 'PING'",
        ),
        (
            "CAS.TXN 1 k NX THEN 1 2 PING",
            "ERR command 1: expected 2 words, found 1",
        ),
        ("CAS.TXN 1 k NX THEN 1 1 PING 1 PING", "ERR syntax error"),
        ("CAS.TXN 2 k NX THEN 1 1 PING", "ERR syntax error"),
        (
            "CAS.IF 1 k IFDEQ x THEN PING",
            "ERR digest must be exactly 16 hexadecimal characters",
        ),
        (
            "CAS.IF 1 k IFGT x THEN PING",
            "ERR value is not an integer or out of range",
        ),
        (
            "CAS.IF 1 k NX THEN",
            "ERR wrong number of arguments for 'cas.if' command",
        ),
    ] {
        assert_eq!(client.cmd(line), error(text), "{line}");
    }
}

#[test]
fn reading_a_stream_without_waiting_is_allowed() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    client.cmd("XADD x 1-1 f v");
    client.cmd("XGROUP CREATE x g 0");
    for line in [
        "XREAD COUNT 1 STREAMS x 0",
        "XREADGROUP GROUP g block STREAMS x >",
    ] {
        let reply = client.cmd(&format!("CAS.IF 1 x XX THEN {line}"));
        assert_eq!(reply.items().len(), 1, "{line}: {reply}");
    }
}

#[test]
fn commands_inside_commands_without_end_end_nothing() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    let words: Vec<&str> = "CAS.IF 1 k NX THEN "
        .repeat(20_000)
        .leak()
        .trim()
        .split(' ')
        .collect();
    assert!(client.call(&words).is_error());
    let ask = [&["COMMAND", "GETKEYS"], &words[..]].concat();
    assert_eq!(client.call(&ask), array([bulk("k")]));
}

#[test]
fn a_command_of_a_module_is_known_as_long_as_the_module_is_there() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    assert_eq!(client.cmd("CAS.IF 1 k NX THEN CAS.SET a NX 1"), ok());
    client.cmd("MODULE UNLOAD atomic");
    assert_eq!(client.call(&["MODULE", "LOAD", module_path()]), ok());
    assert_eq!(client.cmd("CAS.IF 1 k NX THEN CAS.SET b NX 1"), ok());
}

#[test]
fn servers_that_cannot_check_permissions_have_neither_and_say_so() {
    let server = Server::start();
    let has = server.is_at_least(7, 0);
    let mut client = server.client();
    for command in ["CAS.IF", "CAS.TXN"] {
        let info = client.call(&["COMMAND", "INFO", command]);
        assert_eq!(info.items()[0].is_null(), !has, "{command}");
    }
    let says = server
        .log()
        .contains("permission checks for modules (so no CAS.IF and CAS.TXN)");
    assert_eq!(says, !has);
}

#[test]
fn a_name_with_a_nul_is_no_command() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    for name in ["SET\0", "\0SET", "SE\0T", "\0", "", "HINCRBYFLOAT\0"] {
        let reply = client.call(&["CAS.IF", "1", "no", "NX", "THEN", name, "k", "1"]);
        assert!(
            reply.to_string().contains("unknown command"),
            "{name:?}: {reply}"
        );
    }
    assert_eq!(client.cmd("EXISTS k"), int(0));
}
