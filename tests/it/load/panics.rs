//! A panic in a handler is an error reply and a line in the log, and the server lives on. The debug
//! build has a command that does nothing else: `ATOMIC.FAULT key`.

use std::process::Command;

use crate::support::*;

const REPLY: &str = "ERR internal error, see the server log";

/// All of these run again by [`they_are_survived_with_rust_backtrace_too`].
mod survived {
    use super::*;

    /// The server's own tests of what is left of it.
    fn assert_well(server: &Server) {
        let mut client = server.client();
        assert_eq!(client.cmd("CAS.SET well NX v"), ok());
        assert_eq!(client.cmd("SET well w IFEQ v"), ok());
        assert_eq!(client.cmd("DELEX well IFEQ w"), int(1));
    }

    #[test]
    fn a_panic_is_an_error_reply() {
        let server = Server::builder().debug_module().start();
        for mut client in server.clients() {
            for _ in 0..3 {
                assert_eq!(client.cmd("ATOMIC.FAULT k"), error(REPLY));
                assert_eq!(client.cmd("PING"), simple("PONG"));
            }
        }
        assert_well(&server);
    }

    #[test]
    fn the_log_says_where_it_was_and_why() {
        let server = Server::builder().debug_module().start();
        server.client().cmd("ATOMIC.FAULT k");
        // The message has what a format string would trip over.
        server.until_logged("asked for by ATOMIC.FAULT: 100% %s %n");
        let log = server.log();
        let line = log
            .lines()
            .find(|line| line.contains("asked for by"))
            .expect("just seen");
        assert!(
            line.contains("internal error at src/commands/fault.rs:"),
            "{line}"
        );
        server.until_logged("'atomic.fault' ended by a panic");
        assert_well(&server);
    }

    #[test]
    fn in_a_transaction_it_is_one_of_the_replies() {
        let server = Server::builder().debug_module().start();
        let mut client = server.client();
        for line in ["MULTI", "SET a 1", "ATOMIC.FAULT k", "CAS.SET b NX 2"] {
            client.cmd(line);
        }
        assert_eq!(client.cmd("EXEC"), array([ok(), error(REPLY), ok()]));
        assert_well(&server);
    }

    #[test]
    fn in_a_script_it_is_an_error_that_can_be_caught() {
        let server = Server::builder().debug_module().start();
        let mut client = server.client();
        let caught =
            "local r = redis.pcall('ATOMIC.FAULT', KEYS[1]) return {r.err ~= nil, 'after'}";
        let reply = client.call(&["EVAL", caught, "1", "k"]);
        assert_eq!(reply, array([int(1), bulk("after")]));
        let reply = client.call(&[
            "EVAL",
            "return redis.call('ATOMIC.FAULT', KEYS[1])",
            "1",
            "k",
        ]);
        assert!(reply.is_error(), "{reply}");
        assert!(
            reply.text().contains("internal error, see the server log"),
            "{reply}"
        );
        assert_well(&server);
    }
}

#[test]
fn they_are_survived_with_rust_backtrace_too() {
    // A server inherits the environment of the test process, so those tests run in another one. The
    // usual hook walks the stack then, which kills some servers.
    let tests = std::env::current_exe().expect("this program");
    let output = Command::new(tests)
        .args(["load::panics::survived::", "--test-threads", "2"])
        .env("RUST_BACKTRACE", "full")
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("4 passed; 0 failed"), "{text}");
}

#[test]
fn the_release_build_has_no_such_command() {
    let server = Server::start();
    let reply = server.client().cmd("ATOMIC.FAULT k");
    assert!(reply.is_error(), "{reply}");
    assert!(reply.text().starts_with("ERR unknown command"), "{reply}");
}
