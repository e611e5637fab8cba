//! What a test wants of its server, before it starts.

use std::fmt::Write;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::Path;

use super::cluster::SLOTS;
use super::module::Module;
use super::process::banner;
use super::server::Server;

#[derive(Clone)]
pub struct Builder {
    module: Module,
    module_args: Vec<String>,
    settings: Vec<(String, String)>,
    pub(super) primary: Option<SocketAddr>,
    pub(super) slots: Option<Range<u16>>,
}

impl Default for Builder {
    fn default() -> Builder {
        Builder {
            module: Module::Release,
            module_args: Vec::new(),
            settings: Vec::new(),
            primary: None,
            slots: None,
        }
    }
}

impl Builder {
    /// A plain server, as a user without the module has it.
    pub fn without_module(mut self) -> Builder {
        self.module = Module::None;
        self
    }

    /// The dev-profile build, which has the commands for fault tests.
    pub fn debug_module(mut self) -> Builder {
        self.module = Module::Debug;
        self
    }

    /// Load arguments: `module_args(&["native", "no"])`.
    pub fn module_args(mut self, args: &[&str]) -> Builder {
        self.module_args = args.iter().map(ToString::to_string).collect();
        self
    }

    /// One line of redis.conf: `arg("appendonly", "yes")`. The value is written as it is, quotes
    /// included.
    pub fn arg(mut self, name: &str, value: &str) -> Builder {
        self.settings.push((name.into(), value.into()));
        self
    }

    /// An append-only file that is on disk when the reply arrives, for [`super::aof_commands`].
    pub fn aof(self) -> Builder {
        self.arg("appendonly", "yes").arg("appendfsync", "always")
    }

    /// A cluster of this one node, which owns every slot.
    pub fn cluster(self) -> Builder {
        self.cluster_node(0..SLOTS)
    }

    /// A cluster node that owns these slots and does not know the others yet: see
    /// [`super::Cluster`].
    pub fn cluster_node(mut self, slots: Range<u16>) -> Builder {
        self.slots = Some(slots);
        self
    }

    /// Follows `primary`; [`Builder::start`] then waits until both hold the same.
    pub fn replica_of(mut self, primary: &Server) -> Builder {
        self.primary = Some(primary.address());
        self
    }

    /// Starts it, and returns when it answers. Panics with the log when it does not.
    pub fn start(self) -> Server {
        Server::launch(self).unwrap_or_else(|log| panic!("the server did not start:\n{log}"))
    }

    /// For a server that must refuse to start: returns its log. Panics when it starts.
    pub fn refuse_to_start(self) -> String {
        match Server::launch(self) {
            Ok(server) => panic!("it did start:\n{}", server.log()),
            Err(log) => log,
        }
    }

    pub(super) fn config(&self, dir: &Path, port: u16) -> String {
        let mut config = String::new();
        let mut line = |name: &str, value: &str| writeln!(config, "{name} {value}").unwrap();
        line("bind", "127.0.0.1");
        line("port", &port.to_string());
        line("dir", &quoted(dir));
        line("logfile", &quoted(&dir.join("server.log")));
        line("loglevel", "notice");
        line("save", "\"\"");
        // An AOF that is commands from its first byte, so that `aof_commands` can read it.
        line("aof-use-rdb-preamble", "no");
        line("repl-diskless-sync", "yes");
        line("repl-diskless-sync-delay", "0");
        if knows_protected_commands() {
            line("enable-debug-command", "yes");
            line("enable-module-command", "yes");
        }
        if self.slots.is_some() {
            line("cluster-enabled", "yes");
        }
        if let Some(primary) = self.primary {
            line("replicaof", &format!("{} {}", primary.ip(), primary.port()));
        }
        if let Some(file) = self.module.file() {
            line(
                "loadmodule",
                &format!("{} {}", quoted(file), self.module_args.join(" ")),
            );
        }
        for (name, value) in &self.settings {
            line(name, value);
        }
        config
    }
}

/// Before 7.0 DEBUG and MODULE need no permission, and the settings that give it stop the server.
/// That is asked of `--version`, because nothing else can be asked before the start; Valkey and
/// Redict came after 7.0.
fn knows_protected_commands() -> bool {
    !banner().starts_with("Redis server v=6.")
}

fn quoted(path: &Path) -> String {
    let path = path.to_str().expect("a path in UTF-8");
    format!("\"{}\"", path.replace('\\', "\\\\").replace('"', "\\\""))
}
