//! What the server under test is and can do. Asked of it wherever it can be asked.

use std::collections::HashMap;
use std::sync::Mutex;

use super::client::Client;
use super::server::{Server, field_of};

impl Server {
    /// The Redis version whose commands and API it has. Valkey and Redict say 7.2.4 here, whatever
    /// their own number.
    pub fn version(&self) -> (u32, u32) {
        let version = self.info("server", "redis_version");
        let mut parts = version
            .split('.')
            .map(|part| part.parse().expect("a number"));
        (parts.next().expect("major"), parts.next().expect("minor"))
    }

    pub fn is_at_least(&self, major: u32, minor: u32) -> bool {
        self.version() >= (major, minor)
    }

    pub fn is_valkey(&self) -> bool {
        let info = self.client().cmd("INFO server").text();
        field_of(&info, "valkey_version").is_some()
            || field_of(&info, "server_name").as_deref() == Some("valkey")
    }

    /// Whether a module can put its commands into ACL categories (`RM_SetCommandACLCategories`).
    /// The version tells: no command does, and the function exists for modules only.
    pub fn has_acl_categories(&self) -> bool {
        self.is_at_least(7, 2)
    }
}

/// Whether the server itself has `command`, with `option` (`has_native("SET", "IFEQ")`) or at all
/// (`has_native("DELEX", "")`). A server without the module is started to answer it, once per
/// question and process.
pub fn has_native(command: &str, option: &str) -> bool {
    static ANSWERS: Mutex<Option<HashMap<String, bool>>> = Mutex::new(None);
    let mut answers = ANSWERS
        .lock()
        .expect("every question so far has been answered");
    *answers
        .get_or_insert_default()
        .entry(format!("{command} {option}"))
        .or_insert_with(|| {
            ask(
                &mut Server::builder().without_module().start().client(),
                command,
                option,
            )
        })
}

/// A value as well as a digest.
const OPERAND: &str = "0123456789abcdef";

fn ask(client: &mut Client, command: &str, option: &str) -> bool {
    if option.is_empty() {
        return !client.call(&["COMMAND", "INFO", command]).items()[0].is_null();
    }
    // Any answer but an error means that the option was understood.
    client.cmd("SET k v");
    let reply = match command {
        "SET" => client.call(&["SET", "k", "v", option, OPERAND]),
        _ => client.call(&[command, "k", option, OPERAND]),
    };
    !reply.is_error()
}
