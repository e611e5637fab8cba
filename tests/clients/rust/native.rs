//! The calls of redis-rs that came with Redis 8.4, as its users write them.

use redis::{
    Client, Connection, ProtocolVersion, SetExpiry, SetOptions, TypedCommands, ValueComparison,
    calculate_value_digest,
};
use std::sync::{Mutex, MutexGuard};

const OTHER: &str = "0000000000000000";

/// Runs a test on an empty server in both protocols; one test at a time.
fn on(test: impl Fn(&mut Connection)) {
    static SERVER: Mutex<()> = Mutex::new(());
    let _alone: MutexGuard<()> = SERVER.lock().unwrap_or_else(|e| e.into_inner());
    for protocol in [ProtocolVersion::RESP2, ProtocolVersion::RESP3] {
        use redis::IntoConnectionInfo;
        let info = std::env::var("REDIS_URL")
            .expect("REDIS_URL")
            .into_connection_info()
            .unwrap();
        let settings = info.redis_settings().clone().set_protocol(protocol);
        let client = Client::open(info.set_redis_settings(settings)).unwrap();
        let mut connection = client.get_connection().unwrap();
        connection.flushall().unwrap();
        test(&mut connection);
    }
}

fn when(comparison: ValueComparison) -> SetOptions {
    SetOptions::default().value_comparison(comparison)
}

fn ok() -> Option<String> {
    Some("OK".into())
}

fn text(value: &str) -> Option<String> {
    Some(value.into())
}

#[test]
fn set_ifeq() {
    on(|c| {
        c.set("k", "a").unwrap();
        let equal = || when(ValueComparison::ifeq("a"));
        assert_eq!(c.set_options("k", "b", equal()).unwrap(), ok());
        assert_eq!(c.set_options("k", "c", equal()).unwrap(), None);
        assert_eq!(c.set_options("missing", "c", equal()).unwrap(), None);
        assert_eq!(c.get("k").unwrap(), text("b"));
        assert_eq!(c.get("missing").unwrap(), None);
    });
}

#[test]
fn set_ifne() {
    on(|c| {
        c.set("k", "a").unwrap();
        let other_than = |value| when(ValueComparison::ifne(value));
        assert_eq!(c.set_options("k", "b", other_than("a")).unwrap(), None);
        assert_eq!(c.set_options("k", "b", other_than("x")).unwrap(), ok());
        assert_eq!(
            c.set_options("missing", "b", other_than("x")).unwrap(),
            ok()
        );
        assert_eq!(c.get("missing").unwrap(), text("b"));
    });
}

#[test]
fn set_ifdeq() {
    on(|c| {
        c.set("k", "a").unwrap();
        let digest = c.digest("k").unwrap().unwrap();
        let equal = |digest: &str| when(ValueComparison::ifdeq(digest));
        assert_eq!(c.set_options("k", "b", equal(OTHER)).unwrap(), None);
        assert_eq!(c.set_options("k", "b", equal(&digest)).unwrap(), ok());
        assert_eq!(c.set_options("k", "c", equal(&digest)).unwrap(), None);
        assert_eq!(c.get("k").unwrap(), text("b"));
    });
}

#[test]
fn set_ifdne() {
    on(|c| {
        c.set("k", "a").unwrap();
        let digest = c.digest("k").unwrap().unwrap();
        let other_than = |digest: &str| when(ValueComparison::ifdne(digest));
        assert_eq!(c.set_options("k", "b", other_than(&digest)).unwrap(), None);
        assert_eq!(c.set_options("k", "b", other_than(OTHER)).unwrap(), ok());
        assert_eq!(
            c.set_options("missing", "b", other_than(&digest)).unwrap(),
            ok()
        );
    });
}

#[test]
fn get_returns_the_value_before_whatever_becomes_of_it() {
    on(|c| {
        c.set("k", "a").unwrap();
        let equal = || when(ValueComparison::ifeq("a")).get(true);
        assert_eq!(c.set_options("k", "b", equal()).unwrap(), text("a"));
        assert_eq!(c.set_options("k", "c", equal()).unwrap(), text("b"));
        assert_eq!(c.get("k").unwrap(), text("b"));
    });
}

#[test]
fn expiry() {
    on(|c| {
        c.set("k", "a").unwrap();
        let same = || when(ValueComparison::ifeq("a"));
        for expiry in [
            SetExpiry::EX(1000),
            SetExpiry::PX(1_000_000),
            SetExpiry::KEEPTTL,
        ] {
            let options = same().with_expiration(expiry);
            assert_eq!(c.set_options("k", "a", options).unwrap(), ok());
            let left: i64 = redis::cmd("TTL").arg("k").query(c).unwrap();
            assert!((900..=1000).contains(&left), "{left} s");
        }
        assert_eq!(c.set_options("k", "a", same()).unwrap(), ok());
        let left: i64 = redis::cmd("TTL").arg("k").query(c).unwrap();
        assert_eq!(left, -1);
    });
}

#[test]
fn delex() {
    on(|c| {
        c.set("k", "a").unwrap();
        let digest = c.digest("k").unwrap().unwrap();
        for miss in [
            ValueComparison::ifeq("b"),
            ValueComparison::ifne("a"),
            ValueComparison::ifdeq(OTHER),
            ValueComparison::ifdne(&digest),
        ] {
            assert_eq!(c.del_ex("k", miss).unwrap(), 0);
        }
        for hit in [
            ValueComparison::ifeq("a"),
            ValueComparison::ifne("b"),
            ValueComparison::ifdeq(&digest),
            ValueComparison::ifdne(OTHER),
        ] {
            c.set("k", "a").unwrap();
            assert_eq!(c.del_ex("k", hit).unwrap(), 1);
            assert!(!c.exists("k").unwrap());
        }
    });
}

#[test]
fn digest_is_what_the_client_computes_by_itself() {
    on(|c| {
        for value in ["", "hello", "12345", "-7", "zażółć"] {
            c.set("k", value).unwrap();
            assert_eq!(c.digest("k").unwrap(), Some(calculate_value_digest(value)));
        }
        assert_eq!(c.digest("missing").unwrap(), None);
    });
}

#[test]
fn errors() {
    on(|c| {
        c.rpush("l", "a").unwrap();
        let equal = || ValueComparison::ifeq("a");
        let said = |error: redis::RedisError| error.to_string();
        let set = said(c.set_options("l", "b", when(equal())).unwrap_err());
        assert!(set.contains("wrong kind of value"), "{set}");
        let digest = said(c.digest("l").unwrap_err());
        assert!(digest.contains("wrong kind of value"), "{digest}");
        let delex = said(c.del_ex("l", equal()).unwrap_err());
        assert!(delex.contains("Key should be of string type"), "{delex}");
    });
}

#[test]
fn a_transaction() {
    on(|c| {
        let replies: (String, Option<String>, Option<String>, String, usize) = redis::pipe()
            .atomic()
            .set("k", "a")
            .set_options("k", "b", when(ValueComparison::ifeq("a")))
            .set_options("k", "c", when(ValueComparison::ifeq("a")))
            .digest("k")
            .del_ex("k", ValueComparison::ifeq("b"))
            .query(c)
            .unwrap();
        let digest = calculate_value_digest("b");
        assert_eq!(replies, ("OK".into(), ok(), None, digest, 1));
    });
}
