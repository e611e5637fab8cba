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
