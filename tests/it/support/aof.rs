//! The append-only file, read back into commands.

use std::fs;

use super::server::Server;
use super::sniffer::commands_in;
use super::words::Words;

/// All commands of the AOF, oldest first, without SELECT. The server is started with
/// `Server::builder().aof()`.
pub fn aof_commands(server: &Server) -> Vec<Words> {
    let dir = server.dir().join("appendonlydir");
    // Before 7.0 it is one file; since then a manifest lists the parts.
    let Ok(manifest) = fs::read_to_string(dir.join("appendonly.aof.manifest")) else {
        return commands_in(&fs::read(server.dir().join("appendonly.aof")).expect("an AOF"));
    };
    manifest
        .lines()
        .filter(|line| !line.ends_with("type h"))
        .map(|line| {
            line.split(' ')
                .nth(1)
                .expect("file <name> seq <n> type <t>")
        })
        .flat_map(|part| commands_in(&fs::read(dir.join(part)).expect("a part of the AOF")))
        .collect()
}
