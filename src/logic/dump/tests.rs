use super::*;
use proptest::prelude::*;

const AMPLE: Limits = Limits {
    elements: 512,
    length: 5000,
};

fn of(shape: Shape, words: &[impl AsRef<[u8]>]) -> Option<Vec<u8>> {
    within(AMPLE, shape, words)
}

fn within(limits: Limits, shape: Shape, words: &[impl AsRef<[u8]>]) -> Option<Vec<u8>> {
    dump(shape, words.iter().map(AsRef::as_ref), limits)
}

/// The listpack alone, in hexadecimal digits.
fn listpack(shape: Shape, words: &[impl AsRef<[u8]>]) -> String {
    let dump = of(shape, words).expect("few and short elements");
    let listpack = &dump[Listpack::START..dump.len() - 10];
    let digit = |byte: u8| char::from_digit(byte.into(), 16).expect("four bits");
    let digits = |byte: &u8| [digit(byte >> 4), digit(byte & 15)];
    listpack.iter().flat_map(digits).collect()
}

#[test]
fn integers_are_what_redis_makes_of_them() {
    let numbers = [
        "0",
        "127",
        "128",
        "-1",
        "4095",
        "4096",
        "-4096",
        "-4097",
        "32767",
        "32768",
        "-32768",
        "-32769",
        "8388607",
        "8388608",
        "-8388608",
        "-8388609",
        "2147483647",
        "2147483648",
        "-2147483648",
        "-2147483649",
        "9223372036854775807",
        "-9223372036854775808",
    ];
    let fields = (0..).map(|i| format!("f{i}"));
    let words: Vec<_> = fields
        .zip(numbers)
        .flat_map(|(field, number)| [field, number.into()])
        .collect();
    // Of DUMP of Redis 7.0.15, as the ones below.
    assert_eq!(
        listpack(Shape::Hash, &words),
        "df0000002c00826630030001826631037f0182663203c0800282663303dfff0282663403cfff0282663503f10010038266\
         3603d0000282663703f1ffef0382663803f1ff7f0382663903f2008000048366313004f10080038366313104f2ff7fff0483\
         66313204f2ffff7f048366313304f300008000058366313404f2000080048366313504f3ffff7fff058366313604f3ffffff\
         7f058366313704f40000008000000000098366313804f300000080058366313904f4ffffff7fffffffff098366323004f4ff\
         ffffffffffff7f098366323104f4000000000000008009ff"
    );
}

#[test]
fn bytes_are_what_redis_makes_of_them() {
    let words = [
        String::new(),
        "x".repeat(63),
        "y".repeat(64),
        "-0".into(),
        "z".repeat(4095),
        "9223372036854775808".into(),
    ];
    let [x, y, z] = [("78", 63), ("79", 64), ("7a", 4095)].map(|(digits, n)| digits.repeat(n));
    assert_eq!(
        listpack(Shape::Hash, &words),
        format!(
            "a910000006008001bf{x}40e040{y}42822d3003efff{z}2081933932323333373230333638353437373538303814ff"
        )
    );
}

#[test]
fn a_set_is_its_members_as_they_come() {
    // Of DUMP of Redis 8.0.2, but for the order.
    assert_eq!(
        listpack(Shape::Set, &["a", "b", "7"]),
        "0f00000003008161028162020701ff"
    );
}

#[test]
fn a_sorted_set_is_in_order() {
    // Of DUMP of Redis 7.0.15.
    assert_eq!(
        listpack(Shape::Zset, &["300", "b", "-2", "7", "300", "a", "0", ""]),
        "1c00000008000701dffe0280010001816102c12c02816202c12c02ff"
    );
}

#[test]
fn around_it_are_type_length_version_and_checksum() {
    let dump = of(Shape::Hash, &["f", "v"]).expect("few and short elements");
    let (body, sum) = dump.split_at(dump.len() - 8);
    assert_eq!(body[..6], [16, 0x80, 0, 0, 0, 13]);
    assert_eq!(body.len(), 6 + 13 + 2);
    assert_eq!(body[19..], [10, 0]);
    assert_eq!(sum, checksum(CrcAlgorithm::Crc64Redis, body).to_le_bytes());
    // Of crc64.c.
    let check = checksum(CrcAlgorithm::Crc64Redis, b"123456789");
    assert_eq!(check, 0xe9c6_d914_c4b8_d9ca);
}

#[test]
fn what_a_server_keeps_otherwise_has_none() {
    let limits = Limits {
        elements: 2,
        length: 3,
    };
    let hash = |words: &[&str]| within(limits, Shape::Hash, words).is_some();
    assert!(hash(&["abc", "def", "g", ""]));
    assert!(!hash(&["a", "b", "c", "d", "e", "f"]), "too many");
    assert!(!hash(&["abcd", "e"]) && !hash(&["e", "abcd"]), "too long");
    assert!(!hash(&["a", "b", "a", "c"]), "a field twice");
    assert!(hash(&["a", "b", "c", "b"]), "a value twice");
    let set = |words: &[&str]| within(limits, Shape::Set, words).is_some();
    assert!(set(&["a", "7"]));
    assert!(!set(&["a", "a"]), "a member twice");
    assert!(!set(&["7", "-8"]), "integers only");
    let zset = |words: &[&str]| within(limits, Shape::Zset, words).is_some();
    assert!(zset(&["9007199254740992", "abc", "-1", "b"]));
    assert!(
        !zset(&["9007199254740993", "a"]),
        "more than a double tells apart"
    );
    assert!(!zset(&["1.5", "a"]) && !zset(&["1e1", "a"]), "no integers");
    assert!(!zset(&["1", "a", "2", "a"]), "a member twice");
    assert!(!zset(&["1", "abcd"]), "too long");
    for shape in [Shape::String, Shape::List] {
        assert_eq!(of(shape, &["a", "b"]), None);
    }
}

#[test]
fn what_no_listpack_of_ours_holds_has_none() {
    let limits = Limits {
        elements: usize::MAX,
        length: usize::MAX,
    };
    let many = |count: usize| {
        let words: Vec<_> = (0..count).map(|i| format!("m{i}")).collect();
        within(limits, Shape::Set, &words).is_some()
    };
    assert!(many(MOST) && !many(MOST + 1));
    let long = |length| within(limits, Shape::Set, &["a".repeat(length)]).is_some();
    assert!(long(LONGEST) && !long(LONGEST + 1));
}

/// The words in a listpack, read as its documentation says.
fn words_of(listpack: &[u8]) -> Vec<Vec<u8>> {
    let (header, mut rest) = listpack.split_at(Listpack::HEADER);
    let count = u16::from_le_bytes([header[4], header[5]]);
    let mut words = Vec::new();
    while rest[0] != Listpack::END {
        let number = |from: usize, taken: usize| {
            let mut bytes = [if rest[from + taken - 1] < 128 {
                0
            } else {
                0xFF
            }; 8];
            bytes[..taken].copy_from_slice(&rest[from..from + taken]);
            i64::from_le_bytes(bytes).to_string().into_bytes()
        };
        let (length, word) = match rest[0] {
            byte @ ..=0x7F => (1, byte.to_string().into_bytes()),
            byte @ 0x80..=0xBF => {
                let end = 1 + usize::from(byte & 0x3F);
                (end, rest[1..end].to_vec())
            }
            byte @ 0xC0..=0xDF => {
                let number = i32::from(byte & 0x1F) << 8 | i32::from(rest[1]);
                let number = if number > 4095 { number - 8192 } else { number };
                (2, number.to_string().into_bytes())
            }
            byte @ 0xE0..=0xEF => {
                let end = 2 + (usize::from(byte & 0x0F) << 8 | usize::from(rest[1]));
                (end, rest[2..end].to_vec())
            }
            0xF1 => (3, number(1, 2)),
            0xF2 => (4, number(1, 3)),
            0xF3 => (5, number(1, 4)),
            0xF4 => (9, number(1, 8)),
            byte => panic!("{byte:#x}"),
        };
        words.push(word);
        let behind = if length < 128 { 1 } else { 2 };
        let told = match rest[length..length + behind] {
            [low] => low.into(),
            [high, low] => usize::from(high) << 7 | usize::from(low & 0x7F),
            _ => unreachable!("one or two"),
        };
        assert_eq!(told, length);
        rest = &rest[length + behind..];
    }
    assert_eq!(rest.len(), 1);
    assert_eq!(words.len(), usize::from(count));
    words
}

fn word() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string().into_bytes()),
        any::<i16>().prop_map(|number| number.to_string().into_bytes()),
        prop::collection::vec(any::<u8>(), 0..200),
    ]
}

proptest! {
    #[test]
    fn what_goes_in_comes_out(values in prop::collection::vec(word(), 1..40)) {
        let words: Vec<_> = values
            .iter()
            .enumerate()
            .flat_map(|(i, value)| [format!("field {i}").into_bytes(), value.clone()])
            .collect();
        let dump = of(Shape::Hash, &words).expect("few and short elements");
        prop_assert_eq!(words_of(&dump[Listpack::START..dump.len() - 10]), words);
    }

    #[test]
    fn a_word_that_comes_twice_is_found(words in prop::collection::vec("[a-d]{0,2}", 1..12)) {
        let mut once = words.clone();
        once.sort();
        once.dedup();
        prop_assert_eq!(of(Shape::Set, &words).is_some(), once.len() == words.len());
    }
}
