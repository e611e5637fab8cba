//! Small hashes, sets and sorted sets are handed to the server as it keeps them, by RESTORE; nobody is to see a difference.

use proptest::prelude::*;

use super::*;

/// How often the server has run a command, also within ours.
fn runs(server: &Server, command: &str) -> usize {
    let info = server.client().cmd("INFO commandstats").text();
    let Some(stats) = field_of(&info, &format!("cmdstat_{command}")) else {
        return 0;
    };
    let calls = stats.split(['=', ',']).nth(1).expect("calls=N,…");
    calls.parse().expect("a number")
}

/// Whether the server keeps what the command writes so that it can be handed over ready.
fn takes(server: &Server, command: &str) -> bool {
    let (major, minor) = if command == "SADD" { (7, 2) } else { (7, 0) };
    server.is_at_least(major, minor)
}

const OTHERWISE: &str = "the server keeps small values of the type otherwise";

/// What makes the value, the command that writes it natively, and its data: as many elements as are handed over
/// ready on every server.
fn each() -> [(&'static str, &'static str, String); 3] {
    [
        ("ATOMIC.REPLACEHASH", "HSET", fields()),
        ("ATOMIC.REPLACESET", "SADD", members()),
        ("ATOMIC.REPLACEZSET", "ZADD", scores()),
    ]
}

const COUNT: i64 = 26;

fn joined(element: impl Fn(char) -> String) -> String {
    ('a'..='z').map(element).collect::<Vec<_>>().join(" ")
}

fn fields() -> String {
    joined(|letter| format!("{letter} {}", u32::from(letter)))
}

fn members() -> String {
    joined(String::from)
}

fn scores() -> String {
    joined(|letter| format!("{} {letter}", u32::from(letter) * 7 % 10))
}

/// Around the limits of compact encodings, up to a length, and of the server's own forms of integers in them.
fn word(longest: usize) -> impl Strategy<Value = Vec<u8>> {
    let edges = vec![0, 127, 4095, 0x7FFF, 0x7F_FFFF, 0x7FFF_FFFF, i64::MAX];
    let edge = (prop::sample::select(edges), any::<bool>(), -2..3_i64);
    prop_oneof![
        2 => edge.prop_map(|(edge, is_negative, more)| {
            let edge = if is_negative { -edge } else { edge };
            edge.wrapping_add(more).to_string().into_bytes()
        }),
        1 => any::<i64>().prop_map(|number| number.to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..8),
        1 => prop::collection::vec(any::<u8>(), 60..=longest),
    ]
}

/// Elements, each of so many words, of which the first comes only once; mostly short ones, so that most values are
/// compact.
fn elements(
    stride: usize,
    count: impl Strategy<Value = usize>,
) -> impl Strategy<Value = Vec<Vec<u8>>> {
    (count, prop::bool::weighted(0.1)).prop_flat_map(move |(count, with_long)| {
        let word = word(if with_long { 65 } else { 64 });
        let element = prop::collection::vec(word, stride);
        prop::collection::vec(element, count).prop_map(|mut elements| {
            let mut seen = BTreeSet::new();
            elements.retain(|element| seen.insert(element[0].clone()));
            elements.concat()
        })
    })
}

/// Mostly few; sometimes about as many as are kept compact, and more.
fn few_or_more_than(most: usize) -> impl Strategy<Value = usize> {
    prop_oneof![20 => 1..80_usize, 2 => most - 1..most + most / 2]
}

fn call(head: &[&str], words: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let head = head.iter().map(|word| word.as_bytes().to_vec());
    head.chain(words.iter().cloned()).collect()
}

/// Checks that what the one command makes of data is what the other makes, by a comparison, before and after `change`
/// has changed both keys; and that much of it was handed over ready.
fn is_what(
    [replace, write]: [&str; 2],
    data: impl Strategy<Value = Vec<Vec<u8>>>,
    same: fn(&mut Client),
    change: impl Fn(&mut Client, &str, &[Vec<u8>]),
) {
    let server = Server::start();
    if !takes(&server, write) {
        return not_applicable(OTHERWISE);
    }
    for_all(&server, data, |client, data| {
        client.cmd("DEL theirs");
        client.call(&call(&[write, "theirs"], data));
        assert_eq!(client.call(&call(&[replace, "ours"], data)), ok());
        same(client);
        for key in ["theirs", "ours"] {
            change(client, key, data);
        }
        same(client);
    });
    assert!(runs(&server, "restore") > CASES as usize / 4);
}

fn same_content(client: &mut Client) {
    let encoding = client.cmd("OBJECT ENCODING theirs");
    assert_eq!(client.cmd("OBJECT ENCODING ours"), encoding);
    assert_eq!(content(client, "ours"), content(client, "theirs"));
}

fn same_bytes(client: &mut Client) {
    same_content(client);
    if client.cmd("OBJECT ENCODING theirs") == bulk("listpack") {
        assert_eq!(client.cmd("DUMP ours"), client.cmd("DUMP theirs"));
    }
}

fn same_members(client: &mut Client) {
    same_content(client);
    assert_eq!(client.cmd("SCARD ours"), client.cmd("SCARD theirs"));
}

#[test]
fn a_hash_is_to_the_byte_what_hset_makes_of_it() {
    let data = elements(2, few_or_more_than(512));
    let commands = ["ATOMIC.REPLACEHASH", "HSET"];
    is_what(commands, data, same_bytes, |client, key, data| {
        // What comes next finds it in order.
        client.call(&call(&["HDEL", key], &data[..1]));
        client.call(&call(&["HSET", key], &data[data.len() - 2..]));
        client.cmd(&format!("HINCRBY {key} counter -4097"));
    });
}

#[test]
fn a_set_is_what_sadd_makes_of_it() {
    let data = elements(1, few_or_more_than(128));
    let commands = ["ATOMIC.REPLACESET", "SADD"];
    is_what(commands, data, same_members, |client, key, data| {
        client.call(&call(&["SREM", key], &data[..1]));
        client.cmd(&format!("SADD {key} -4097 new"));
    });
}

#[test]
fn a_sorted_set_is_to_the_byte_what_zadd_makes_of_it() {
    let score = prop_oneof![
        6 => (-3..9000_i64).prop_map(|score| score.to_string()),
        1 => any::<i32>().prop_map(|score| score.to_string()),
    ];
    let rare = prop_oneof![
        prop::sample::select(vec![
            "9007199254740992",
            "9007199254740993",
            "-0",
            "1e3",
            "inf"
        ])
        .prop_map(String::from),
        any::<f64>()
            .prop_filter("a number", |score| !score.is_nan())
            .prop_map(|score| score.to_string()),
    ];
    let scores = prop::collection::vec(score, 300);
    let data = (
        elements(1, few_or_more_than(128)),
        scores,
        prop::option::weighted(0.1, rare),
    );
    let data = data.prop_map(|(members, mut scores, rare)| {
        scores[0] = rare.unwrap_or_else(|| scores[0].clone());
        let scores = scores.into_iter().map(String::into_bytes);
        scores
            .zip(members)
            .flat_map(|(score, member)| [score, member])
            .collect()
    });
    let commands = ["ATOMIC.REPLACEZSET", "ZADD"];
    is_what(commands, data, same_bytes, |client, key, data| {
        client.call(&call(&["ZREM", key], &data[1..2]));
        client.cmd(&format!("ZADD {key} 2 -4097 -1 new"));
    });
}

#[test]
fn the_limits_are_the_servers_settings_as_they_are_now() {
    let server = Server::start();
    let mut client = server.client();
    for (replace, write, data) in each() {
        if !takes(&server, write) {
            not_applicable_cases(1, OTHERWISE);
            continue;
        }
        let (of, large) = match write {
            "HSET" => ("hash", "hashtable"),
            "SADD" => ("set", "hashtable"),
            _ => ("zset", "skiplist"),
        };
        for (setting, low, usual) in [("entries", "20", "128"), ("value", "0", "64")] {
            let setting = format!("{of}-max-listpack-{setting}");
            for (value, encoding) in [(low, large), (usual, "listpack")] {
                client.call(&["CONFIG", "SET", &setting, value]);
                assert_eq!(client.cmd(&format!("{replace} k {data}")), ok());
                assert_eq!(
                    client.cmd("OBJECT ENCODING k"),
                    bulk(encoding),
                    "{setting} {value}"
                );
            }
        }
        assert_eq!(runs(&server, "restore"), 2);
        server.client().cmd("CONFIG RESETSTAT");
    }
}

#[test]
fn all_hear_of_the_write_and_of_nothing_else() {
    let server = Server::start();
    let mut client = server.client();
    for (replace, write, data) in each() {
        if !takes(&server, write) {
            not_applicable_cases(1, OTHERWISE);
            continue;
        }
        let event = format!("{} k", write.to_lowercase());
        let written = format!("{write} k {data}");
        // RESTORE would be heard in the class g.
        for (classes, restored) in [("Ehsz", 1), ("Eghsz", 0)] {
            let mut observer = Observer::listening(&server, classes);
            for sent_as in [&[&*written][..], &["UNLINK k", &written]] {
                let before = runs(&server, "restore");
                let seen = observer.during(|| client.cmd(&format!("{replace} k {data}")));
                assert_eq!(seen.events, [&*event], "{classes}");
                assert_eq!(sent(&seen), sent_as, "{classes}");
                assert_eq!(seen.invalidated, ["k"], "{classes}");
                assert_eq!(runs(&server, "restore") - before, restored, "{classes}");
            }
            client.cmd("DEL k");
        }
    }
}

#[test]
fn a_change_is_counted_for_each_command_that_it_consists_of() {
    let server = Server::start();
    let mut client = server.client();
    for (replace, write, data) in each() {
        if !takes(&server, write) {
            not_applicable_cases(1, OTHERWISE);
            continue;
        }
        let mut observer = Observer::listening(&server, "");
        for changes in [2, 3] {
            let seen = observer.during(|| client.cmd(&format!("{replace} k {data}")));
            assert_eq!(seen.dirty, changes);
        }
        client.cmd("DEL k");
    }
}

#[test]
fn an_expiry_and_a_broken_watch_go_with_it() {
    let server = Server::start();
    let (mut client, mut watching) = (server.client(), server.client());
    watching.cmd("WATCH k");
    client.cmd(&format!(
        "ATOMIC.REPLACE k EX 100 HASH {COUNT} {}",
        fields()
    ));
    assert!((1..=100).contains(&client.cmd("TTL k").number()));
    watching.cmd("MULTI");
    assert_eq!(watching.cmd("EXEC"), nil_array());
    client.cmd(&format!(
        "ATOMIC.REPLACE k KEEPTTL SET {COUNT} {}",
        members()
    ));
    assert!((1..=100).contains(&client.cmd("TTL k").number()));
    assert_eq!(client.cmd("SCARD k"), int(COUNT));
}

#[test]
fn of_what_comes_twice_the_last_counts() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd(&format!("ATOMIC.REPLACEHASH k {} a last", fields()));
    assert_eq!(client.cmd("HGET k a"), bulk("last"));
    assert_eq!(client.cmd("HLEN k"), int(COUNT));
    client.cmd(&format!("ATOMIC.REPLACESET k {} a", members()));
    assert_eq!(client.cmd("SCARD k"), int(COUNT));
    client.cmd(&format!("ATOMIC.REPLACEZSET k {} 5 a", scores()));
    assert_eq!(client.cmd("ZSCORE k a"), bulk("5"));
    assert_eq!(client.cmd("ZCARD k"), int(COUNT));
}

#[test]
fn another_module_that_listens_hears_of_the_write_alone() {
    let server = Server::start();
    let mut client = server.client();
    if !takes(&server, "HSET") {
        return not_applicable(OTHERWISE);
    }
    let scratch = tempfile::tempdir().expect("a temporary directory");
    let listener = build_c("tests/it/atomic/listener.c", scratch.path());
    let replace = format!("ATOMIC.REPLACEHASH k {}", fields());
    client.cmd(&replace);
    assert_eq!(runs(&server, "restore"), 1);
    assert_eq!(client.call(&["MODULE", "LOAD", &listener]), ok());
    client.cmd(&replace);
    assert_eq!(client.cmd("LISTENER.HEARD"), bulk("hset"));
    assert_eq!(runs(&server, "restore"), 1);
    client.cmd("MODULE UNLOAD listener");
    client.cmd(&replace);
    assert_eq!(runs(&server, "restore"), 2);
}

#[test]
fn where_restore_has_another_name_the_command_of_the_type_writes() {
    let server = Server::builder()
        .arg("rename-command", "RESTORE \"\"")
        .start();
    let mut client = server.client();
    client.cmd(&format!("ATOMIC.REPLACEHASH k {}", fields()));
    assert_eq!(client.cmd("HLEN k"), int(COUNT));
    assert_eq!(runs(&server, "hset"), 1);
}

#[test]
fn a_server_that_refuses_what_it_is_handed_is_given_the_elements() {
    if !takes(&Server::start(), "HSET") {
        return not_applicable(OTHERWISE);
    }
    // What is called RESTORE here takes one argument.
    let server = Server::builder()
        .arg("rename-command", "RESTORE \"\"")
        .arg("rename-command", "GETDEL RESTORE")
        .start();
    let mut client = server.client();
    for _ in 0..2 {
        assert_eq!(
            client.cmd(&format!("ATOMIC.REPLACEHASH k {}", fields())),
            ok()
        );
        assert_eq!(client.cmd("HLEN k"), int(COUNT));
    }
    assert_eq!(runs(&server, "hset"), 2);
}
