use super::*;

fn replace(client: &mut Client, kind: &str, document: &[u8]) -> Value {
    let head = ["ATOMIC.REPLACE", "k", kind, "JSON"].map(str::as_bytes);
    client.call(&[head[0], head[1], head[2], head[3], document])
}

#[test]
fn documents_become_values() {
    let server = Server::start();
    let mut client = server.client();
    for (kind, document, expected) in [
        (
            "HASH",
            r#"{"a": "x", "b": 7, "c": true, "": ""}"#,
            hash(&[("a", "x"), ("b", "7"), ("c", "true"), ("", "")]),
        ),
        ("SET", r#"["x", 1, 1, "1"]"#, set(&["x", "1"])),
        (
            "LIST",
            r#"["x", 1, 1, false]"#,
            list(&["x", "1", "1", "false"]),
        ),
        (
            "ZSET",
            r#"{"a": 1.5, "b": -2e3, "c": 0}"#,
            zset(&[(1.5, "a"), (-2000.0, "b"), (0.0, "c")]),
        ),
        ("STRING", " {\"a\": [1, 2]}\n", string(" {\"a\": [1, 2]}\n")),
    ] {
        assert_eq!(
            replace(&mut client, kind, document.as_bytes()),
            ok(),
            "{document}"
        );
        assert_eq!(content(&mut client, "k"), expected, "{document}");
    }
}

#[test]
fn numbers_and_nested_values_keep_their_text() {
    let server = Server::start();
    let mut client = server.client();
    let document = r#"{"big": 1e400, "long": 12345678901234567890, "exact": 0.1, "zero": -0,
        "nested": { "a" : [ 1.0, null, "\u00e9 \" x" ] }, "escaped": "\u00e9\n\u0000"}"#;
    assert_eq!(replace(&mut client, "HASH", document.as_bytes()), ok());
    assert_eq!(
        content(&mut client, "k"),
        hash(&[
            ("big", "1e400"),
            ("long", "12345678901234567890"),
            ("exact", "0.1"),
            ("zero", "-0"),
            ("nested", r#"{"a":[1.0,null,"\u00e9 \" x"]}"#),
            ("escaped", "é\n\0"),
        ])
    );
}

#[test]
fn what_is_wrong_with_a_document_is_said_with_its_place() {
    let server = Server::start();
    let mut observer = Observer::on(&server);
    let mut client = server.client();
    client.cmd("SET k before");
    for (kind, document, text) in [
        (
            "STRING",
            &b"{\"a\": 1,\n \"b\" 2}"[..],
            "expected `:` at line 2 column 6",
        ),
        (
            "STRING",
            b"",
            "EOF while parsing a value at line 1 column 0",
        ),
        (
            "HASH",
            b"[1]",
            "expected an object, found an array at line 1 column 1",
        ),
        (
            "SET",
            b" {}",
            "expected an array, found an object at line 1 column 2",
        ),
        ("LIST", b"[1, null]", "element 1 is null at line 1 column 9"),
        (
            "HASH",
            b"{\"a\": null}",
            "the value of 'a' is null at line 1 column 11",
        ),
        (
            "HASH",
            b"{\"a\":1,\"a\":2}",
            "the key 'a' is repeated at line 1 column 13",
        ),
        (
            "ZSET",
            b"{\"a\":\"1\"}",
            "the value of 'a' is a string, not a number at line 1 column 9",
        ),
        ("SET", b"[\"\xff\"]", "invalid UTF-8 at line 1 column 3"),
        (
            "HASH",
            b"{\"a\": 1",
            "EOF while parsing an object at line 1 column 7",
        ),
    ] {
        let seen = observer.during(|| {
            let reply = replace(&mut client, kind, document);
            assert_eq!(reply, error(&format!("ERR JSON: {text}")));
        });
        assert!(seen.is_nothing(), "{text}: {seen:?}");
    }
    assert_eq!(client.cmd("GET k"), bulk("before"));
}

#[test]
fn deep_nesting_is_refused() {
    let server = Server::start();
    let mut client = server.client();
    for depth in [129, 100_000, 5_000_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let document = format!("[{}1{}]", open.repeat(depth), close.repeat(depth));
            for kind in ["STRING", "LIST"] {
                let reply = replace(&mut client, kind, document.as_bytes()).text();
                assert!(
                    reply.contains("nested more than 128 levels deep"),
                    "{reply}"
                );
            }
        }
        let unclosed = replace(&mut client, "STRING", "[".repeat(depth).as_bytes()).text();
        assert!(
            unclosed.starts_with("ERR JSON: EOF while parsing"),
            "{unclosed}"
        );
    }
    assert_eq!(client.cmd("PING"), simple("PONG"));
}

#[test]
fn documents_of_64_mebibytes_work() {
    const SIZE: usize = 64 << 20;
    let server = Server::start();
    let mut client = server.client();
    let one = format!("[\"{}\"]", "x".repeat(SIZE));
    assert_eq!(replace(&mut client, "STRING", one.as_bytes()), ok());
    assert_eq!(
        client.cmd("STRLEN k"),
        int(i64::try_from(one.len()).unwrap())
    );
    assert_eq!(replace(&mut client, "LIST", one.as_bytes()), ok());
    assert_eq!(client.cmd("LLEN k"), int(1));
    let piece = "{\"a\": [1, 2]}, ";
    let count = SIZE / piece.len();
    let many = format!("[{}0]", piece.repeat(count));
    assert_eq!(replace(&mut client, "LIST", many.as_bytes()), ok());
    assert_eq!(client.cmd("LLEN k"), int(i64::try_from(count + 1).unwrap()));
    assert_eq!(client.cmd("LINDEX k -2"), bulk(r#"{"a":[1,2]}"#));
}

#[test]
fn a_string_may_be_the_word_json() {
    let server = Server::start();
    let mut client = server.client();
    assert_eq!(client.cmd("ATOMIC.REPLACE k STRING JSON"), ok());
    assert_eq!(client.cmd("GET k"), bulk("JSON"));
    assert_eq!(
        client
            .cmd("ATOMIC.REPLACE k STRING JSON JSON")
            .text()
            .split(':')
            .next(),
        Some("ERR JSON")
    );
}
