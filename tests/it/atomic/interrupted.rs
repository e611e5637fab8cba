//! Whatever happens to an upload: it ends in the whole value or in `STAGELOST`, never in a part of it.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

const PIECES: usize = 6;

/// What may happen after a piece.
#[derive(Debug, Clone, Copy)]
enum Mishap {
    Nothing,
    /// The reply is lost, and the client sends the piece again.
    SentTwice,
    /// The client is killed and another one goes on.
    Killed,
    /// The stage expires, or is evicted: to the client the same.
    Expired,
    Deleted,
    /// Another uploader begins anew under the same name.
    BegunAnew,
    /// Somebody puts something else there.
    AnotherType,
    Changed,
    /// Somebody renames it.
    Moved,
}

fn mishaps() -> impl Strategy<Value = Vec<Mishap>> {
    let one = prop_oneof![
        8 => Just(Mishap::Nothing),
        2 => Just(Mishap::SentTwice),
        2 => Just(Mishap::Killed),
        1 => Just(Mishap::Expired),
        1 => Just(Mishap::Deleted),
        1 => Just(Mishap::BegunAnew),
        1 => Just(Mishap::AnotherType),
        1 => Just(Mishap::Changed),
        1 => Just(Mishap::Moved),
    ];
    prop::collection::vec(one, PIECES)
}

/// The words of a piece, and how many elements it has.
fn piece(kind: &str, index: usize) -> (Vec<String>, i64) {
    let words = |words: &[String]| words.to_vec();
    match kind {
        "STRING" => (words(&[format!("<{index}>")]), 3),
        "HASH" => (
            words(&["1".into(), format!("f{index}"), format!("v{index}")]),
            1,
        ),
        "ZSET" => (
            words(&["1".into(), index.to_string(), format!("m{index}")]),
            1,
        ),
        _ => (
            words(&["2".into(), format!("{index}a"), format!("{index}b")]),
            2,
        ),
    }
}

fn stage(kind: &str, index: usize, offset: i64) -> Vec<String> {
    let head = ["ATOMIC.STAGE", "s", &offset.to_string(), "EX", "100", kind].map(String::from);
    head.into_iter().chain(piece(kind, index).0).collect()
}

fn whole(server: &Server, kind: &str) -> Content {
    let mut client = server.client();
    let mut offset = 0;
    for index in 0..PIECES {
        offset = client.call(&stage(kind, index, offset)).number();
    }
    client.cmd("RENAME s whole");
    content(&mut client, "whole")
}

fn happen(server: &Server, client: &mut Client, mishap: Mishap) {
    let mut other = server.client();
    match mishap {
        Mishap::Nothing | Mishap::SentTwice => (),
        Mishap::Killed => {
            let id = client.id().to_string();
            other.call(&["CLIENT", "KILL", "ID", &id]);
            *client = server.client();
        }
        Mishap::Expired => {
            other.cmd("PEXPIRE s 1");
            until("it has expired", || other.cmd("EXISTS s") == int(0));
        }
        Mishap::Deleted => _ = other.cmd("UNLINK s"),
        Mishap::BegunAnew => _ = other.cmd("ATOMIC.STAGE s 0 EX 9 SET 5 1 2 3 4 5"),
        Mishap::AnotherType => {
            other.cmd("DEL s");
            other.cmd("XADD s * a 1");
        }
        Mishap::Changed => {
            other.cmd("DEL s");
            other.cmd("SADD s intruder");
        }
        Mishap::Moved => _ = other.cmd("RENAME s elsewhere"),
    }
}

/// Uploads as a careful client does: with the offset that it knows. The end is the reply to the commit.
fn upload(server: &Server, kind: &str, schedule: &[Mishap]) -> Value {
    let mut client = server.client();
    let mut offset = 0;
    let mut expected = 0;
    for (index, mishap) in schedule.iter().enumerate() {
        let reply = client.call(&stage(kind, index, offset));
        if reply.is_error() {
            return reply;
        }
        expected += piece(kind, index).1;
        assert_eq!(reply, int(expected));
        if let Mishap::SentTwice = mishap {
            let again = client.call(&stage(kind, index, offset));
            // The first piece begins anew each time; any other is seen to be there.
            assert_eq!(again.is_error(), index > 0, "{again}");
        }
        offset = expected;
        happen(server, &mut client, *mishap);
    }
    client.call(&["ATOMIC.COMMIT", "s", "k", "COUNT", &expected.to_string()])
}

#[test]
fn an_upload_ends_whole_or_lost_whatever_happens() {
    let server = Server::start();
    for kind in ["STRING", "HASH", "SET", "LIST", "ZSET"] {
        let whole = whole(&server, kind);
        let runner = TestRunner::new(Config {
            cases: 60,
            failure_persistence: None,
            ..Config::default()
        });
        { runner }
            .run(&mishaps(), |schedule| {
                let mut client = server.client();
                client.cmd("DEL s k");
                client.cmd("SET k before");
                let end = upload(&server, kind, &schedule);
                let value = content(&mut client, "k");
                if end == ok() {
                    assert_eq!(value, whole, "{kind}");
                    assert_eq!(client.cmd("TTL k"), int(-1));
                } else {
                    let text = end.text();
                    assert!(
                        text.starts_with("STAGELOST") || text == "ERR no such key",
                        "{kind}: {text}"
                    );
                    assert_eq!(value, string("before"));
                }
                Ok(())
            })
            .unwrap_or_else(|failure| panic!("{kind}: {failure}"));
    }
}

#[test]
fn an_upload_goes_on_after_a_crash_where_it_was() {
    let mut server = Server::builder().aof().start();
    let mut client = server.client();
    client.cmd("ATOMIC.STAGE s 0 EX 1000 LIST 2 a b");
    assert_eq!(client.cmd("ATOMIC.STAGE s 2 EX 1000 LIST 1 c"), int(3));
    server.kill9();
    server.restart();
    let mut client = server.client();
    assert_eq!(client.cmd("ATOMIC.STAGE s 3 EX 1000 LIST 1 d"), int(4));
    assert_eq!(client.cmd("ATOMIC.COMMIT s k COUNT 4"), ok());
    assert_eq!(content(&mut client, "k"), list(&["a", "b", "c", "d"]));
}

#[test]
fn a_stage_that_was_evicted_is_lost() {
    let server = Server::builder()
        .arg("maxmemory-policy", "volatile-lru")
        .start();
    let mut client = server.client();
    client.cmd("ATOMIC.STAGE s 0 EX 1000 LIST 2 a b");
    client.cmd("CONFIG SET maxmemory 1");
    // The eviction makes room before a command that may need memory, and then the server still has none.
    client.cmd("SET other v");
    client.cmd("CONFIG SET maxmemory 0");
    assert_eq!(client.cmd("EXISTS s"), int(0));
    assert_eq!(
        client.cmd("ATOMIC.STAGE s 2 EX 1000 LIST 1 c"),
        error("STAGELOST stage holds nothing, not 2")
    );
}
