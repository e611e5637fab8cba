//! The words of a call, one a line, read by every grammar from every word on.

#![no_main]
#![allow(
    dead_code,
    unused_imports,
    reason = "the module uses what this does not"
)]

#[path = "../../src/error.rs"]
mod error;
#[path = "../../src/logic/mod.rs"]
mod logic;
#[path = "../../src/shape.rs"]
mod shape;
#[path = "../../src/words.rs"]
mod words;

use std::ops::Range;

use error::{Error, shown};
use libfuzzer_sys::fuzz_target;
use logic::block::{Block, Data};
use logic::condition::{Condition, Subject};
use logic::digest::Digest;
use logic::expiry::{Expiry, Given};
use logic::guarded::{self, Branches, Guarded, Tests};
use logic::native::{self, Kind, Lacking, Rewrite, SetOptions};
use logic::options::Options;
use logic::{fields, integer, lock, score, settings::Settings, slot, timeout};
use shape::Shape;
use words::Cursor;
use xxhash_rust::xxh3::xxh3_64;

fuzz_target!(|data: &[u8]| {
    let words: Vec<&[u8]> = data.split(|&byte| byte == b'\n').collect();
    for word in &words {
        read_word(word);
    }
    for first in 0..=words.len() {
        read_block(&words, first);
        read_options(&words, first);
    }
    read_native(&words);
    read_guarded(&words);
    read_fields(&words);
    read_lock(&words);
    _ = Settings::parse(&words[..]);
});

fn read_word(word: &[u8]) {
    let text = std::str::from_utf8(word).ok();
    let number = text.and_then(|text| text.parse::<i64>().ok());
    let canonical = number.filter(|number| number.to_string().as_bytes() == word);
    assert_eq!(integer::parse(word), canonical);
    if let Some(digest) = Digest::parse(word) {
        assert!(digest.text().eq_ignore_ascii_case(word));
    }
    if let Some(score) = score::plain(word) {
        assert!(score.is_finite());
        assert_eq!(score::written(word), Some(score));
    }
    let shown = shown(word);
    assert!(shown.len() < 200 && shown.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
}

fn read_block(words: &[&[u8]], first: usize) {
    for shape in [
        Shape::String,
        Shape::Hash,
        Shape::Set,
        Shape::List,
        Shape::Zset,
    ] {
        match Block::parse(shape, &mut Cursor::new(words, first)) {
            Ok(block) => {
                assert_eq!(block.shape, shape);
                match block.data {
                    Data::Words(range) => {
                        assert!(first <= range.start && range.end == words.len());
                        assert_eq!(range.len() % shape.stride(), 0);
                    }
                    Data::Json(at) => assert_eq!(at, words.len() - 1),
                }
            }
            Err(error) => assert!(error.text().starts_with("ERR ")),
        }
    }
}

fn read_options(words: &[&[u8]], first: usize) {
    let mut cursor = Cursor::new(words, first);
    let mut options = Options::default();
    while let Some(word) = cursor.next() {
        if options.take(word, &mut cursor).is_err() {
            break;
        }
    }
    resolve(options.expiry);
    if let Some(condition) = options.condition {
        assert_eq!(
            condition.holds(&Value(None, words)),
            Ok(condition.holds_when_missing())
        );
        for &word in words {
            look(&condition, word, words);
        }
    }
}

/// A condition and its opposite are never both true.
fn look(condition: &Condition, value: &[u8], words: &[&[u8]]) {
    let holds = condition.holds(&Value(Some(value), words));
    match *condition {
        Condition::Absent => assert_eq!(holds, Ok(false)),
        Condition::Present => assert_eq!(holds, Ok(true)),
        Condition::Equal(operand) => assert_eq!(holds, Ok(words[operand] == value)),
        Condition::NotEqual(operand) => assert_eq!(holds, Ok(words[operand] != value)),
        Condition::DigestEqual(digest) => assert_eq!(holds, Ok(digest == Digest::of(value))),
        Condition::DigestNotEqual(digest) => assert_eq!(holds, Ok(digest != Digest::of(value))),
        Condition::Number(..) => assert_eq!(holds.is_ok(), integer::parse(value).is_some()),
    }
}

fn resolve(given: Option<Given<'_>>) {
    const NOW: i64 = 1_800_000_000_000;
    match Given::resolve(given, || NOW, "fuzz") {
        Ok(Expiry::At(at)) => assert!(at > 0),
        Ok(_) => (),
        Err(error) => assert!(matches!(
            error,
            Error::NotAnInteger | Error::InvalidExpire("fuzz")
        )),
    }
}

/// A SET whose options the module reads is one that it is given where the server lacks the condition, and
/// with GET it is the one with the right to read.
fn read_native(words: &[&[u8]]) {
    const KINDS: [Kind; 4] = [
        Kind::Equal,
        Kind::NotEqual,
        Kind::DigestEqual,
        Kind::DigestNotEqual,
    ];
    let all = KINDS
        .iter()
        .fold(Lacking::NOTHING, |set, &kind| set.with(kind));
    let rewrite = native::rewrite(words, all);
    assert_eq!(native::rewrite(words, Lacking::NOTHING), Rewrite::Leave);
    if let Ok(options) = SetOptions::parse(words) {
        resolve(options.expiry);
        if words[0].eq_ignore_ascii_case(b"SET") {
            assert_ne!(rewrite, Rewrite::Leave);
            assert!(!options.get || rewrite == Rewrite::SetGet);
        }
        for &word in words {
            _ = options.condition.holds(&Value(Some(word), words));
        }
    }
    if words.len() == 4
        && let Some(condition) = native::delex_condition(words)
    {
        _ = condition.holds(&Value(Some(words[1]), words));
    }
}

/// Commands inside lie behind the conditions, in order, within the call, and have a name.
fn read_guarded(words: &[&[u8]]) {
    match Guarded::parse(words) {
        Ok(call) => look_inside(words, &call.tests, [call.then]),
        Err(error) => assert!(error.text().starts_with("ERR ")),
    }
    match Branches::parse(words) {
        Ok(call) => {
            let otherwise = call.otherwise.into_iter().flatten();
            look_inside(words, &call.tests, call.then.into_iter().chain(otherwise));
        }
        Err(error) => assert!(error.text().starts_with("ERR ")),
    }
}

fn look_inside(words: &[&[u8]], tests: &Tests, commands: impl IntoIterator<Item = Range<usize>>) {
    let mut end = tests.iter().fold(2, |end, test| {
        assert!(end <= test.key && test.key < words.len());
        let last = test.field.unwrap_or(test.key);
        assert!(test.key <= last && last < words.len());
        last + 1
    });
    for command in commands {
        assert!(end <= command.start && command.start < command.end);
        assert!(command.end <= words.len());
        end = command.end;
        _ = guarded::waits(&words[command.clone()]);
        _ = guarded::is_senseless(words[command.start]);
    }
}

fn read_fields(words: &[&[u8]]) {
    if let Ok((_, pairs)) = fields::set(words) {
        assert!(pairs.start > 4 && pairs.end == words.len());
        assert!(!pairs.is_empty() && pairs.len() % 2 == 0);
    }
    if let Ok((_, fields)) = fields::delete(words) {
        assert!(!fields.is_empty() && fields.end <= words.len().max(3));
    }
}

fn read_lock(words: &[&[u8]]) {
    const NOW: i64 = 1_800_000_000_000;
    let Ok(request) = lock::Request::parse(words) else {
        return;
    };
    assert_eq!(request.token, 2);
    if let Ok(end) = request.lifetime.end(NOW, "fuzz") {
        assert!(end > NOW);
    }
    if let Some(Ok(Some(end))) = request.block.map(|text| timeout::end(text, NOW)) {
        assert!(end > NOW);
    }
    if let Some(counter) = request.counter {
        assert!(words[counter - 1].eq_ignore_ascii_case(b"FENCE"));
    }
    let [one, other] = slot::neighbours(words[1], xxh3_64(words[1]));
    assert!(one != other && one != words[1] && other != words[1]);
}

/// A string, or nothing; and the words of the call that asks.
struct Value<'a>(Option<&'a [u8]>, &'a [&'a [u8]]);

impl Subject for Value<'_> {
    fn exists(&self) -> bool {
        self.0.is_some()
    }

    fn length(&self) -> Result<usize, Error> {
        self.bytes().map(<[u8]>::len)
    }

    fn bytes(&self) -> Result<&[u8], Error> {
        self.0.ok_or(Error::WrongType)
    }

    fn word(&self, position: usize) -> &[u8] {
        self.1[position]
    }

    fn equals(&self, position: usize) -> Result<bool, Error> {
        self.bytes().map(|bytes| bytes == self.word(position))
    }

    fn digest(&self) -> Result<Digest, Error> {
        self.bytes().map(Digest::of)
    }
}
