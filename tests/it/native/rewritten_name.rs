//! What the documentation says of the filter: a `SET` whose condition the server lacks runs, and is
//! counted and shown, as `cas.nativeset`, or as `cas.nativesetget` with `GET`.

use super::{NOTHING_TO_ADD, lacking};
use crate::support::*;

/// A condition that is true of a missing key, and of any that does not hold 16 zeros.
fn condition() -> Option<&'static str> {
    let found = lacking().into_iter().find(|c| c.ends_with("NE"));
    if found.is_none() {
        not_applicable(NOTHING_TO_ADD);
    }
    found
}

const OTHER: &str = "0000000000000000";

#[test]
fn commandstats_count_the_rewritten_name() {
    let Some(condition) = condition() else { return };
    let server = Server::start();
    let mut client = server.client();
    client.call(&["SET", "k", "v", condition, OTHER]);
    client.call(&["SET", "k", "v", condition, OTHER, "GET"]);
    let stats = client.cmd("INFO commandstats").text();
    assert!(stats.contains("cmdstat_cas.nativeset:calls=1,"), "{stats}");
    assert!(
        stats.contains("cmdstat_cas.nativesetget:calls=1,"),
        "{stats}"
    );
}

#[test]
fn the_slow_log_shows_the_rewritten_name_and_the_clients_words() {
    let Some(condition) = condition() else { return };
    let server = Server::builder()
        .arg("slowlog-log-slower-than", "0")
        .start();
    let mut client = server.client();
    client.call(&["SET", "k", "v", condition, OTHER]);
    let log = client.cmd("SLOWLOG GET 1");
    let [_, _, _, words, ..] = log.items()[0].items() else {
        panic!("no entry: {log}");
    };
    let expected = ["cas.nativeset", "k", "v", condition, OTHER];
    assert_eq!(*words, array(expected.map(bulk)));
}

#[test]
fn monitor_shows_the_rewritten_name_beside_the_plain_command_that_it_runs() {
    let Some(condition) = condition() else { return };
    let server = Server::start();
    let mut monitor = server.client();
    monitor.cmd("MONITOR");
    let mut client = server.client();
    client.call(&["SET", "k", "v", condition, OTHER]);
    let mut shown = [monitor.receive().text(), monitor.receive().text()];
    // Which comes first is the server's choice.
    shown.sort_by_key(String::len);
    let [plain, rewritten] = shown;
    assert!(plain.ends_with(r#"] "SET" "k" "v""#), "{plain}");
    let words = format!(r#"] "cas.nativeset" "k" "v" "{condition}" "{OTHER}""#);
    assert!(rewritten.ends_with(&words), "{rewritten}");
}

#[test]
fn errors_show_the_name_that_the_client_sent() {
    let Some(condition) = condition() else { return };
    let server = Server::start();
    let reply = server
        .client()
        .call(&["SET", "k", "v", condition, OTHER, "EX", "0"]);
    assert_eq!(reply, error("ERR invalid expire time in 'set' command"));
}
