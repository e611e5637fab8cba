//! `CONFIG` parameters of the same names as the load arguments, where modules can have them (7.0+).

use std::fs;

use crate::support::*;

/// Says so where modules have no parameters.
fn lacks_parameters() -> bool {
    let lacks = !Server::builder().without_module().start().is_at_least(7, 0);
    if lacks {
        not_applicable("modules have configuration parameters from 7.0 on");
    }
    lacks
}

fn native(server: &Server) -> String {
    let pairs = server.client().cmd("CONFIG GET atomic.native").pairs();
    assert_eq!(pairs.len(), 1, "{pairs:?}");
    pairs[0].1.text()
}

#[test]
fn config_get_shows_every_parameter() {
    if lacks_parameters() {
        return;
    }
    let server = Server::start();
    for (mut client, flat) in server.clients().into_iter().zip([true, false]) {
        let reply = client.cmd("CONFIG GET atomic.*");
        let pair = (bulk("atomic.native"), bulk("auto"));
        let expected = if flat {
            array([pair.0, pair.1])
        } else {
            map([pair])
        };
        assert_eq!(reply, expected);
    }
}

#[test]
fn config_get_shows_what_the_load_argument_says() {
    if lacks_parameters() {
        return;
    }
    let server = Server::builder().module_args(&["native", "no"]).start();
    assert_eq!(native(&server), "no");
}

#[test]
fn the_configuration_counts_where_the_load_argument_says_otherwise() {
    if lacks_parameters() {
        return;
    }
    let server = Server::builder()
        .module_args(&["native", "no"])
        .arg("atomic.native", "auto")
        .start();
    assert_eq!(native(&server), "auto");
    server.client().cmd("SET k v");
    assert_eq!(server.client().cmd("SET k w IFEQ v"), ok());
}

#[test]
fn config_set_is_refused_for_it_is_set_at_load() {
    if lacks_parameters() {
        return;
    }
    let server = Server::start();
    let reply = server.client().cmd("CONFIG SET atomic.native no");
    assert!(reply.is_error(), "{reply}");
    assert!(reply.text().contains("immutable config"), "{reply}");
    assert_eq!(native(&server), "auto");
}

#[test]
fn a_value_that_is_none_stops_the_server() {
    if lacks_parameters() {
        return;
    }
    let log = Server::builder()
        .arg("atomic.native", "maybe")
        .refuse_to_start();
    assert!(log.contains("atomic.native"), "{log}");
    assert!(log.contains("auto, no"), "{log}");
    assert!(
        log.contains("not loaded: a configuration parameter has a wrong value"),
        "{log}"
    );
}

#[test]
fn a_parameter_that_is_none_stops_the_server() {
    if lacks_parameters() {
        return;
    }
    // Each server says so in words of its own.
    Server::builder()
        .arg("atomic.nativ", "no")
        .refuse_to_start();
}

#[test]
fn loadex_takes_arguments_as_well_as_parameters() {
    if lacks_parameters() {
        return;
    }
    let server = Server::builder().without_module().start();
    let mut client = server.client();
    let mut load = |words: &[&str]| {
        let reply = client.call(&[&["MODULE", "LOADEX", module_path()], words].concat());
        if reply == ok() {
            let native = native(&server);
            assert_eq!(client.cmd("MODULE UNLOAD atomic"), ok());
            return native;
        }
        assert!(reply.is_error(), "{reply}");
        "refused".into()
    };
    assert_eq!(load(&[]), "auto");
    assert_eq!(load(&["ARGS", "native", "no"]), "no");
    assert_eq!(load(&["CONFIG", "atomic.native", "no"]), "no");
    assert_eq!(load(&["CONFIG", "atomic.native", "maybe"]), "refused");
    assert_eq!(load(&["CONFIG", "atomic.nativ", "no"]), "refused");
    assert_eq!(load(&["ARGS", "native", "maybe"]), "refused");
    // Nothing of what was refused stays.
    assert_eq!(load(&[]), "auto");
}

#[test]
fn config_rewrite_keeps_a_parameter_across_a_restart() {
    if lacks_parameters() {
        return;
    }
    let mut server = Server::builder().arg("atomic.native", "no").start();
    assert_eq!(server.client().cmd("CONFIG REWRITE"), ok());
    server.restart();
    assert_eq!(native(&server), "no");
}

#[test]
fn config_rewrite_keeps_a_load_argument_across_a_restart() {
    if lacks_parameters() {
        return;
    }
    let mut server = Server::builder().module_args(&["native", "no"]).start();
    assert_eq!(server.client().cmd("CONFIG REWRITE"), ok());
    let file = fs::read_to_string(server.dir().join("redis.conf")).expect("redis.conf");
    server.restart();
    assert_eq!(native(&server), "no", "{file}");
}
