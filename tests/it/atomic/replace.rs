use super::*;

const ONE_OF_EACH: [(&str, &str); 10] = [
    ("ATOMIC.REPLACEHASH k f v", "hash"),
    ("ATOMIC.REPLACESET k a", "set"),
    ("ATOMIC.REPLACELIST k a", "list"),
    ("ATOMIC.REPLACEZSET k 1 a", "zset"),
    ("ATOMIC.REPLACE k STRING v", "string"),
    ("ATOMIC.REPLACE k HASH 1 f v", "hash"),
    ("ATOMIC.REPLACE k SET 1 a", "set"),
    ("ATOMIC.REPLACE k LIST 1 a", "list"),
    ("ATOMIC.REPLACE k ZSET 1 1 a", "zset"),
    ("ATOMIC.REPLACE k SET JSON [1]", "set"),
];

#[test]
fn any_type_takes_the_place_of_any_other_and_its_time_to_live_goes() {
    let server = Server::start();
    let mut client = server.client();
    for (_, make) in MAKE_EACH {
        for (replace, kind) in ONE_OF_EACH {
            client.cmd("DEL k");
            client.cmd(make);
            client.cmd("EXPIRE k 100");
            assert_eq!(client.cmd(replace), ok(), "{make}, then {replace}");
            assert_eq!(client.cmd("TYPE k"), simple(kind), "{make}, then {replace}");
            assert_eq!(client.cmd("TTL k"), int(-1), "{make}, then {replace}");
        }
    }
}

#[test]
fn nothing_of_the_old_value_stays() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("ATOMIC.REPLACEHASH k a 1 b 2");
    client.cmd("ATOMIC.REPLACEHASH k b 3 c 4");
    assert_eq!(content(&mut client, "k"), hash(&[("b", "3"), ("c", "4")]));
    client.cmd("ATOMIC.REPLACESET k a b");
    client.cmd("ATOMIC.REPLACESET k b c");
    assert_eq!(content(&mut client, "k"), set(&["b", "c"]));
    client.cmd("ATOMIC.REPLACELIST k a b");
    client.cmd("ATOMIC.REPLACELIST k b a a");
    assert_eq!(content(&mut client, "k"), list(&["b", "a", "a"]));
    client.cmd("ATOMIC.REPLACEZSET k 1 a 2 b");
    client.cmd("ATOMIC.REPLACEZSET k -inf b 1.5 c");
    let expected = zset(&[(f64::NEG_INFINITY, "b"), (1.5, "c")]);
    assert_eq!(content(&mut client, "k"), expected);
}

#[test]
fn of_a_repeated_field_or_member_the_last_counts() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("ATOMIC.REPLACEHASH k f 1 g 2 f 3");
    assert_eq!(content(&mut client, "k"), hash(&[("f", "3"), ("g", "2")]));
    client.cmd("ATOMIC.REPLACE k ZSET 3 1 a 2 b 3 a");
    assert_eq!(content(&mut client, "k"), zset(&[(3.0, "a"), (2.0, "b")]));
    client.cmd("ATOMIC.REPLACE k SET 3 a a a");
    assert_eq!(content(&mut client, "k"), set(&["a"]));
}

#[test]
fn the_encoding_is_that_of_the_servers_own_commands() {
    let server = Server::start();
    let mut client = server.client();
    let many: Vec<String> = (0..700).map(|i| i.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let long = "x".repeat(100);
    for (native, ours, words) in [
        ("HSET", "ATOMIC.REPLACEHASH", &["f", "1"][..]),
        ("HSET", "ATOMIC.REPLACEHASH", &["f", &long]),
        ("HSET", "ATOMIC.REPLACEHASH", &many),
        ("SADD", "ATOMIC.REPLACESET", &["1", "2"]),
        ("SADD", "ATOMIC.REPLACESET", &["a", "2"]),
        ("SADD", "ATOMIC.REPLACESET", &many),
        ("RPUSH", "ATOMIC.REPLACELIST", &["1", "a"]),
        ("RPUSH", "ATOMIC.REPLACELIST", &many),
        ("ZADD", "ATOMIC.REPLACEZSET", &["1", "a"]),
        ("ZADD", "ATOMIC.REPLACEZSET", &many),
        ("SET", "ATOMIC.REPLACE STRING", &["12345"]),
        ("SET", "ATOMIC.REPLACE STRING", &["short"]),
        ("SET", "ATOMIC.REPLACE STRING", &[&long]),
    ] {
        let command = |name: &str, key: &str| -> Vec<String> {
            let (name, block) = name.split_once(' ').unwrap_or((name, ""));
            let head = [name, key, block]
                .into_iter()
                .filter(|word| !word.is_empty());
            head.chain(words.iter().copied())
                .map(String::from)
                .collect()
        };
        client.cmd("DEL native ours");
        client.call(&command(native, "native"));
        assert_eq!(client.call(&command(ours, "ours")), ok());
        assert_eq!(
            client.cmd("OBJECT ENCODING ours"),
            client.cmd("OBJECT ENCODING native"),
            "{native} of {} words",
            words.len()
        );
    }
}

#[test]
fn a_hash_of_any_size_is_whole_whatever_the_server_does_to_its_encoding() {
    let server = Server::start();
    let mut client = server.client();
    for entries in ["8", "512", "2000"] {
        client.call(&["CONFIG", "SET", "hash-max-ziplist-entries", entries]);
        for count in [1, 2, 512, 513, 1000, 3000] {
            let fields: Vec<String> = (0..count).map(|i| format!("field-{i}")).collect();
            let words = fields.iter().flat_map(|field| [field.as_str(), "v"]);
            let head = ["ATOMIC.REPLACEHASH", "k"].into_iter();
            assert_eq!(client.call(&head.chain(words).collect::<Vec<_>>()), ok());
            let pairs: Vec<_> = fields.iter().map(|field| (field.as_str(), "v")).collect();
            assert!(
                content(&mut client, "k") == hash(&pairs),
                "{count} of {entries}"
            );
        }
    }
}

#[test]
fn an_empty_collection_removes_the_key() {
    let server = Server::start();
    let mut client = server.client();
    for block in [
        "HASH 0",
        "SET 0",
        "LIST 0",
        "ZSET 0",
        "HASH JSON {}",
        "LIST JSON []",
    ] {
        client.cmd("SET k v");
        assert_eq!(client.cmd(&format!("ATOMIC.REPLACE k {block}")), ok());
        assert_eq!(client.cmd("EXISTS k"), int(0), "{block}");
        assert_eq!(client.cmd(&format!("ATOMIC.REPLACE k {block}")), ok());
    }
    client.call(&["ATOMIC.REPLACE", "k", "STRING", ""]);
    assert_eq!(client.cmd("GET k"), bulk(""));
}

#[test]
fn scores_are_what_zadd_of_this_server_takes() {
    let server = Server::start();
    let mut client = server.client();
    for score in [
        "1",
        "-1.5",
        ".5",
        "5.",
        "+3",
        "1e5",
        "inf",
        "-inf",
        "+inf",
        "Infinity",
        "0x10",
        "-0",
        "1e-400",
        "nan",
        "-nan",
        "",
        " 1",
        "1 ",
        "1e400",
        "1,5",
        "--1",
        "0x",
        "1e",
        "123456789012345678901234567890",
    ] {
        client.cmd("DEL native ours");
        let native = client.call(&["ZADD", "native", score, "m"]);
        let ours = client.call(&["ATOMIC.REPLACEZSET", "ours", score, "m"]);
        let expected = if native.is_error() { native } else { ok() };
        assert_eq!(ours, expected, "'{score}'");
        assert_eq!(
            content(&mut client, "ours"),
            content(&mut client, "native"),
            "'{score}'"
        );
    }
}

#[test]
fn a_new_hash_has_no_field_that_expires() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("HSET k f 1 g 2");
    if client.cmd("HPEXPIRE k 100000 FIELDS 1 f").is_error() {
        return not_applicable("fields expire since Redis 7.4 and Valkey 9.0");
    }
    for options in ["", "KEEPTTL "] {
        client.cmd("HPEXPIRE k 100000 FIELDS 1 f");
        client.cmd(&format!("ATOMIC.REPLACE k {options}HASH 2 f 1 g 2"));
        assert_eq!(
            client.cmd("HPTTL k FIELDS 2 f g"),
            array([int(-1), int(-1)])
        );
    }
}

/// How many values the threads of the server have freed; `None` where it does not say.
fn freed(client: &mut Client) -> Option<i64> {
    let memory = client.cmd("INFO memory").text();
    let number = memory
        .lines()
        .find_map(|line| line.strip_prefix("lazyfreed_objects:"))?;
    Some(number.parse().expect("a number"))
}

/// Makes a set of so many members that begin with this.
fn fill(client: &mut Client, key: &str, count: usize, beginning: &str) {
    for i in 0..count {
        client.send(&["SADD", key, &format!("{beginning}{i}")]);
    }
    for _ in 0..count {
        assert_eq!(client.receive(), int(1));
    }
}

#[test]
fn old_values_are_freed_by_another_thread() {
    let server = Server::start();
    let mut client = server.client();
    let Some(before) = freed(&mut client) else {
        return not_applicable("INFO shows lazyfreed_objects since 6.2");
    };
    fill(&mut client, "k", 10_000, "member-");
    fill(&mut client, "l", 10_000, "member-");
    client.cmd("ATOMIC.REPLACESET k a");
    client.cmd("ATOMIC.STAGE s 0 EX 9 SET 1 a");
    client.cmd("ATOMIC.COMMIT s l");
    until("both have been freed", || {
        freed(&mut client).expect("seen before") - before >= 2
    });
}

#[test]
fn a_few_hundred_elements_are_freed_by_another_thread_if_they_are_big() {
    let server = Server::start();
    let mut client = server.client();
    let Some(before) = freed(&mut client) else {
        return not_applicable("INFO shows lazyfreed_objects since 6.2");
    };
    // With this, as by default in Valkey 8, the server hands over whatever has more than 64 elements.
    client.cmd("CONFIG SET lazyfree-lazy-server-del no");
    fill(&mut client, "small", 300, "member-");
    client.cmd("ATOMIC.REPLACESET small a");
    fill(&mut client, "big", 300, &"0123456789".repeat(1000));
    client.cmd("ATOMIC.REPLACESET big a");
    until("the big one has been freed", || {
        freed(&mut client).expect("seen before") > before
    });
    assert_eq!(freed(&mut client), Some(before + 1));
}
