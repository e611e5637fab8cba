//! What a hit does to everyone else: keyspace events, the words for replicas and the AOF, the count of
//! changes. It is what native commands do.

use super::{digest, expired, sent};
use crate::support::{
    Client, Effects, Observer, Server, Words, aof_commands, array, bulk, int, null, ok,
};

struct Scene {
    server: Server,
    observer: Observer,
    client: Client,
}

/// `k` holds `v`.
fn scene() -> Scene {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("SET k v");
    Scene {
        observer: Observer::on(&server),
        server,
        client,
    }
}

impl Scene {
    fn seen(&mut self, command: &str) -> Effects {
        let client = &mut self.client;
        self.observer.during(|| {
            let reply = client.cmd(command);
            assert!(!reply.is_error(), "{command}: {reply}");
        })
    }

    /// The words for `SET k <value>` with a time: before 6.2 the module uses two commands for it.
    fn set_with_time(&self, value: &str) -> Vec<String> {
        if self.server.is_at_least(6, 2) {
            vec![format!("SET k {value} PXAT <int>")]
        } else {
            vec![format!("SET k {value}"), "PEXPIREAT k <int>".into()]
        }
    }
}

fn assert_sent(seen: &Effects, wanted: &[impl AsRef<str>]) {
    let wanted: Vec<&str> = wanted.iter().map(AsRef::as_ref).collect();
    assert_eq!(sent(seen), wanted);
}

#[test]
fn a_hit_of_cas_set_is_a_plain_set_to_everyone_else() {
    let mut scene = scene();
    for (command, words) in [
        ("CAS.SET k IFEQ v w", "SET k w"),
        ("CAS.SET k IFNE x v GET", "SET k v"),
        ("CAS.SET k XX w GETDIGEST", "SET k w"),
        ("CAS.SET k IFEQ x v", ""),
        ("CAS.SET k IFEQ w 42", "SET k 42"),
        ("CAS.SET k IFLT 43 43", "SET k 43"),
        (&format!("CAS.SET k IFDEQ {} v", digest("43")), "SET k v"),
        ("CAS.SET k IFEQ v w NOCREATE", "SET k w"),
    ] {
        let seen = scene.seen(command);
        if words.is_empty() {
            assert!(seen.is_nothing(), "{command}: {seen:?}");
            continue;
        }
        assert_sent(&seen, &[words]);
        assert_eq!(seen.events, ["set k"], "{command}");
        assert_eq!(seen.invalidated, ["k"], "{command}");
        assert_eq!(seen.dirty, 1, "{command}");
    }
}

#[test]
fn a_created_key_is_a_plain_set_to_everyone_else() {
    let mut scene = scene();
    for (key, condition) in [("a", "NX"), ("b", "IFNE x"), ("c", "IFLT 1")] {
        let seen = scene.seen(&format!("CAS.SET {key} {condition} 1"));
        assert_sent(&seen, &[format!("SET {key} 1")]);
        assert_eq!(seen.events, [format!("set {key}").as_str()]);
        assert_eq!(seen.dirty, 1);
    }
    assert_sent(&scene.seen("CAS.SET d IFEQ x 1 CREATE"), &["SET d 1"]);
}

#[test]
fn a_time_travels_as_an_absolute_one() {
    let mut scene = scene();
    let wanted = scene.set_with_time("v");
    for time in [
        "EX 1000",
        "PX 1000000",
        "EXAT 4102444800",
        "PXAT 4102444800123",
    ] {
        let seen = scene.seen(&format!("CAS.SET k XX v {time}"));
        assert_sent(&seen, &wanted);
        assert_eq!(seen.events, ["set k", "expire k"], "{time}");
        assert_eq!(seen.invalidated, ["k"], "{time}");
    }
}

#[test]
fn the_time_that_travels_is_the_time_that_counts_here() {
    let mut scene = scene();
    for time in [
        "EX 1000",
        "PX 1000001",
        "EXAT 4102444800",
        "PXAT 4102444800123",
    ] {
        for command in [
            format!("CAS.SET k XX v {time}"),
            format!("CAS.EXPIRE k XX {time}"),
        ] {
            let seen = scene.seen(&command);
            let words = sent(&seen).pop().expect("a command");
            let travelling: i64 = words.word(words.len() - 1).parse().expect("a time");
            let left = scene.client.cmd("PTTL k").number();
            let here = left + super::now(&mut scene.client);
            assert!((here - travelling).abs() < 1000, "{command}: {words}");
            if scene.server.is_at_least(7, 0) {
                let here = scene.client.cmd("PEXPIRETIME k");
                assert_eq!(here, int(travelling), "{command}");
            }
        }
    }
}

#[test]
fn keepttl_travels_as_keepttl() {
    let mut scene = scene();
    scene.client.cmd("PEXPIRE k 5000000");
    let seen = scene.seen("CAS.SET k IFEQ v w KEEPTTL");
    assert_sent(&seen, &["SET k w KEEPTTL"]);
    assert_eq!(seen.events, ["set k"]);
}

#[test]
fn a_hit_of_cas_del_is_an_unlink_to_everyone_else() {
    let mut scene = scene();
    for command in ["CAS.DEL k IFEQ v", "CAS.DEL k XX GET"] {
        scene.client.cmd("SET k v");
        let seen = scene.seen(command);
        assert_sent(&seen, &["UNLINK k"]);
        assert_eq!(seen.events, ["del k"]);
        assert_eq!(seen.invalidated, ["k"]);
        assert_eq!(seen.dirty, 1);
    }
}

#[test]
fn a_hit_of_cas_expire_is_a_pexpireat_to_everyone_else() {
    let mut scene = scene();
    for time in [
        "EX 1000",
        "PX 1000000",
        "EXAT 4102444800",
        "PXAT 4102444800123",
    ] {
        let seen = scene.seen(&format!("CAS.EXPIRE k IFEQ v {time}"));
        assert_sent(&seen, &["PEXPIREAT k <int>"]);
        assert_eq!(seen.events, ["expire k"], "{time}");
        assert_eq!(seen.invalidated, ["k"], "{time}");
        assert_eq!(seen.dirty, 1, "{time}");
    }
}

#[test]
fn a_hit_of_cas_expire_persist_is_a_persist_to_everyone_else() {
    let mut scene = scene();
    scene.client.cmd("PEXPIRE k 5000000");
    let seen = scene.seen("CAS.EXPIRE k IFEQ v PERSIST");
    assert_sent(&seen, &["PERSIST k"]);
    assert_eq!(seen.events, ["persist k"]);
    assert_eq!(seen.invalidated, ["k"]);
    assert_eq!(seen.dirty, 1);
}

#[test]
fn a_time_in_the_past_travels_as_the_removal_that_it_is() {
    let mut scene = scene();
    let native = {
        scene.client.cmd("SET n v");
        scene.seen("PEXPIREAT n 1")
    };
    let seen = scene.seen("CAS.EXPIRE k IFEQ v PXAT 1");
    let renamed = |words: Vec<Words>| -> Vec<String> {
        words
            .iter()
            .map(|words| words.to_string().replace(" n", " k"))
            .collect()
    };
    assert_eq!(renamed(sent(&seen)), renamed(sent(&native)), "as natively");
    assert_eq!(renamed(seen.events), renamed(native.events), "as natively");
    assert_eq!(seen.invalidated, ["k"]);
}

#[test]
fn a_key_that_has_expired_goes_before_the_new_value_comes() {
    let mut scene = scene();
    let client = &mut scene.client;
    expired(client, "v");
    let seen = scene.observer.during(|| {
        assert_eq!(client.cmd("CAS.SET k NX w"), ok());
    });
    assert_eq!(seen.events, ["expired k", "set k"]);
    let [gone, come] = &sent(&seen)[..] else {
        panic!("two commands, not {seen:?}");
    };
    assert!(["DEL", "UNLINK"].contains(&gone.name().as_str()), "{gone}");
    assert_eq!(*come, "SET k w");
}

#[test]
fn the_aof_holds_plain_commands_that_a_server_without_the_module_loads() {
    let mut server = Server::builder().aof().start();
    let mut client = server.client();
    client.cmd("SET k v");
    for command in [
        "CAS.SET k IFEQ v w",
        "CAS.SET k IFEQ v x",
        "CAS.SET k IFEQ w y EX 1000 GET",
        "CAS.SET n NX 1",
        "CAS.DEL n IFEQ 1",
        "CAS.EXPIRE k XX PERSIST",
        "CAS.SET list NX v",
        "CAS.GET k",
    ] {
        assert!(!client.cmd(command).is_error(), "{command}");
    }
    let commands = aof_commands(&server);
    assert!(commands.len() > 5, "{commands:?}");
    let foreign = |words: &&Words| words.name().contains('.');
    assert_eq!(commands.iter().find(foreign), None);
    server.restart_with(crate::support::Builder::without_module);
    assert_eq!(server.client().cmd("GET k"), bulk("y"));
    assert_eq!(server.client().cmd("TTL k"), int(-1));
    assert_eq!(server.client().cmd("EXISTS n"), int(0));
}

#[test]
fn a_replica_without_the_module_follows() {
    let primary = Server::start();
    let mut client = primary.client();
    let replica = Server::builder()
        .without_module()
        .replica_of(&primary)
        .start();
    client.cmd("RPUSH list a b");
    for command in [
        "CAS.SET k NX v EX 1000",
        "CAS.SET k IFEQ v w KEEPTTL",
        "CAS.SET gone NX v",
        "CAS.DEL gone XX",
        "CAS.SET list XX v",
        "CAS.EXPIRE list IFEQ v EX 1000",
    ] {
        assert!(!client.cmd(command).is_error(), "{command}");
    }
    replica.until_in_sync();
    let mut follower = replica.client3();
    assert_eq!(follower.cmd("GET k"), bulk("w"));
    assert!(follower.cmd("PTTL k").number() > 0);
    assert_eq!(follower.cmd("GET list"), bulk("v"));
    assert!(follower.cmd("PTTL list").number() > 0);
    assert_eq!(follower.cmd("MGET gone"), array([null()]));
}
