//! `MODULE UNLOAD` works at any time and leaves an ordinary server behind.

use crate::support::*;

/// Some servers bring modules of their own.
fn is_listed(server: &Server) -> bool {
    let list = server.client().cmd("MODULE LIST");
    list.items().iter().any(|module| {
        let name = (bulk("name"), bulk("atomic"));
        module.pairs().contains(&name)
    })
}

#[test]
fn the_release_build_loads_and_is_listed() {
    assert!(is_listed(&Server::start()));
}

#[test]
fn unloading_keeps_the_data() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("CAS.SET k NX v EX 1000");
    client.cmd("SET n 1 IFNE 0");
    assert_eq!(client.cmd("MODULE UNLOAD atomic"), ok());
    assert_eq!(client.cmd("GET k"), bulk("v"));
    assert_eq!(client.cmd("GET n"), bulk("1"));
    assert!((1..=1000).contains(&client.cmd("TTL k").number()));
}

#[test]
fn unloading_takes_commands_info_and_configuration_along() {
    let server = Server::start();
    let mut client = server.client();
    assert_eq!(client.cmd("MODULE UNLOAD atomic"), ok());
    assert!(!is_listed(&server));
    assert!(client.cmd("CAS.GET k").text().starts_with("ERR unknown"));
    assert_eq!(client.cmd("INFO atomic").text().trim(), "");
    assert_eq!(client.cmd("CONFIG GET atomic.*"), array([]));
}

/// Takes up what the server has freed, in values of all sizes that its own records may have.
fn overwrite_freed_memory(client: &mut Client) {
    for size in (200..460).step_by(8) {
        for number in 0..200 {
            client.call(&["SET", &format!("{size}:{number}"), &"A".repeat(size)]);
        }
    }
}

/// The server remembers the last command of each client by a pointer, and follows it for CLIENT LIST.
#[test]
fn connections_whose_last_command_is_gone_are_closed_and_no_others() {
    let server = Server::start();
    let (mut admin, mut native) = (server.client(), server.client());
    native.cmd("GET k");
    let calls = [
        "CAS.GET k",
        "ATOMIC.REPLACE k STRING v",
        "LOCK.INFO k",
        "cas.get",
    ];
    let mut ours: Vec<Client> = calls.iter().map(|_| server.client()).collect();
    for (client, call) in ours.iter_mut().zip(calls) {
        client.cmd(call);
    }
    assert_eq!(admin.cmd("MODULE UNLOAD atomic"), ok());
    overwrite_freed_memory(&mut admin);
    let list = admin.cmd("CLIENT LIST");
    assert!(list.text().contains("cmd=get "), "{list}");
    for client in &mut ours {
        client.expect_closed();
    }
    assert_eq!(native.cmd("PING"), simple("PONG"));
    assert!(server.log().contains("4 connections were closed"));
}

#[test]
fn open_transactions_are_closed_for_they_may_hold_a_command_that_is_gone() {
    let server = Server::start();
    let (mut admin, mut transaction, mut fresh) =
        (server.client(), server.client(), server.client());
    for call in ["MULTI", "CAS.SET k NX v", "SET k w"] {
        transaction.cmd(call);
    }
    fresh.cmd("MULTI");
    assert_eq!(admin.cmd("MODULE UNLOAD atomic"), ok());
    transaction.expect_closed();
    fresh.cmd("SET k 1");
    assert_eq!(fresh.cmd("EXEC"), array([ok()]));
}

#[test]
fn within_a_transaction_the_module_stays() {
    let server = Server::start();
    let (mut client, mut other) = (server.client(), server.client());
    other.cmd("CAS.GET k");
    for call in [
        "MULTI",
        "CAS.SET k NX v",
        "MODULE UNLOAD atomic",
        "CAS.DEL k IFEQ v",
    ] {
        client.cmd(call);
    }
    let replies = client.cmd("EXEC");
    let [set, unload, del] = replies.items() else {
        panic!("{replies}")
    };
    assert_eq!((set, del), (&ok(), &int(1)));
    assert!(unload.is_error(), "{unload}");
    assert!(
        server
            .log()
            .contains("not unloaded: not within a transaction")
    );
    assert_eq!(other.cmd("CAS.SET k NX v"), ok());
}

#[test]
fn a_module_that_is_loaded_again_counts_from_0() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("CAS.SET k NX v");
    assert_eq!(client.cmd("MODULE UNLOAD atomic"), ok());
    assert_eq!(client.call(&["MODULE", "LOAD", module_path()]), ok());
    assert_eq!(server.info("atomic", "atomic_conditions_applied"), "0");
}

#[test]
fn a_server_with_the_module_shuts_down_in_order_and_starts_again() {
    let mut server = Server::start();
    server.restart();
    assert_eq!(server.client().cmd("CAS.SET k NX v"), ok());
}
