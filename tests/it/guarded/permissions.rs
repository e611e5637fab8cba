use super::start;
use crate::support::*;

/// A connection of a user who has these rights beside `cas.if` and `cas.txn`.
fn user(server: &Server, rules: &str) -> Client {
    let line = format!("ACL SETUSER u reset on nopass +cas.if +cas.txn {rules}");
    assert_eq!(server.client().cmd(line.trim()), ok(), "{rules}");
    let mut client = server.client();
    assert_eq!(client.cmd("AUTH u any"), ok());
    client
}

/// The same command alone, beside others, and in the branch that does not run.
fn calls(line: &str) -> [(String, usize); 5] {
    let one = super::commands(&[line]);
    [
        (format!("CAS.IF 1 a:no NX THEN {line}"), 1),
        (format!("CAS.IF 1 a:no XX THEN {line}"), 1),
        (format!("CAS.TXN 1 a:no NX THEN {one}"), 1),
        (format!("CAS.TXN 1 a:no XX THEN {one}"), 1),
        (
            format!("CAS.TXN 1 a:no NX THEN 1 3 SET a:k w ELSE {one}"),
            2,
        ),
    ]
}

/// Users who lack one right each to what they want to run.
const LACKING: [(&str, &str); 16] = [
    ("+set ~*", "DEL a:k"),
    ("+set ~*", "GET a:k"),
    ("+@all -@dangerous ~*", "FLUSHALL"),
    ("+@all -set ~* &*", "SET a:k v"),
    ("+set +config|get ~*", "MEMORY USAGE a:k"),
    ("+set +memory|doctor ~*", "MEMORY USAGE a:k"),
    ("+@all -memory|usage ~*", "MEMORY USAGE a:k"),
    ("+@all ~a:*", "SET b:k v"),
    ("+@all ~a:*", "RENAME a:k b:k"),
    ("+@all ~a:*", "MSET a:k v b:k v"),
    ("+@all ~a:* %R~b:*", "SET b:k v"),
    ("+@all ~a:* %R~b:*", "COPY a:k b:k"),
    ("+@all ~a:* %W~b:*", "GET b:k"),
    ("+@all ~a:* %W~b:*", "GETSET b:k v"),
    ("+@all ~a:* &mine", "PUBLISH other m"),
    ("+@all ~* resetchannels", "PUBLISH mine m"),
];

#[test]
fn a_user_who_lacks_one_right_can_change_nothing() {
    let Some(server) = start() else { return };
    let mut observer = Observer::on(&server);
    let mut admin = server.client();
    for (rules, line) in LACKING {
        let mut client = user(&server, &format!("{rules} +set"));
        if rules.contains("-set") {
            client = user(&server, rules);
        }
        admin.cmd("MSET a:k v b:k v");
        for (call, number) in calls(line) {
            // The user who lacks SET is not let through to the second command.
            let number = if rules.contains("-set") { 1 } else { number };
            let mut reply = nil();
            let seen = observer.during(|| reply = client.cmd(&call));
            assert!(
                reply.text().starts_with("NOPERM"),
                "{rules}: {call}: {reply}"
            );
            // The server itself refuses a key that the user has no right to at all.
            let name = line.split(' ').next().expect("a name");
            let ours = format!("NOPERM command {number}: no permissions to run '{name}'");
            let its = reply.text().contains("key") && !reply.text().contains("command");
            assert!(
                reply.text().starts_with(&ours) || its,
                "{rules}: {call}: {reply}"
            );
            assert!(seen.is_nothing(), "{rules}: {call}: {seen:?}");
        }
        admin.cmd("FLUSHALL");
    }
}

#[test]
fn with_exactly_the_rights_to_it_it_runs() {
    let Some(server) = start() else { return };
    for (rules, line) in [
        ("+set ~a:*", "SET a:k v"),
        ("+get ~a:*", "GET a:k"),
        ("+memory|usage ~a:*", "MEMORY USAGE a:k"),
        ("+copy ~a:* %R~b:*", "COPY b:k a:k"),
        ("+get ~a:* %R~b:*", "GET b:k"),
        ("+set ~a:* %W~b:*", "SET b:k v"),
        ("+publish ~a:* &mine", "PUBLISH mine m"),
        ("+ping ~a:*", "PING"),
        ("+@all -@write +cas.if ~a:*", "GET a:k"),
        ("+cas.set ~a:*", "CAS.SET a:k XX v"),
    ] {
        let mut client = user(&server, rules);
        server.client().cmd("MSET a:k v b:k v");
        let reply = client.cmd(&format!("CAS.IF 1 a:no NX THEN {line}"));
        assert!(!reply.is_error(), "{rules}: {line}: {reply}");
    }
}

#[test]
fn a_user_who_may_run_them_and_nothing_else_can_change_nothing() {
    let Some(server) = start() else { return };
    let mut observer = Observer::on(&server);
    let mut client = user(&server, "~* &*");
    let mut admin = server.client();
    let names = admin.cmd("COMMAND LIST");
    admin.cmd("SET k v");
    let seen = observer.during(|| {
        for name in names.items() {
            let name = name.text();
            for words in 0..5 {
                let line = format!("CAS.IF 1 k XX THEN {name}{}", " k".repeat(words));
                assert!(client.cmd(&line).is_error(), "{line}");
                let count = words + 1;
                let line = format!("CAS.TXN 1 k XX THEN 1 {count} {name}{}", " k".repeat(words));
                assert!(client.cmd(&line).is_error(), "{line}");
            }
        }
    });
    assert!(seen.is_nothing(), "{seen:?}");
}

#[test]
fn conditions_need_the_right_to_read_their_keys() {
    let Some(server) = start() else { return };
    let mut client = user(&server, "+ping +set %R~r:* %W~w:*");
    assert_eq!(client.cmd("CAS.IF 1 r:k NX THEN PING"), simple("PONG"));
    assert_eq!(client.cmd("CAS.IF 1 r:k NX THEN SET w:k v"), ok());
    for line in [
        "CAS.IF 1 w:k XX THEN PING",
        "CAS.IF 1 other NX THEN PING",
        "CAS.TXN 2 r:k NX w:k FIELD f NX THEN 0",
    ] {
        let reply = client.cmd(line);
        assert!(reply.text().starts_with("NOPERM"), "{line}: {reply}");
    }
}

#[test]
fn a_selector_must_allow_a_command_with_all_its_keys() {
    let Some(server) = start() else { return };
    let mut client = user(&server, "~* (+set ~a:*) (+get ~b:*)");
    assert_eq!(client.cmd("CAS.IF 1 no NX THEN SET a:k v"), ok());
    assert_eq!(client.cmd("CAS.IF 1 no NX THEN GET b:k"), nil());
    for line in ["SET b:k v", "GET a:k"] {
        let reply = client.cmd(&format!("CAS.IF 1 no NX THEN {line}"));
        assert!(reply.text().starts_with("NOPERM"), "{line}: {reply}");
    }
    assert_eq!(
        client.cmd("CAS.TXN 1 no NX THEN 2 3 SET a:k w 2 GET b:k"),
        array([int(1), array([ok(), nil()])])
    );
}

#[test]
fn the_name_that_is_checked_is_the_one_that_the_filter_gives() {
    let Some(server) = start() else { return };
    if has_native("SET", "IFNE") {
        return not_applicable("the server's own SET has all conditions");
    }
    let mut client = user(&server, "+set ~*");
    let line = "CAS.IF 1 no NX THEN SET k v IFNE w";
    let reply = client.cmd(line);
    assert!(reply.text().starts_with("NOPERM command 1"), "{reply}");
    let mut client = user(&server, "+cas.nativeset ~*");
    assert_eq!(client.cmd(line), ok());
}

#[test]
fn a_refusal_is_in_the_acl_log() {
    let Some(server) = start() else { return };
    let mut client = user(&server, "~*");
    for line in [
        "CAS.IF 1 no NX THEN SET k v",
        "CAS.IF 1 no XX THEN SET k v",
        "CAS.TXN 1 no NX THEN 1 3 SET k v",
    ] {
        server.client().cmd("ACL LOG RESET");
        client.cmd(line);
        let log = server.client().cmd("ACL LOG");
        let entry = log
            .items()
            .first()
            .unwrap_or_else(|| panic!("no entry: {line}"));
        let shown = entry.to_string().to_lowercase();
        assert!(
            shown.contains("\"set\"") && shown.contains("\"u\""),
            "{line}: {entry}"
        );
    }
}

#[test]
fn rights_are_those_of_the_moment() {
    let Some(server) = start() else { return };
    let mut client = user(&server, "+set ~*");
    let line = "CAS.TXN 1 no NX THEN 1 3 SET k v";
    assert!(!client.cmd(line).is_error());
    server.client().cmd("ACL SETUSER u -set");
    assert!(client.cmd(line).text().starts_with("NOPERM"));
    server.client().cmd("ACL SETUSER u +set");
    assert!(!client.cmd(line).is_error());
}

#[test]
fn in_a_script_and_in_a_transaction_they_are_the_callers() {
    let Some(server) = start() else { return };
    let mut client = user(&server, "+eval +multi +exec ~*");
    for line in [
        "CAS.IF 1 no NX THEN SET k v",
        "CAS.TXN 1 no NX THEN 1 3 SET k v",
    ] {
        let words: Vec<String> = line.split(' ').map(|word| format!("'{word}'")).collect();
        let script = format!("return redis.pcall({})", words.join(","));
        let reply = client.call(&["EVAL", &script, "0"]);
        assert!(reply.text().contains("NOPERM"), "{line}: {reply}");
        client.cmd("MULTI");
        client.cmd(line);
        let reply = client.cmd("EXEC");
        assert!(
            reply.items()[0].text().starts_with("NOPERM"),
            "{line}: {reply}"
        );
        assert_eq!(server.client().cmd("EXISTS k"), int(0));
    }
}
