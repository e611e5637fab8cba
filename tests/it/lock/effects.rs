//! What replicas, the AOF and subscribers see: plain commands, also of a grant that is made long after its
//! call.

use super::{held, sent, waiting};
use crate::support::*;

/// Servers before 7.0 put MULTI and EXEC around all that a module writes.
fn without_wrapper(commands: &[Words]) -> Vec<Words> {
    let wrapper = |words: &&Words| !matches!(words.name().as_str(), "MULTI" | "EXEC");
    commands.iter().filter(wrapper).cloned().collect()
}

/// `SET` of a lock, as this server sends it.
fn set(server: &Server, token: &str) -> Vec<String> {
    if server.is_at_least(6, 2) {
        vec![format!("SET k {token} PXAT <int>")]
    } else {
        vec![format!("SET k {token}"), "PEXPIREAT k <int>".into()]
    }
}

fn assert_sent(seen: &Effects, wanted: &[String]) {
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    assert_eq!(without_wrapper(&seen.propagated), wanted);
    if wanted.len() > 1 {
        let all = &seen.propagated;
        assert_eq!(all[0], "MULTI", "{all:?}");
        assert_eq!(all[all.len() - 1], "EXEC", "{all:?}");
        assert_eq!(all.len(), wanted.len() + 2, "{all:?}");
    }
}

#[test]
fn a_grant_is_a_plain_set_with_a_time() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    let seen = observer.during(|| client.cmd("LOCK.ACQUIRE k t PX 60000"));
    assert_sent(&seen, &set(&server, "t"));
    assert_eq!(seen.events, ["set k", "expire k"]);
    assert_eq!(seen.invalidated, ["k"]);
    let seen = observer.during(|| client.cmd("LOCK.ACQUIRE k u PX 60000"));
    assert!(seen.is_nothing(), "{seen:?}");
}

#[test]
fn the_number_goes_with_it_in_one_transaction() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    let seen = observer.during(|| client.cmd("LOCK.ACQUIRE k t PX 60000 FENCE n"));
    assert_sent(&seen, &[set(&server, "t"), vec!["INCR n".into()]].concat());
    assert_eq!(seen.events, ["set k", "expire k", "incrby n"]);
}

#[test]
fn extending_and_reentering_are_a_time() {
    let (server, mut client) = held();
    let mut observer = Observer::on(&server);
    for line in [
        "LOCK.EXTEND k holder PX 70000",
        "LOCK.ACQUIRE k holder PX 60000 REENTER",
    ] {
        let seen = observer.during(|| client.cmd(line));
        assert_sent(&seen, &["PEXPIREAT k <int>".into()]);
        assert_eq!(seen.events, ["expire k"]);
    }
}

#[test]
fn a_release_is_a_del() {
    let (server, mut client) = held();
    let mut observer = Observer::on(&server);
    let seen = observer.during(|| client.cmd("LOCK.RELEASE k holder"));
    assert_sent(&seen, &["DEL k".into()]);
    assert_eq!(seen.events, ["del k"]);
    assert_eq!(seen.dirty, 1);
}

#[test]
fn what_is_written_without_a_command_is_as_if_by_one() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    let [middle, long] = [50, 100].map(|length| "x".repeat(length));
    let uuid = "a8098c1af86e11daa9e0001b63d1ab1c";
    for token in ["t", "12", "9223372036854775807", uuid, &middle, &long] {
        client.cmd("DEL k");
        let plain = observer.during(|| client.call(&["SET", "k", token, "PX", "60000"]));
        let encoding = client.cmd("OBJECT ENCODING k");
        let deletion = observer.during(|| client.cmd("DEL k"));
        // The first time, the module learns how this server stores a value.
        for _ in 0..2 {
            let line = ["LOCK.ACQUIRE", "k", token, "PX", "60000"];
            let seen = observer.during(|| client.call(&line));
            assert_eq!(seen.events, plain.events, "{token}");
            assert_eq!(seen.invalidated, plain.invalidated, "{token}");
            assert_sent(&seen, &set(&server, token));
            // Before 6.2 it takes two commands.
            let dirty = if server.is_at_least(6, 2) { 1 } else { 2 };
            assert_eq!(seen.dirty, dirty, "{token}");
            assert_eq!(client.cmd("GET k"), bulk(token));
            assert_eq!(client.cmd("OBJECT ENCODING k"), encoding, "{token}");
            let seen = observer.during(|| client.call(&["LOCK.RELEASE", "k", token]));
            assert_eq!(seen.events, deletion.events);
            assert_eq!(seen.invalidated, deletion.invalidated);
            assert_eq!(without_wrapper(&seen.propagated), ["DEL k"]);
            assert_eq!(seen.dirty, 1);
        }
    }
}

#[test]
fn the_words_of_a_script_are_not_those_of_its_next_call() {
    let (server, mut client) = held();
    let script = "for i = 1, 100 do
        local token = string.rep('x', i % 60) .. 'token' .. i
        assert(redis.call('LOCK.ACQUIRE', 'l' .. i, token, 'PX', 60000) == 1)
        end";
    client.call(&["EVAL", script, "0"]);
    for i in 1..=100 {
        let token = format!("{}token{i}", "x".repeat(i % 60));
        let reply = server.client().call(&["GET", &format!("l{i}")]);
        assert_eq!(reply, bulk(&token));
    }
}

#[test]
fn a_release_and_the_grant_to_the_next_are_one_transaction() {
    let (server, mut client) = held();
    let mut waiter = sent(&server, "LOCK.ACQUIRE k next PX 60000 BLOCK 0 FENCE n");
    let mut observer = Observer::on(&server);
    let seen = observer.during(|| {
        client.cmd("LOCK.RELEASE k holder");
        waiter.receive()
    });
    let grant = [set(&server, "next"), vec!["INCR n".into()]].concat();
    assert_sent(&seen, &[vec!["DEL k".into()], grant].concat());
    assert_eq!(seen.events, ["del k", "set k", "expire k", "incrby n"]);
}

#[test]
fn a_grant_after_somebody_elses_del_follows_it() {
    let (server, mut client) = held();
    let mut waiter = waiting(&server, "next");
    let mut observer = Observer::on(&server);
    let seen = observer.during(|| {
        client.cmd("DEL k");
        waiter.receive()
    });
    let wanted = [vec!["DEL k".into()], set(&server, "next")].concat();
    assert_eq!(
        without_wrapper(&seen.propagated),
        wanted.iter().map(String::as_str).collect::<Vec<_>>()
    );
}

#[test]
fn a_grant_at_the_end_of_the_holders_time_follows_its_deletion() {
    let (server, mut client) = held();
    let mut waiter = waiting(&server, "next");
    let mut observer = Observer::on(&server);
    let seen = observer.during(|| {
        client.cmd("PEXPIRE k 20");
        waiter.receive()
    });
    let mut sent = without_wrapper(&seen.propagated);
    assert!(sent.remove(0).name().starts_with("PEXPIRE"));
    let deletion = sent.remove(0);
    assert!(deletion == "DEL k" || deletion == "UNLINK k", "{deletion}");
    let wanted = set(&server, "next");
    assert_eq!(sent, wanted.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn who_waits_and_who_leaves_is_seen_by_nobody() {
    let (server, mut client) = held();
    let mut observer = Observer::on(&server);
    let seen = observer.during(|| {
        let mut impatient = sent(&server, "LOCK.ACQUIRE k a PX 9 BLOCK 20 FENCE n");
        drop(waiting(&server, "b"));
        assert_eq!(impatient.receive(), int(0));
        client.cmd("LOCK.INFO k");
        super::until_waiting(&server, 0);
    });
    assert!(seen.is_nothing(), "{seen:?}");
}

#[test]
fn the_replica_and_the_file_need_no_module() {
    let mut primary = Server::builder().aof().start();
    let replica = Server::builder()
        .without_module()
        .replica_of(&primary)
        .start();
    let mut client = primary.client();
    client.cmd("LOCK.ACQUIRE k holder PX 60000 FENCE n");
    client.cmd("LOCK.EXTEND k holder PX 600000");
    let line = "LOCK.ACQUIRE k next PX 600000 BLOCK 0 FENCE n";
    let mut waiter = sent(&primary, line);
    client.cmd("LOCK.RELEASE k holder");
    assert_eq!(waiter.receive(), int(2));
    client.cmd("LOCK.ACQUIRE gone t PX 600000");
    client.cmd("LOCK.RELEASE gone t");
    replica.until_in_sync();
    for command in without_wrapper(&aof_commands(&primary)) {
        let name = command.name();
        let plain = ["SET", "PEXPIREAT", "INCR", "DEL"];
        assert!(plain.contains(&name.as_str()), "{command}");
    }
    let check = |server: &Server| {
        let mut client = server.client();
        assert_eq!(client.cmd("GET k"), bulk("next"));
        assert_eq!(client.cmd("GET n"), bulk("2"));
        assert_eq!(client.cmd("EXISTS gone"), int(0));
        let left = client.cmd("PTTL k").number();
        assert!((500_000..=600_000).contains(&left), "{left}");
    };
    check(&replica);
    primary.kill9();
    primary.restart_with(Builder::without_module);
    check(&primary);
}
