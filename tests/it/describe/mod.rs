//! What the server shows of the module's commands is true, and the documentation says the same. The
//! commands are those that the server lists; what is expected of each stands in [`table`].

mod docs;
mod documentation;
mod info;
mod keys;
mod syntax;
pub mod table;

use crate::support::*;

const LACKS_DOCS: &str = "a server describes the commands of modules from 7.0 on";

/// The commands of the module that this server has, in order.
pub fn commands(server: &Server) -> Vec<String> {
    let mut names: Vec<String> = if server.is_at_least(7, 0) {
        server
            .client()
            .cmd("COMMAND LIST FILTERBY MODULE atomic")
            .items()
            .iter()
            .map(Value::text)
            .collect()
    } else {
        // No list there; and nothing native that would keep one of ours away.
        let rows = table::ROWS.iter().filter(|row| !row.is_guarded());
        rows.map(|row| row.name.into()).collect()
    };
    names.sort();
    names
}

/// `field` of a map in the form of either protocol.
fn field(map: &Value, field: &str) -> Option<Value> {
    map.pairs()
        .into_iter()
        .find_map(|(name, value)| (name.text() == field).then_some(value))
}

/// All arguments that are keys, however deep.
fn keys_of(of: &Value) -> Vec<Value> {
    let arguments = field(of, "arguments");
    let arguments = arguments.as_ref().map_or(&[][..], Value::items);
    let is_key = |argument: &Value| field(argument, "type") == Some(bulk("key"));
    let keys = |argument: &Value| {
        if is_key(argument) {
            vec![argument.clone()]
        } else {
            keys_of(argument)
        }
    };
    arguments.iter().flat_map(keys).collect()
}

/// `COMMAND DOCS` of one command.
fn docs_of(client: &mut Client, command: &str) -> Value {
    let docs = client.call(&["COMMAND", "DOCS", command]);
    let [(_, docs)] = docs.pairs().try_into().expect("the docs of one command");
    docs
}
