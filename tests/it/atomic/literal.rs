//! Whatever goes in comes out: words of the commands' own syntax, empty strings, NULs, any bytes.

use proptest::prelude::*;

use super::*;

/// One datum.
fn word() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "EX", "PX", "NX", "XX", "KEEPTTL", "IFEQ", "IFCHANGED", "FIELDS", "HASH", "SET", "LIST",
            "ZSET", "STRING", "JSON", "json", "COUNT", "0", "1", "-1", "3",
        ])
        .prop_map(|word| word.as_bytes().to_vec()),
        1 => Just(Vec::new()),
        1 => Just(b"\0".to_vec()),
        1 => Just(b"a\0b\r\n".to_vec()),
        2 => any::<i64>().prop_map(|n| n.to_string().into_bytes()),
        2 => prop::collection::vec(any::<u8>(), 0..20),
        1 => prop::collection::vec(any::<u8>(), 512),
    ]
}

fn a_score() -> impl Strategy<Value = (f64, Vec<u8>)> {
    let text = prop_oneof![
        any::<i32>().prop_map(|n| n.to_string()),
        any::<f64>()
            .prop_filter("a number", |score| !score.is_nan())
            .prop_map(|score| score.to_string()),
        (-1000..1000_i32, 0..1000_u32).prop_map(|(whole, part)| format!("{whole}.{part:03}")),
    ];
    text.prop_map(|text| (score(text.as_bytes()), text.into_bytes()))
}

/// Sends the data in the short form and in the general one, and compares what the key then holds.
fn both_forms(
    client: &mut Client,
    block: &str,
    count: usize,
    words: &[Vec<u8>],
    expected: &Content,
) {
    let with = |head: &[&str]| -> Vec<Vec<u8>> {
        let head = head.iter().map(|word| word.as_bytes().to_vec());
        head.chain(words.iter().cloned()).collect()
    };
    let short = format!("ATOMIC.REPLACE{block}");
    assert_eq!(client.call(&with(&[&short, "k"])), ok());
    assert_eq!(&content(client, "k"), expected);
    let count = count.to_string();
    let general = with(&["ATOMIC.REPLACE", "k", "XX", block, &count]);
    assert_eq!(client.call(&general), ok());
    assert_eq!(&content(client, "k"), expected);
    let unchanged = with(&["ATOMIC.REPLACE", "k", "IFCHANGED", block, &count]);
    assert_eq!(client.call(&unchanged), simple("UNCHANGED"));
}

#[test]
fn any_fields_and_values_make_the_hash_that_they_make_in_a_map() {
    let pairs = prop::collection::vec((word(), word()), 1..40);
    for_all(&Server::start(), pairs, |client, pairs| {
        let words: Vec<Vec<u8>> = pairs
            .iter()
            .flat_map(|(f, v)| [f.clone(), v.clone()])
            .collect();
        let expected = Content::Hash(pairs.iter().cloned().collect());
        both_forms(client, "HASH", pairs.len(), &words, &expected);
    });
}

#[test]
fn any_members_make_the_set_that_they_make() {
    for_all(
        &Server::start(),
        prop::collection::vec(word(), 1..40),
        |client, members| {
            let expected = Content::Set(members.iter().cloned().collect());
            both_forms(client, "SET", members.len(), members, &expected);
        },
    );
}

#[test]
fn any_elements_make_the_list_that_they_are() {
    for_all(
        &Server::start(),
        prop::collection::vec(word(), 1..40),
        |client, elements| {
            let expected = Content::List(elements.to_vec());
            both_forms(client, "LIST", elements.len(), elements, &expected);
        },
    );
}

#[test]
fn any_members_with_any_scores_make_the_map_that_they_make() {
    let pairs = prop::collection::vec((a_score(), word()), 1..40);
    for_all(&Server::start(), pairs, |client, pairs| {
        let words: Vec<Vec<u8>> = pairs
            .iter()
            .flat_map(|((_, text), member)| [text.clone(), member.clone()])
            .collect();
        let scored = pairs
            .iter()
            .map(|((score, _), member)| (member.clone(), *score));
        both_forms(
            client,
            "ZSET",
            pairs.len(),
            &words,
            &Content::Zset(scored.collect()),
        );
    });
}

#[test]
fn any_string_is_the_string_that_it_is() {
    for_all(
        &Server::start(),
        prop::collection::vec(word(), 1..2),
        |client, words| {
            let [word] = words else { unreachable!("one") };
            let replace = |options: &[&str]| -> Vec<Vec<u8>> {
                let head = ["ATOMIC.REPLACE", "k"]
                    .iter()
                    .chain(options)
                    .chain(&["STRING"]);
                let head = head.map(|word| word.as_bytes().to_vec());
                head.chain([word.clone()]).collect()
            };
            assert_eq!(client.call(&replace(&[])), ok());
            assert_eq!(content(client, "k"), Content::String(word.clone()));
            assert_eq!(client.call(&replace(&["IFCHANGED"])), simple("UNCHANGED"));
        },
    );
}

#[test]
fn a_key_may_be_called_anything() {
    let server = Server::start();
    let mut client = server.client();
    for key in ["NX", "IFCHANGED", "SET", "", "a b", "\r\n\0"] {
        assert_eq!(client.call(&["ATOMIC.REPLACESET", key, "NX"]), ok());
        assert_eq!(content(&mut client, key), set(&["NX"]));
        assert_eq!(
            client.call(&["ATOMIC.REPLACE", key, "XX", "LIST", "1", "v"]),
            ok()
        );
        assert_eq!(content(&mut client, key), list(&["v"]));
    }
}
