use super::{start, txn};
use crate::support::*;

#[test]
fn in_a_transaction_and_in_a_script_everything_is_the_same() {
    let Some(server) = start() else { return };
    for mut client in server.clients() {
        client.cmd("FLUSHALL");
        client.cmd("SET k v");
        client.cmd("MULTI");
        client.cmd("CAS.IF 1 k IFEQ v THEN SET k w");
        client.cmd("CAS.IF 1 k IFEQ v THEN SET k x");
        client.cmd("CAS.TXN 1 k IFEQ w THEN 2 2 GET k 3 SET k y");
        client.cmd("CAS.IF 1 k XX THEN NOPE");
        let null = client_null(&client.cmd("EXEC"));
        assert_eq!(client.cmd("GET k"), bulk("y"));
        let script = "local a = redis.call('CAS.IF', 1, KEYS[1], 'IFEQ', 'y', 'THEN', 'SET', KEYS[1], 'z') \
                      local b = redis.call('CAS.TXN', 1, KEYS[1], 'IFEQ', 'z', 'THEN', 1, 2, 'GET', KEYS[1]) \
                      local c = redis.call('CAS.IF', 1, KEYS[1], 'IFEQ', 'y', 'THEN', 'GET', KEYS[1]) \
                      return {a, b, c == false}";
        let reply = client.call(&["EVAL", script, "1", "k"]);
        let txn = array([int(1), array([bulk("z")])]);
        assert_eq!(reply, array([ok(), txn, int(1)]), "{null}");
    }
}

/// Checks the replies of the transaction, and returns the null among them.
fn client_null(replies: &Value) -> Value {
    let [set, null, txn, refused] = replies.items() else {
        panic!("{replies}");
    };
    assert_eq!(*set, ok());
    assert!(null.is_null(), "{null}");
    assert_eq!(*txn, array([int(1), array([bulk("w"), ok()])]));
    assert_eq!(*refused, error("ERR command 1: unknown command 'NOPE'"));
    null.clone()
}

#[test]
fn a_script_sees_the_error_of_one_command_among_the_replies() {
    let Some(server) = start() else { return };
    // DELIFEQ came with Valkey 9.
    if has_native("DELIFEQ", "") {
        return not_applicable("scripts of Valkey 9.1 cannot read an error within an array");
    }
    let mut client = server.client();
    client.cmd("SET k v");
    let script = "local r = redis.pcall('CAS.TXN', 1, 'k', 'XX', 'THEN', 2, 3, 'HGET', 'k', 'f', 2, 'GET', 'k') \
                  return {r[1], r[2][1].err ~= nil, r[2][2]}";
    let reply = client.call(&["EVAL", script, "0"]);
    assert_eq!(reply, array([int(1), int(1), bulk("v")]));
}

#[test]
fn a_script_that_may_not_write_may_not_run_them() {
    let Some(server) = start() else { return };
    let script = "return redis.pcall('CAS.IF', 1, 'k', 'NX', 'THEN', 'GET', 'k')";
    let reply = server.client().call(&["EVAL_RO", script, "0"]);
    assert!(
        reply.text().contains("Write commands are not allowed"),
        "{reply}"
    );
}

#[test]
fn the_servers_own_refusals_come_before_anything_runs() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    client.cmd("SET k v");
    let replica = server.replica();
    let lines = [
        "CAS.IF 1 k XX THEN SET k w".to_owned(),
        txn(&["GET k", "SET k w"]),
    ];
    for line in &lines {
        let reply = replica.client().cmd(line);
        assert!(reply.text().starts_with("READONLY"), "{line}: {reply}");
    }
    for (setting, value, off, code) in [
        ("maxmemory", "1", "0", "OOM"),
        ("min-replicas-to-write", "9", "0", "NOREPLICAS"),
    ] {
        client.call(&["CONFIG", "SET", setting, value]);
        for line in &lines {
            let reply = client.cmd(line);
            assert!(reply.text().starts_with(code), "{line}: {reply}");
        }
        client.call(&["CONFIG", "SET", setting, off]);
        assert_eq!(client.cmd("GET k"), bulk("v"));
    }
}

#[test]
fn a_key_that_has_expired_is_missing() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    client.cmd("DEBUG SET-ACTIVE-EXPIRE 0");
    client.cmd("SET k v PX 1");
    until("it has expired", || client.cmd("EXISTS k") == int(0));
    assert_eq!(client.cmd("CAS.IF 1 k XX THEN PING"), nil());
    assert_eq!(client.cmd("CAS.IF 1 k NX THEN SET k w"), ok());
}

#[test]
fn a_watched_key_that_changes_aborts_and_one_that_does_not_does_not() {
    let Some(server) = start() else { return };
    let (mut client, mut other) = (server.client(), server.client());
    for (line, aborts) in [
        ("CAS.IF 1 k IFEQ v THEN SET k v", true),
        ("CAS.IF 1 k IFEQ x THEN SET k v", false),
        ("CAS.IF 1 k IFEQ v THEN GET k", false),
        ("CAS.TXN 1 k IFEQ x THEN 1 2 DEL k ELSE 1 2 GET k", false),
    ] {
        client.cmd("SET k v");
        client.cmd("WATCH k");
        other.cmd(line);
        client.cmd("MULTI");
        client.cmd("PING");
        assert_eq!(client.cmd("EXEC").is_null(), aborts, "{line}");
    }
}

#[test]
fn in_another_database_they_work_there() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    client.cmd("SELECT 3");
    assert_eq!(client.cmd("CAS.IF 1 k NX THEN SET k v"), ok());
    assert_eq!(client.cmd("GET k"), bulk("v"));
    assert_eq!(server.client().cmd("EXISTS k"), int(0));
}

#[test]
fn the_counters_count_one_condition_for_a_call() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    let mut counted = |line: &str| {
        let read = || {
            ["applied", "refused"]
                .map(|name| server.info_number("atomic", &format!("atomic_conditions_{name}")))
        };
        let before = read();
        client.cmd(line);
        let after = read();
        [after[0] - before[0], after[1] - before[1]]
    };
    assert_eq!(counted("CAS.IF 2 a NX b NX THEN PING"), [1, 0]);
    assert_eq!(counted("CAS.IF 2 a NX b XX THEN PING"), [0, 1]);
    assert_eq!(counted("CAS.TXN 2 a NX b NX THEN 2 1 PING 1 PING"), [1, 0]);
    assert_eq!(counted("CAS.TXN 1 a XX THEN 0 ELSE 1 1 PING"), [0, 1]);
    assert_eq!(counted("CAS.TXN 1 a XX THEN 1 1 NOPE"), [0, 0]);
}
