//! The commands on their way to replicas or to the AOF.

use super::Workload;
use crate::support::*;

/// What the workload sends itself, and what the module's commands may become.
const PLAIN: [&str; 12] = [
    "MULTI",
    "EXEC",
    "SET",
    "DEL",
    "UNLINK",
    "PEXPIREAT",
    "PERSIST",
    "RPUSH",
    "HSET",
    "ZADD",
    "INCR",
    "APPEND",
];

/// Panics with the first command that is not plain: one of the module's, a condition, or an expiry
/// that counts from now.
pub fn assert_plain(commands: &[Words]) {
    for command in commands {
        assert!(PLAIN.contains(&command.name().as_str()), "{command}");
        if command.name() == "SET" {
            let options: Vec<String> = (3..command.len())
                .map(|index| command.word(index).to_uppercase())
                .collect();
            let options: Vec<&str> = options.iter().map(String::as_str).collect();
            match options[..] {
                [] | ["KEEPTTL"] => (),
                ["PXAT", time] => assert!(time.parse::<i64>().is_ok(), "{command}"),
                _ => panic!("{command}"),
            }
        }
    }
}

#[test]
fn a_workload_arrives_at_replicas_as_plain_commands() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let seen = observer.during(|| Workload::new(1).run(&server, 2000));
    assert_plain(&seen.propagated);
    let sets = seen.propagated.iter().filter(|c| c.name() == "SET").count();
    assert!(sets > 200, "{sets} times SET");
}

#[test]
fn an_effect_of_several_commands_stands_in_one_transaction() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("RPUSH l a b c");
    let seen = observer.during(|| client.cmd("CAS.SET l XX v PXAT 4102444800000"));
    assert_eq!(
        seen.propagated,
        [
            "MULTI",
            "UNLINK l",
            "SET l v",
            "PEXPIREAT l 4102444800000",
            "EXEC"
        ]
    );
}

#[test]
fn a_relative_expiry_becomes_a_time() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    let mut sent = observer
        .during(|| {
            client.cmd("CAS.SET k NX v EX 100");
            client.cmd("CAS.EXPIRE k XX PX 100000")
        })
        .propagated;
    // Before 7.0 whatever a module writes stands in a transaction.
    sent.retain(|command| !matches!(command.name().as_str(), "MULTI" | "EXEC"));
    if server.is_at_least(6, 2) {
        assert_eq!(sent, ["SET k v PXAT <int>", "PEXPIREAT k <int>"]);
    } else {
        let expected = ["SET k v", "PEXPIREAT k <int>", "PEXPIREAT k <int>"];
        assert_eq!(sent, expected);
    }
}
