use super::{start, txn};
use crate::support::*;

/// Keys with their flags, of a call.
fn keys_and_flags(client: &mut Client, line: &str) -> Vec<String> {
    let reply = client.cmd(&format!("COMMAND GETKEYSANDFLAGS {line}"));
    let one = |pair: &Value| {
        let flags: Vec<String> = pair.items()[1].items().iter().map(Value::text).collect();
        format!("{} {}", pair.items()[0].text(), flags.join(" "))
    };
    reply.items().iter().map(one).collect()
}

#[test]
fn every_key_of_conditions_and_commands_is_known_with_what_happens_to_it() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    for (line, expected) in [
        ("CAS.IF 1 a NX THEN PING", &["a RO access"][..]),
        (
            "CAS.IF 2 a NX b FIELD f XX THEN GET c",
            &["a RO access", "b RO access", "c RO access"],
        ),
        (
            "CAS.IF 1 a IFEQ v THEN SET c 1",
            &["a RO access", "c OW update"],
        ),
        (
            "CAS.IF 1 a IFEQ v THEN CAS.DEL c XX",
            &["a RO access", "c RW access delete"],
        ),
        (
            "CAS.IF 1 a NX THEN MSET b 1 c 2",
            &["a RO access", "b OW update", "c OW update"],
        ),
        (
            "CAS.TXN 1 a NX THEN 2 2 GET b 3 RENAME c d ELSE 1 3 DEL e f",
            &[
                "a RO access",
                "b RO access",
                "c RW access delete",
                "d OW update",
                "e RM delete",
                "f RM delete",
            ],
        ),
    ] {
        assert_eq!(keys_and_flags(&mut client, line), expected, "{line}");
        let names = expected
            .iter()
            .map(|key| bulk(key.split(' ').next().expect("a name")));
        let reply = client.cmd(&format!("COMMAND GETKEYS {line}"));
        assert_eq!(reply, array(names), "{line}");
    }
}

/// Whatever the server says of a command, it says of the same command inside.
#[test]
fn the_keys_of_a_command_inside_are_those_of_the_command() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    for line in [
        "GET k",
        "SET k v GET",
        "SET k v IFNE w",
        "DEL a b c",
        "EXISTS a b",
        "MSET a 1 b 2",
        "RENAME a b",
        "COPY a b",
        "BITOP AND d a b",
        "LMOVE a b LEFT LEFT",
        "SUNIONSTORE d a b",
        "SINTERCARD 2 a b",
        "ZUNION 2 a b",
        "ZUNIONSTORE d 2 a b",
        "ZRANGESTORE d s 0 -1",
        "ZADD z 1 a",
        "HSET h f v",
        "HGETALL h",
        "XADD x * f v",
        "XREAD STREAMS a b 0 0",
        "SORT l STORE d",
        "GEOSEARCHSTORE d s FROMMEMBER m BYRADIUS 1 m",
        "LCS a b",
        "PFMERGE d a b",
        "EXPIRE k 1",
        "OBJECT ENCODING k",
        "MEMORY USAGE k",
        "GETEX k",
        "LMPOP 2 a b LEFT",
        "ATOMIC.COMMIT s k",
        "CAS.SET k NX v",
        "CAS.HSET h f NX FIELDS 1 f v",
        "PING",
        "PUBLISH c m",
        "DBSIZE",
    ] {
        let direct = client.cmd(&format!("COMMAND GETKEYS {line}"));
        let direct = if direct.is_error() {
            Vec::new()
        } else {
            direct.items().to_vec()
        };
        for call in [
            format!("CAS.IF 1 first NX THEN {line}"),
            txn(&[line]).replace("1 no", "1 first"),
        ] {
            let mut inside = client
                .cmd(&format!("COMMAND GETKEYS {call}"))
                .items()
                .to_vec();
            assert_eq!(inside.remove(0), bulk("first"), "{call}");
            let sorted = |keys: &[Value]| {
                let mut names: Vec<String> = keys.iter().map(Value::text).collect();
                names.sort();
                names
            };
            assert_eq!(sorted(&inside), sorted(&direct), "{call}");
        }
        if !direct.is_empty() {
            // The filter knows a SET with a condition by another name.
            let line = if line.contains("IFNE") {
                "CAS.NATIVESET k v IFNE w"
            } else {
                line
            };
            if client
                .cmd(&format!("COMMAND GETKEYSANDFLAGS {line}"))
                .is_error()
            {
                continue;
            }
            let mut direct = keys_and_flags(&mut client, line);
            let mut inside = keys_and_flags(&mut client, &format!("CAS.IF 1 first NX THEN {line}"));
            inside.remove(0);
            direct.sort();
            inside.sort();
            assert_eq!(inside, direct, "{line}");
        }
    }
}

#[test]
fn of_a_call_that_is_refused_anyway_the_keys_make_no_trouble() {
    let Some(server) = start() else { return };
    let mut client = server.client();
    for line in [
        "CAS.IF 1 a NX THEN NOPE b",
        "CAS.IF 1 a NX THEN GET",
        "CAS.TXN 1 a NX THEN 1 1 ZUNIONSTORE",
        "CAS.TXN 1 a NX THEN 1 3 EVAL x 99999",
        "CAS.TXN 1 a NX THEN 1 4 CAS.IF 1 b NX",
    ] {
        let keys = client.cmd(&format!("COMMAND GETKEYS {line}"));
        assert_eq!(keys, array([bulk("a")]), "{line}");
    }
    for line in ["CAS.IF x a NX THEN PING", "CAS.TXN 1 a NX THEN 1 9 PING"] {
        assert!(
            client.cmd(&format!("COMMAND GETKEYS {line}")).is_error(),
            "{line}"
        );
    }
}

#[test]
fn a_cluster_redirects_and_refuses_as_it_does_native_commands() {
    if start().is_none() {
        return;
    }
    let cluster = Cluster::start(3);
    let owner = cluster.owner_of("{a}");
    let mut client = cluster.nodes[owner].client();
    for line in [
        "CAS.IF 1 {a}1 NX THEN SET {a}2 v",
        "CAS.IF 1 {a}1 NX THEN PING",
        "CAS.TXN 2 {a}1 NX {a}2 IFEQ v THEN 2 3 SET {a}3 w 2 GET {a}2 ELSE 1 2 DEL {a}4",
    ] {
        let reply = client.cmd(line);
        assert!(!reply.is_error(), "{line}: {reply}");
        for other in (0..3).filter(|node| *node != owner) {
            let moved = cluster.nodes[other].client().cmd("GET {a}1");
            assert!(moved.text().starts_with("MOVED"), "{moved}");
            assert_eq!(cluster.nodes[other].client().cmd(line), moved, "{line}");
        }
    }
    let crossslot = client.cmd("MSET {a}1 v b v");
    assert!(crossslot.text().starts_with("CROSSSLOT"), "{crossslot}");
    for line in [
        "CAS.IF 1 {a}1 NX THEN SET b v",
        "CAS.IF 1 b NX THEN SET {a}2 v",
        "CAS.IF 2 {a}1 NX b NX THEN PING",
        "CAS.TXN 1 {a}1 XX THEN 1 3 SET {a}2 v ELSE 1 3 SET b v",
        "CAS.TXN 1 {a}1 XX THEN 2 3 SET {a}2 v 4 SMOVE {a}3 b m",
    ] {
        assert_eq!(client.cmd(line), crossslot, "{line}");
    }
    assert_eq!(client.cmd("MGET {a}2 {a}3"), array([bulk("v"), bulk("w")]));
}
