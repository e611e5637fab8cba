use super::*;

#[test]
fn a_value_grows_in_pieces_and_each_says_how_far_it_is() {
    let server = Server::start();
    let mut client = server.client();
    for (pieces, expected) in [
        (
            ["HASH 2 a 1 b 2", "HASH 1 c 3", "HASH JSON {\"d\":4}"],
            (
                [2, 3, 4],
                hash(&[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]),
            ),
        ),
        (
            ["SET 2 a b", "SET JSON [\"c\"]", "SET 1 d"],
            ([2, 3, 4], set(&["a", "b", "c", "d"])),
        ),
        (
            ["LIST 2 b a", "LIST 1 a", "LIST JSON [1]"],
            ([2, 3, 4], list(&["b", "a", "a", "1"])),
        ),
        (
            ["ZSET 1 1 a", "ZSET 2 2 b 3 c", "ZSET JSON {\"d\":4}"],
            (
                [1, 3, 4],
                zset(&[(1.0, "a"), (2.0, "b"), (3.0, "c"), (4.0, "d")]),
            ),
        ),
        (
            ["STRING 12", "STRING 345", "STRING EX"],
            ([2, 5, 7], string("12345EX")),
        ),
    ] {
        let (counts, expected) = expected;
        let mut offset = 0;
        for (piece, count) in pieces.iter().zip(counts) {
            let reply = client.cmd(&format!("ATOMIC.STAGE s {offset} EX 100 {piece}"));
            assert_eq!(reply, int(count), "{piece}");
            offset = count;
        }
        assert_eq!(content(&mut client, "s"), expected);
        let ttl = client.cmd("TTL s").number();
        assert!((90..=100).contains(&ttl));
    }
}

#[test]
fn the_next_offset_is_what_the_reply_said_though_members_repeat() {
    let server = Server::start();
    let mut client = server.client();
    assert_eq!(client.cmd("ATOMIC.STAGE s 0 EX 9 SET 3 a a b"), int(2));
    assert_eq!(client.cmd("ATOMIC.STAGE s 2 EX 9 SET 2 b c"), int(3));
    assert_eq!(client.cmd("ATOMIC.STAGE s 3 EX 9 SET 1 c"), int(3));
    assert_eq!(client.cmd("ATOMIC.STAGE h 0 EX 9 HASH 2 f 1 f 2"), int(1));
    assert_eq!(client.cmd("ATOMIC.STAGE h 1 EX 9 HASH 2 f 3 g 4"), int(2));
    assert_eq!(content(&mut client, "h"), hash(&[("f", "3"), ("g", "4")]));
}

#[test]
fn offset_0_begins_anew_whatever_the_key_held() {
    let server = Server::start();
    let mut client = server.client();
    for (_, make) in MAKE_EACH {
        client.cmd("DEL k");
        client.cmd(make);
        assert_eq!(
            client.cmd("ATOMIC.STAGE k 0 PX 90000 LIST 1 a"),
            int(1),
            "{make}"
        );
        assert_eq!(content(&mut client, "k"), list(&["a"]), "{make}");
        assert!(client.cmd("TTL k").number() > 80);
    }
}

#[test]
fn an_empty_piece_is_one() {
    let server = Server::start();
    let mut client = server.client();
    assert_eq!(client.cmd("ATOMIC.STAGE s 0 EX 9 SET 0"), int(0));
    assert_eq!(client.cmd("EXISTS s"), int(0));
    client.cmd("ATOMIC.STAGE s 0 EX 9 SET 1 a");
    assert_eq!(client.cmd("ATOMIC.STAGE s 1 EX 900 SET 0"), int(1));
    assert!(client.cmd("TTL s").number() > 800);
    assert_eq!(
        client.call(&["ATOMIC.STAGE", "s", "0", "EX", "9", "STRING", ""]),
        int(0)
    );
    assert_eq!(client.cmd("ATOMIC.STAGE s 0 EX 9 STRING ab"), int(2));
    assert_eq!(
        client.call(&["ATOMIC.STAGE", "s", "2", "EX", "9", "STRING", ""]),
        int(2)
    );
}

#[test]
fn a_stage_of_another_size_or_type_is_lost_and_stays_as_it_is() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("RPUSH list a b");
    client.cmd("SET string abc");
    client.cmd("XADD stream * a 1");
    for (command, held) in [
        ("ATOMIC.STAGE list 1 EX 9 LIST 1 c", "2 elements, not 1"),
        ("ATOMIC.STAGE list 3 EX 9 LIST 1 c", "2 elements, not 3"),
        (
            "ATOMIC.STAGE missing 1000 EX 9 LIST 1 c",
            "nothing, not 1000",
        ),
        ("ATOMIC.STAGE list 2 EX 9 SET 1 c", "another type, not 2"),
        ("ATOMIC.STAGE string 3 EX 9 LIST 1 c", "another type, not 3"),
        ("ATOMIC.STAGE stream 1 EX 9 LIST 1 c", "another type, not 1"),
        ("ATOMIC.STAGE string 2 EX 9 STRING c", "3 bytes, not 2"),
        (
            "ATOMIC.STAGE missing 9223372036854775807 EX 9 SET 0",
            "nothing, not 9223372036854775807",
        ),
    ] {
        let refusal = error(&format!("STAGELOST stage holds {held}"));
        let seen = observer.during(|| assert_eq!(client.cmd(command), refusal, "{command}"));
        assert!(seen.is_nothing(), "{command}: {seen:?}");
    }
}

#[test]
fn what_is_no_piece_is_refused() {
    let server = Server::start();
    let mut client = server.client();
    for (command, refusal) in [
        (
            "ATOMIC.STAGE s 0 EX 9 SET",
            "ERR wrong number of arguments for 'atomic.stage' command",
        ),
        (
            "ATOMIC.STAGE s x EX 9 SET 0",
            "ERR value is not an integer or out of range",
        ),
        (
            "ATOMIC.STAGE s -1 EX 9 SET 0",
            "ERR value is not an integer or out of range",
        ),
        (
            "ATOMIC.STAGE s 0 EX 0 SET 1 a",
            "ERR invalid expire time in 'atomic.stage' command",
        ),
        (
            "ATOMIC.STAGE s 0 PXAT 99999999999999 SET 1 a",
            "ERR syntax error",
        ),
        ("ATOMIC.STAGE s 0 KEEPTTL SET 1 a", "ERR syntax error"),
        ("ATOMIC.STAGE s 0 EX 9 NX SET 1 a", "ERR syntax error"),
        ("ATOMIC.STAGE s 0 EX 9 STRING JSON {}", "ERR syntax error"),
        (
            "ATOMIC.STAGE s 0 EX 9 ZSET 1 nan a",
            "ERR value is not a valid float",
        ),
        (
            "ATOMIC.STAGE s 0 EX 9 LIST 2 a",
            "ERR LIST 2: expected 2 elements after it, found 1 words",
        ),
    ] {
        assert_eq!(client.cmd(command), error(refusal), "{command}");
    }
    assert_eq!(client.cmd("DBSIZE"), int(0));
}

#[test]
fn an_abandoned_stage_cleans_itself_up() {
    let server = Server::start();
    let mut client = server.client();
    client.cmd("ATOMIC.STAGE s 0 PX 50 SET 2 a b");
    until("it has expired", || client.cmd("EXISTS s") == int(0));
    assert_eq!(
        client.cmd("ATOMIC.STAGE s 2 EX 9 SET 1 c"),
        error("STAGELOST stage holds nothing, not 2")
    );
}
