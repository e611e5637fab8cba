//! A command's syntax, written from the arguments of `COMMAND DOCS` in the notation of the Redis
//! documentation.

use super::{LACKS_DOCS, docs_of, field};
use crate::support::*;

/// `CAS.DEL key <NX | XX | …> [GET]`
pub fn line(command: &str, docs: &Value) -> String {
    let name = command.to_uppercase();
    let arguments: Vec<String> = arguments(docs).iter().map(written).collect();
    [&[name], &arguments[..]].concat().join(" ")
}

fn arguments(of: &Value) -> Vec<Value> {
    field(of, "arguments").map_or(Vec::new(), |arguments| arguments.items().to_vec())
}

fn text(argument: &Value, name: &str) -> Option<String> {
    field(argument, name).map(|value| value.text())
}

fn has_flag(argument: &Value, flag: &str) -> bool {
    field(argument, "flags").is_some_and(|flags| flags.items().iter().any(|f| f.text() == flag))
}

fn written(argument: &Value) -> String {
    let kind = text(argument, "type").expect("a type");
    let optional = has_flag(argument, "optional");
    let parts: Vec<String> = arguments(argument).iter().map(written).collect();
    let operand = match kind.as_str() {
        "pure-token" => String::new(),
        "block" => parts.join(" "),
        "oneof" if optional => parts.join(" | "),
        "oneof" => format!("<{}>", parts.join(" | ")),
        _ => text(argument, "display_text")
            .or_else(|| text(argument, "name"))
            .expect("a name"),
    };
    let token = text(argument, "token");
    let with_token = |operand: &str| match &token {
        None => operand.to_owned(),
        Some(token) => format!("{token} {operand}").trim_end().to_owned(),
    };
    let mut all = with_token(&operand);
    if has_flag(argument, "multiple_token") {
        all = format!("{all} [{all} ...]");
    } else if has_flag(argument, "multiple") {
        all = format!("{all} [{operand} ...]");
    }
    if optional { format!("[{all}]") } else { all }
}

/// Calls that the syntax allows, names standing for values: one for each way to choose among the first
/// alternatives, without options, and one with every option.
pub fn calls(command: &str, docs: &Value) -> Vec<Vec<String>> {
    let arguments = arguments(docs);
    let choices = arguments
        .iter()
        .filter(|a| text(a, "type").as_deref() == Some("oneof"))
        .map(|a| self::arguments(a).len())
        .max()
        .unwrap_or(1);
    let call = |choice: usize, options: bool| -> Vec<String> {
        let words = arguments
            .iter()
            .filter(|a| options || !has_flag(a, "optional"))
            .flat_map(|argument| words(argument, choice));
        std::iter::once(command.to_owned()).chain(words).collect()
    };
    (0..choices)
        .flat_map(|choice| [call(choice, false), call(choice, true)])
        .collect()
}

fn words(argument: &Value, choice: usize) -> Vec<String> {
    let parts = arguments(argument);
    let operand = match text(argument, "type").as_deref() {
        Some("pure-token") => Vec::new(),
        Some("oneof") => words(&parts[choice % parts.len()], choice),
        Some("block") => {
            let mut words: Vec<_> = parts.iter().flat_map(|part| words(part, choice)).collect();
            let counts = parts
                .iter()
                .any(|part| text(part, "name").as_deref() == Some("argc"));
            if counts {
                words[0] = (words.len() - 1).to_string();
            }
            words
        }
        _ => vec![value(&text(argument, "name").expect("a name"))],
    };
    text(argument, "token").into_iter().chain(operand).collect()
}

/// A value for an argument: its name, where any bytes will do.
fn value(name: &str) -> String {
    if name.contains("digest") {
        "0123456789abcdef".into()
    } else if name.starts_with("num") || name.contains("number") {
        "1".into()
    } else {
        name.into()
    }
}

#[test]
fn it_is_written_as_redis_writes_it() {
    let server = Server::builder().without_module().start();
    if !server.is_at_least(7, 0) {
        return not_applicable(LACKS_DOCS);
    }
    let mut client = server.client();
    for expected in [
        "GET key",
        "MSET key value [key value ...]",
        "EXPIRE key seconds [NX | XX | GT | LT]",
        "LMPOP numkeys key [key ...] <LEFT | RIGHT> [COUNT count]",
        "ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]",
        "SORT key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC | DESC] \
         [ALPHA] [STORE destination]",
    ] {
        let (command, _) = expected.split_once(' ').expect("a key");
        let docs = docs_of(&mut client, command);
        assert_eq!(line(command, &docs), expected);
    }
}
