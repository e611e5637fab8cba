//! Unloading takes the native names away, loading brings them back.

use super::{lacking, lacking_commands};
use crate::support::*;

const ROUNDS: usize = 5;

fn is_unknown(reply: &Value) -> bool {
    reply.is_error() && reply.text().starts_with("ERR unknown command")
}

#[test]
fn unloading_gives_the_server_its_own_set_back_and_loading_the_modules() {
    let server = Server::start();
    let mut client = server.client();
    for round in 0..ROUNDS {
        client.cmd("SET k v");
        for condition in super::CONDITIONS {
            let reply = client.call(&["SET", "k", "v", condition, "0123456789abcdef"]);
            assert!(!reply.is_error(), "round {round}: {condition}: {reply}");
        }
        assert_eq!(client.cmd("CAS.SET k XX w"), ok(), "round {round}");

        assert_eq!(client.cmd("MODULE UNLOAD atomic"), ok(), "round {round}");
        for condition in lacking() {
            let reply = client.call(&["SET", "k", "v", condition, "0123456789abcdef"]);
            assert_eq!(reply, error("ERR syntax error"), "round {round}");
        }
        for command in lacking_commands().into_iter().chain(["CAS.SET"]) {
            let reply = client.call(&[command, "k", "XX", "v"]);
            assert!(is_unknown(&reply), "round {round}: {reply}");
        }
        assert_eq!(client.cmd("GET k"), bulk("w"), "round {round}");

        let reply = client.call(&["MODULE", "LOAD", module_path()]);
        assert_eq!(reply, ok(), "round {round}");
    }
}

/// Whose last command is gone is cut off, since the server would go on to read it; the next connection is
/// served by what is there then.
#[test]
fn clients_that_go_on_sending_see_one_of_the_two_or_are_cut_off_and_the_server_lives() {
    let server = Server::start();
    let (mut busy, mut admin) = (server.client(), server.client());
    for _ in 0..ROUNDS {
        let conditional: &[_] = &["SET", "k", "v", "IFNE", "w"];
        let sent = (0..50).take_while(|_| busy.try_send(conditional).is_ok());
        let sent = sent.count();
        assert_eq!(admin.cmd("MODULE UNLOAD atomic"), ok());
        let after = (0..50).take_while(|_| busy.try_send(conditional).is_ok());
        let sent = sent + after.count();
        assert_eq!(admin.call(&["MODULE", "LOAD", module_path()]), ok());
        for _ in 0..sent {
            let Ok(reply) = busy.try_receive() else {
                busy = server.client();
                break;
            };
            assert!(
                reply == ok() || reply == error("ERR syntax error"),
                "{reply}"
            );
        }
    }
    assert_eq!(busy.cmd("SET k v IFNE w"), ok());
}
