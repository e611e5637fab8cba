//! What is written to disk is read back by a server without the module, and after a crash.

use std::thread;

use crate::replication::{Snapshot, Workload, assert_plain, assert_same};
use crate::support::*;

const COMMANDS: usize = 2000;

#[test]
fn the_aof_holds_plain_commands_alone() {
    let mut server = Server::builder().arg("appendonly", "yes").start();
    Workload::new(11).run(&server, COMMANDS);
    // The last second's commands may not be in the file before.
    server.stop();
    let commands = aof_commands(&server);
    assert!(commands.len() > COMMANDS / 8, "{} commands", commands.len());
    assert_plain(&commands);
}

#[test]
fn the_aof_loads_without_the_module() {
    let mut server = Server::builder().arg("appendonly", "yes").start();
    Workload::new(12).run(&server, COMMANDS);
    let before = Snapshot::of(&server);
    server.restart_with(Builder::without_module);
    assert_same(&before, &Snapshot::of(&server));
}

#[test]
fn an_aof_that_was_rewritten_loads_without_the_module() {
    let mut server = Server::builder().arg("appendonly", "yes").start();
    let mut workload = Workload::new(13);
    workload.run(&server, COMMANDS);
    server.client().cmd("BGREWRITEAOF");
    until("the AOF has been rewritten", || {
        server.info("persistence", "aof_rewrite_in_progress") == "0"
            && server.info("persistence", "aof_rewrite_scheduled") == "0"
    });
    workload.run(&server, COMMANDS);
    let before = Snapshot::of(&server);
    server.restart_with(Builder::without_module);
    assert_same(&before, &Snapshot::of(&server));
}

#[test]
fn the_aof_loads_with_the_module_too() {
    let mut server = Server::builder().arg("appendonly", "yes").start();
    Workload::new(14).run(&server, COMMANDS);
    let before = Snapshot::of(&server);
    server.restart();
    assert_same(&before, &Snapshot::of(&server));
}

#[test]
fn an_rdb_loads_without_the_module() {
    let mut server = Server::start();
    Workload::new(15).run(&server, COMMANDS);
    assert_eq!(server.client().cmd("SAVE"), ok());
    let before = Snapshot::of(&server);
    server.restart_with(Builder::without_module);
    assert_same(&before, &Snapshot::of(&server));
}

#[test]
fn a_set_with_a_condition_comes_back_without_the_module() {
    let mut server = Server::builder().arg("appendonly", "yes").start();
    let mut client = server.client();
    for line in ["SET k a", "SET k b IFEQ a", "SET l x IFNE y EX 1000"] {
        assert_eq!(client.cmd(line), ok(), "{line}");
    }
    server.restart_with(Builder::without_module);
    assert_eq!(server.client().cmd("GET k"), bulk("b"));
    assert_eq!(server.client().cmd("GET l"), bulk("x"));
}

#[test]
fn a_value_whose_time_is_past_is_gone_for_the_aof_too() {
    let mut server = Server::builder().arg("appendonly", "yes").start();
    let mut client = server.client();
    for line in [
        "HSET hash f v",
        "CAS.SET hash XX w PXAT 1",
        "RPUSH hash a",
        "SET string v",
        "CAS.SET string XX w PXAT 1",
        "RPUSH string a",
    ] {
        assert!(!client.cmd(line).is_error(), "{line}");
    }
    server.restart_with(Builder::without_module);
    for key in ["hash", "string"] {
        assert_eq!(
            server.client().call(&["TYPE", key]),
            simple("list"),
            "{key}"
        );
    }
}

/// With `appendfsync always`, a write that was answered is on disk.
#[test]
fn a_crash_loses_no_write_that_was_acknowledged() {
    const BEFORE_THE_CRASH: u64 = 300;
    let mut server = Server::builder().aof().start();
    let mut client = server.client();
    client.cmd("SET version 0");
    let (sender, acknowledged) = std::sync::mpsc::channel();
    let writer = thread::spawn(move || {
        for version in 1_u64.. {
            let (old, new) = ((version - 1).to_string(), version.to_string());
            let words = ["CAS.SET", "version", "IFEQ", &old, &new, "EX", "1000"];
            match client.try_call(&words) {
                Ok(reply) => assert_eq!(reply, ok()),
                Err(_) => return,
            }
            if sender.send(version).is_err() {
                return;
            }
        }
    });
    let mut last = 0;
    while last < BEFORE_THE_CRASH {
        last = acknowledged.recv().expect("the writer goes on");
    }
    server.kill9();
    writer.join().expect("every reply was OK");
    last = acknowledged.try_iter().last().unwrap_or(last);

    server.restart_with(Builder::without_module);
    let stored: u64 = server
        .client()
        .cmd("GET version")
        .text()
        .parse()
        .expect("a number");
    // The write under way may have arrived without its answer.
    assert!(
        stored == last || stored == last + 1,
        "{last} were acknowledged, {stored} are there"
    );
    assert!((1..=1000).contains(&server.client().cmd("TTL version").number()));
}
