//! What the server says of the module's commands (`COMMAND LIST`, `COMMAND DOCS`), and calls drawn from
//! it.

use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::test_runner::TestRng;

use super::keyspace::KEYS;
use crate::digest::elsewhere::Elsewhere;
use crate::support::{Client, Server, Value, Words, has_native, module_path};

/// A parameter, as COMMAND DOCS describes it.
#[derive(Debug, Clone)]
pub struct Parameter {
    name: String,
    kind: String,
    token: Option<String>,
    is_optional: bool,
    is_multiple: bool,
    parts: Vec<Parameter>,
}

#[derive(Debug)]
pub struct Command {
    name: String,
    parameters: Vec<Parameter>,
}

/// All commands of the module, and SET where its conditions are the module's.
pub fn commands() -> &'static [Command] {
    static COMMANDS: OnceLock<Vec<Command>> = OnceLock::new();
    COMMANDS.get_or_init(|| {
        let server = Server::start();
        if server.is_at_least(7, 0) {
            return ask(&mut server.client3());
        }
        // A server that documents no commands has the same ones, or most of them.
        let documented = Elsewhere::start("redis-7.0", Some(module_path()));
        let mut commands = ask(&mut documented.client().into_resp3());
        let mut client = server.client();
        commands.retain(|command| {
            !client.call(&["COMMAND", "INFO", &command.name]).items()[0].is_null()
        });
        commands
    })
}

fn ask(client: &mut Client) -> Vec<Command> {
    let list = client.cmd("COMMAND LIST FILTERBY MODULE atomic");
    let mut names: Vec<String> = list.items().iter().map(Value::text).collect();
    names.sort();
    let of_set = set(client);
    if of_set.is_some() {
        names.push("set".into());
    }
    names
        .into_iter()
        .map(|name| Command {
            parameters: match &of_set {
                // The filter puts the names of the module's SET in its place.
                Some(of_set) if name == "set" || name.starts_with("cas.nativeset") => {
                    of_set.clone()
                }
                _ => parameters(client, &name),
            },
            name,
        })
        .collect()
}

/// What the server says of SET, with the conditions of DELEX; `None` where these are the server's own.
fn set(client: &mut Client) -> Option<Vec<Parameter>> {
    if has_native("SET", "IFDEQ") {
        return None;
    }
    let mut set = parameters(client, "set");
    let delex = parameters(client, "delex").into_iter();
    set.extend(delex.filter(|parameter| parameter.kind == "oneof"));
    Some(set)
}

fn parameters(client: &mut Client, command: &str) -> Vec<Parameter> {
    let docs = client.call(&["COMMAND", "DOCS", command]).pairs();
    let (_, docs) = docs
        .first()
        .unwrap_or_else(|| panic!("no docs of {command}"));
    let arguments = field(docs, "arguments").unwrap_or_else(|| panic!("no grammar of {command}"));
    arguments.items().iter().map(parameter).collect()
}

fn parameter(docs: &Value) -> Parameter {
    let flags = field(docs, "flags");
    let has = |flag: &str| {
        let flags = flags.as_ref().map_or(&[][..], Value::items);
        flags.iter().any(|value| value.text() == flag)
    };
    let parts = field(docs, "arguments");
    Parameter {
        name: field(docs, "name").expect("a name").text(),
        kind: field(docs, "type").expect("a type").text(),
        token: field(docs, "token").map(|token| token.text()),
        is_optional: has("optional"),
        is_multiple: has("multiple"),
        parts: parts.map_or_else(Vec::new, |parts| {
            parts.items().iter().map(parameter).collect()
        }),
    }
}

fn field(map: &Value, name: &str) -> Option<Value> {
    let pairs = map.pairs().into_iter();
    pairs
        .into_iter()
        .find_map(|(key, value)| (key.text() == name).then_some(value))
}

/// Of the keys, those that count, cannot any more, or do not.
const COUNTERS: [&str; 6] = ["max", "max", "int", "text", "hash", "none"];
const VALUES: [&str; 8] = ["42", "hello", "1.5", "7", "", "new", "x", "EX"];
const NUMBERS: [&str; 9] = [
    "41",
    "42",
    "43",
    "1000000",
    "1000000",
    "4102444800",
    "0",
    "-1",
    "x",
];
const TIMEOUTS: [&str; 4] = ["1", "1", "-1", "x"];
/// Of `hello` and `42`, one of nothing, and wrong ones.
const DIGESTS: [&str; 5] = [
    "9555e8555c62dcfd",
    "9555E8555C62DCFD",
    "0123456789abcdef",
    "0123456789abcde",
    "zzzzzzzzzzzzzzzz",
];

/// Commands inside of others: most take any words, some may not run there, one is none.
const INNER: [&str; 12] = [
    "PING", "PING", "PING", "PING", "EXISTS", "EXISTS", "DEL", "SADD", "SET", "BLPOP", "CAS.TXN",
    "NOPE",
];

impl Command {
    /// In capitals.
    pub fn name(&self) -> String {
        self.name.to_uppercase()
    }

    /// A call that follows the grammar, though not every one is right: numbers and digests may be wrong.
    pub fn draw(&self, rng: &mut TestRng) -> Words {
        let mut words = vec![self.name.clone()];
        draw_all(&self.parameters, rng, &mut words);
        // Of all keys there is one that has fields.
        if self.parameters.iter().any(|p| p.name == "field") && rng.random() {
            words[1] = "hash".into();
        }
        Words(words.into_iter().map(String::into_bytes).collect())
    }
}

/// One of them.
pub fn pick<'a, T: ?Sized>(rng: &mut TestRng, choices: &[&'a T]) -> &'a T {
    choices[rng.random_range(0..choices.len())]
}

/// One after the other; a count of what may stand several times is mostly right, which it would hardly
/// ever be at random.
fn draw_all(parameters: &[Parameter], rng: &mut TestRng, words: &mut Vec<String>) {
    let mut count = None;
    for parameter in parameters {
        let times = parameter.draw(rng, words);
        if parameter.is_multiple
            && let Some(count) = count.take()
            && rng.random_ratio(4, 5)
        {
            words[count] = times.to_string();
        }
        if parameter.name.starts_with("num") {
            count = words.len().checked_sub(1);
        }
    }
}

impl Parameter {
    /// The result is how many times it was drawn.
    fn draw(&self, rng: &mut TestRng, words: &mut Vec<String>) -> usize {
        if self.is_optional && rng.random() {
            return 0;
        }
        let times: &[&usize] = if self.is_multiple {
            &[&1, &1, &1, &2, &3]
        } else {
            &[&1]
        };
        let times = *pick(rng, times);
        for _ in 0..times {
            words.extend(self.token.clone());
            match self.kind.as_str() {
                "pure-token" => (),
                // It is looked at only when the lock is free.
                "key" if self.name == "counter" => words.push(pick(rng, &COUNTERS).into()),
                "key" => words.push(pick(rng, &KEYS).into()),
                // Drawn at random, this would hardly ever be right.
                "integer" if self.name == "offset" && rng.random_ratio(4, 5) => {
                    words.push("0".into());
                }
                // Not a time that a test would have to wait out.
                "integer" if self.name == "timeout" => words.push(pick(rng, &TIMEOUTS).into()),
                "integer" | "unix-time" | "double" => words.push(pick(rng, &NUMBERS).into()),
                "oneof" => {
                    let part = rng.random_range(0..self.parts.len());
                    self.parts[part].draw(rng, words);
                }
                "block" => {
                    let begin = words.len();
                    draw_all(&self.parts, rng, words);
                    // Drawn at random, this would hardly ever be right.
                    if self.parts[0].name == "argc" && rng.random_ratio(4, 5) {
                        words[begin] = (words.len() - begin - 1).to_string();
                    }
                }
                _ if self.name == "command" => words.push(pick(rng, &INNER).into()),
                _ if self.name == "field" => words.push(pick(rng, &["a", "a", "b", "IFEQ"]).into()),
                _ if self.name.contains("digest") => words.push(pick(rng, &DIGESTS).into()),
                _ => words.push(pick(rng, &VALUES).into()),
            }
        }
        times
    }

    fn collect_tokens<'a>(&'a self, tokens: &mut Vec<&'a str>) {
        tokens.extend(self.token.as_deref());
        self.parts
            .iter()
            .for_each(|part| part.collect_tokens(tokens));
    }
}

/// The option words of all commands.
pub fn tokens() -> &'static [&'static str] {
    static TOKENS: OnceLock<Vec<&str>> = OnceLock::new();
    TOKENS.get_or_init(|| {
        let mut tokens = Vec::new();
        for parameter in commands().iter().flat_map(|command| &command.parameters) {
            parameter.collect_tokens(&mut tokens);
        }
        tokens.sort_unstable();
        tokens.dedup();
        tokens
    })
}
