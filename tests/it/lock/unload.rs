//! While clients wait the module stays; else it goes, whatever has been.

use super::{held, until_waiting, waiting};
use crate::support::*;

#[test]
fn while_a_client_waits_the_module_is_not_unloaded() {
    let (server, mut client) = held();
    let mut waiter = waiting(&server, "next");
    let reply = client.cmd("MODULE UNLOAD atomic");
    assert!(reply.text().contains("blocked clients"), "{reply}");
    assert_eq!(client.cmd("LOCK.RELEASE k holder"), int(1));
    assert_eq!(waiter.receive(), int(1));
    assert_eq!(client.cmd("MODULE UNLOAD atomic"), ok());
    assert_eq!(client.cmd("GET k"), bulk("next"));
}

#[test]
fn when_all_who_have_waited_are_gone_it_is_and_can_come_back() {
    let (server, mut client) = held();
    client.cmd("PEXPIRE k 300");
    for round in 0..3 {
        let mut impatient = super::sent(&server, "LOCK.ACQUIRE k a PX 9 BLOCK 5");
        assert_eq!(impatient.receive(), int(0));
        drop(waiting(&server, "b"));
        until_waiting(&server, 0);
        let mut unblocked = server.client();
        let id = unblocked.id();
        unblocked.send(&["LOCK.ACQUIRE", "k", "c", "PX", "9", "BLOCK", "0"]);
        until_waiting(&server, 1);
        client.cmd(&format!("CLIENT UNBLOCK {id}"));
        assert_eq!(unblocked.receive(), int(0));
        // No timer is left: on 6.0 it would call what is no longer there.
        assert_eq!(client.cmd("MODULE UNLOAD atomic"), ok(), "{round}");
        if round == 2 {
            until("the lock has expired", || client.cmd("EXISTS k") == int(0));
        }
        assert_eq!(client.call(&["MODULE", "LOAD", module_path()]), ok());
    }
    assert_eq!(client.cmd("LOCK.ACQUIRE k d PX 9"), int(1));
}

#[test]
fn a_server_with_clients_that_wait_shuts_down_in_order() {
    let (mut server, _client) = held();
    let mut waiter = waiting(&server, "next");
    server.stop();
    waiter.expect_closed();
}
