//! One recorded case, as `vectors.jsonl` has it. Byte strings there are escaped
//! (`support::escape`).

use std::time::Duration;

use serde_json::Value as Json;

use crate::support::Words;
use crate::support::escape::unescape;

pub type Command = Vec<Vec<u8>>;

pub struct Case {
    pub name: String,
    pub group: String,
    pub tags: Vec<String>,
    /// Where in `command` the command under test begins; `None` when it is in `setup` (EXEC) or in
    /// a Lua text.
    pub at: Option<usize>,
    /// Sent first, from an empty keyspace, on the connection that then sends `command`.
    pub setup: Vec<Step>,
    pub command: Command,
    /// Every byte of the answer in RESP2.
    pub resp2: Vec<u8>,
    /// Every byte of the answer in RESP3.
    pub resp3: Vec<u8>,
    /// Sent right after it on another connection, to undo `setup`.
    pub teardown: Vec<Command>,
    /// Asked afterwards on a fresh connection.
    pub after: Vec<(Command, Expectation)>,
    pub events: Vec<Words>,
    /// What the native server sent its replicas.
    pub propagated: Vec<Vec<Word>>,
    /// The same in words that any server knows.
    pub propagated_portable: Vec<Vec<Word>>,
    pub invalidated: Vec<Words>,
    pub dirty: i64,
    /// The native server answers this one wrongly; in which of the known ways.
    pub native_bug: Option<String>,
    /// What a server without that defect answers.
    pub fixed_reply: Option<Vec<u8>>,
}

pub enum Step {
    Send(Command),
    /// On a second connection.
    SendElsewhere(Command),
    Sleep(Duration),
}

pub enum Expectation {
    Reply(Vec<u8>),
    OneOf(Vec<Vec<u8>>),
    Between(i64, i64),
    /// A PTTL that ends at this Unix time in milliseconds.
    Until(i64),
    /// As before the command.
    Unchanged,
}

/// A word of a propagated command.
#[derive(Clone, Debug)]
pub enum Word {
    Bytes(Vec<u8>),
    /// The Unix time so many milliseconds after the command.
    NowPlus(i64),
}

impl Case {
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|t| t == tag)
    }
}

/// All cases of the file, in its order.
pub fn all() -> impl Iterator<Item = Case> {
    include_str!("vectors.jsonl")
        .lines()
        .map(|line| case(&serde_json::from_str(line).expect("JSON")))
}

fn case(json: &Json) -> Case {
    let absent = Json::Array(Vec::new());
    Case {
        name: text(&json["name"]).into(),
        group: text(&json["group"]).into(),
        tags: list(&json["tags"]).map(|tag| text(tag).into()).collect(),
        at: usize::try_from(json["at"].as_i64().expect("at")).ok(),
        setup: list(&json["setup"]).map(step).collect(),
        command: command(&json["cmd"]),
        resp2: bytes(&json["resp2"]),
        resp3: bytes(&json["resp3"]),
        teardown: list(json.get("teardown").unwrap_or(&absent))
            .map(command)
            .collect(),
        after: list(&json["after"])
            .map(|question| (command(&question[0]), expectation(&question[1])))
            .collect(),
        events: list(&json["events"])
            .map(|event| Words(command(event)))
            .collect(),
        propagated: list(&json["propagated"]).map(words).collect(),
        propagated_portable: list(&json["propagated_portable"]).map(words).collect(),
        invalidated: list(&json["invalidated"])
            .map(|key| Words(vec![bytes(key)]))
            .collect(),
        dirty: json["dirty"].as_i64().expect("dirty"),
        native_bug: json.get("native_bug").map(|bug| text(bug).into()),
        fixed_reply: json.get("fixed_reply").map(bytes),
    }
}

fn step(json: &Json) -> Step {
    let mut words = command(json);
    match words[0].as_slice() {
        b"@sleep_ms" => Step::Sleep(Duration::from_millis(
            text(&json[1]).parse().expect("milliseconds"),
        )),
        b"@conn2" => Step::SendElsewhere(words.split_off(1)),
        _ => Step::Send(words),
    }
}

fn expectation(json: &Json) -> Expectation {
    match json {
        Json::String(reply) => Expectation::Reply(unescape(reply)),
        _ if json.get("unchanged").is_some() => Expectation::Unchanged,
        _ => {
            let number = |json: &Json| json.as_i64().expect("a number");
            if let Some(replies) = json.get("one_of") {
                Expectation::OneOf(list(replies).map(bytes).collect())
            } else if let Some(range) = json.get("int_range") {
                Expectation::Between(number(&range[0]), number(&range[1]))
            } else {
                Expectation::Until(number(&json["pttl_until_ms"]))
            }
        }
    }
}

fn words(json: &Json) -> Vec<Word> {
    list(json)
        .map(|word| match word {
            Json::String(escaped) => Word::Bytes(unescape(escaped)),
            _ => Word::NowPlus(word["now_plus_ms"].as_i64().expect("now_plus_ms")),
        })
        .collect()
}

fn command(json: &Json) -> Command {
    list(json).map(bytes).collect()
}

fn bytes(json: &Json) -> Vec<u8> {
    unescape(text(json))
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_else(|| panic!("no text: {json}"))
}

fn list(json: &Json) -> impl Iterator<Item = &Json> {
    json.as_array()
        .unwrap_or_else(|| panic!("no list: {json}"))
        .iter()
}
