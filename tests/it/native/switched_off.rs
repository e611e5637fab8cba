//! `native no`: the module's own commands, and the server otherwise as it was.

use super::{NOTHING_TO_ADD, lacking, lacking_commands};
use crate::support::*;

fn is_all_native() -> bool {
    let nothing = lacking().is_empty() && lacking_commands().is_empty();
    if nothing {
        not_applicable(NOTHING_TO_ADD);
    }
    nothing
}

fn assert_off(server: &Server) {
    let mut client = server.client();
    for condition in lacking() {
        let reply = client.call(&["SET", "k", "v", condition, "0123456789abcdef"]);
        assert_eq!(reply, error("ERR syntax error"), "{condition}");
    }
    for command in lacking_commands() {
        let reply = client.call(&[command, "k"]);
        assert!(reply.is_error(), "{command}: {reply}");
        assert!(reply.text().starts_with("ERR unknown command"), "{reply}");
    }
    assert_eq!(client.cmd("CAS.SET k NX v"), ok());
    server.until_logged("native names added: nothing;");
}

#[test]
fn the_load_argument_turns_the_native_names_off() {
    if is_all_native() {
        return;
    }
    assert_off(&Server::builder().module_args(&["native", "no"]).start());
}

#[test]
fn the_load_argument_is_taken_at_run_time_too() {
    if is_all_native() {
        return;
    }
    let server = Server::builder().without_module().start();
    let reply = server
        .client()
        .call(&["MODULE", "LOAD", module_path(), "native", "no"]);
    assert_eq!(reply, ok());
    assert_off(&server);
}

#[test]
fn the_configuration_turns_the_native_names_off() {
    if is_all_native() {
        return;
    }
    if !Server::start().is_at_least(7, 0) {
        return not_applicable("modules have configuration parameters from 7.0 on");
    }
    assert_off(&Server::builder().arg("atomic.native", "no").start());
}

#[test]
fn loadex_turns_the_native_names_off() {
    if is_all_native() {
        return;
    }
    let server = Server::builder().without_module().start();
    if !server.is_at_least(7, 0) {
        return not_applicable("MODULE LOADEX came with 7.0");
    }
    let path = module_path();
    let words = ["MODULE", "LOADEX", path, "CONFIG", "atomic.native", "no"];
    assert_eq!(server.client().call(&words), ok());
    assert_off(&server);
}

#[test]
fn auto_is_what_it_is_without_a_setting() {
    let server = Server::builder().module_args(&["native", "auto"]).start();
    let mut client = server.client();
    client.cmd("SET k v");
    assert_eq!(client.cmd("SET k w IFEQ v"), ok());
    assert_eq!(client.cmd("DELEX k IFEQ w"), int(1));
}
