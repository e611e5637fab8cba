//! The replication stream, read as a replica reads it.

use super::client::Client;
use super::resp::decode;
use super::server::Server;
use super::value::Value;
use super::words::Words;

/// What a primary sends on its own account.
const HOUSEKEEPING: [&str; 3] = ["SELECT", "PING", "REPLCONF"];

pub struct Sniffer {
    link: Client,
}

impl Sniffer {
    /// Attaches as a replica of the oldest kind, which needs to acknowledge nothing, and skips the
    /// RDB.
    pub fn on(server: &Server) -> Sniffer {
        let mut link = server.client();
        link.send_bytes(b"SYNC\r\n");
        link.skip_line_feeds();
        let announced = String::from_utf8(link.line()).expect("a length");
        let length = announced
            .strip_prefix('$')
            .and_then(|length| length.parse().ok());
        link.skip(length.unwrap_or_else(|| panic!("SYNC: {announced}")));
        Sniffer { link }
    }

    /// The next command, SELECT and all that is not the users' own included.
    pub fn next_of_all(&mut self) -> Words {
        self.link.skip_line_feeds();
        words(&self.link.receive())
    }

    /// The next command, housekeeping left out.
    pub fn next_command(&mut self) -> Words {
        loop {
            let command = self.next_of_all();
            if !HOUSEKEEPING.contains(&command.name().as_str()) {
                return command;
            }
        }
    }
}

/// The commands in a file or stream that is nothing but commands, housekeeping left out.
pub fn commands_in(mut bytes: &[u8]) -> Vec<Words> {
    let mut commands = Vec::new();
    while !bytes.is_empty() {
        let (command, length) = decode(bytes).expect("whole commands");
        commands.push(words(&command));
        bytes = &bytes[length..];
    }
    commands.retain(|command| !HOUSEKEEPING.contains(&command.name().as_str()));
    commands
}

fn words(command: &Value) -> Words {
    Words(
        command
            .items()
            .iter()
            .map(|word| word.bytes().to_vec())
            .collect(),
    )
}
