//! A real server that lives as long as the value does.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Child;

use tempfile::TempDir;

use super::builder::Builder;
use super::client::Client;
use super::until::until;

pub struct Server {
    pub(super) builder: Builder,
    pub(super) dir: TempDir,
    pub(super) port: u16,
    /// `None` while the test has it stopped.
    pub(super) child: Option<Child>,
}

impl Server {
    /// With the module and the usual settings.
    pub fn start() -> Server {
        Builder::default().start()
    }

    pub fn builder() -> Builder {
        Builder::default()
    }

    /// A replica with the module, in sync. For one without:
    /// `Server::builder().without_module().replica_of(&primary)`.
    pub fn replica(&self) -> Server {
        Server::builder().replica_of(self).start()
    }

    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The working directory: RDB, AOF, redis.conf.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// A new RESP2 connection.
    pub fn client(&self) -> Client {
        Client::connect(self.address())
    }

    /// A new RESP3 connection.
    pub fn client3(&self) -> Client {
        self.client().into_resp3()
    }

    /// Both, for what must hold in either protocol.
    pub fn clients(&self) -> [Client; 2] {
        [self.client(), self.client3()]
    }

    /// All that the server has logged and printed, through all its restarts.
    pub fn log(&self) -> String {
        let read = |path| fs::read(path).unwrap_or_default();
        let text = [read(self.output()), read(self.dir().join("server.log"))].concat();
        String::from_utf8_lossy(&text).into_owned()
    }

    /// One field of INFO; panics when the section has none of that name.
    pub fn info(&self, section: &str, field: &str) -> String {
        let info = self.client().call(&["INFO", section]).text();
        field_of(&info, field).unwrap_or_else(|| panic!("no {field} in INFO {section}:\n{info}"))
    }

    pub fn info_number(&self, section: &str, field: &str) -> i64 {
        self.info(section, field).parse().expect("a number")
    }

    /// Waits until this many clients wait in a blocking command.
    pub fn until_blocked(&self, clients: i64) {
        until(&format!("{clients} clients are blocked"), || {
            self.info_number("clients", "blocked_clients") == clients
        });
    }

    pub fn until_logged(&self, text: &str) {
        until(&format!("the log says: {text}"), || {
            self.log().contains(text)
        });
    }

    /// On a replica: waits until it holds all that its primary has sent so far.
    pub fn until_in_sync(&self) {
        let Some(primary) = self.builder.primary else {
            return;
        };
        until("the link to the primary is up", || {
            self.info("replication", "master_link_status") == "up"
        });
        let sent = Client::connect(primary).cmd("INFO replication").text();
        let sent: i64 = field_of(&sent, "master_repl_offset")
            .unwrap()
            .parse()
            .unwrap();
        until("the replica has caught up", || {
            self.info_number("replication", "slave_repl_offset") >= sent
        });
    }

    /// On a primary that has written something: waits until so many replicas have said that they have
    /// heard all that it has sent so far. Until they first say so, a while after their link is up, they
    /// may be sent nothing.
    pub fn until_heard_by(&self, replicas: usize) {
        let info = || self.client().cmd("INFO replication").text();
        let number = |text: &str| text.parse::<i64>().expect("an offset");
        let sent = number(&field_of(&info(), "master_repl_offset").expect("a primary"));
        until(&format!("{replicas} replicas have heard"), || {
            let info = info();
            let heard = info.split("state=online,offset=").skip(1);
            let heard = heard.map(|rest| number(rest.split(',').next().expect("an offset")));
            heard.filter(|heard| *heard >= sent).count() == replicas
        });
    }

    pub(super) fn config(&self) -> PathBuf {
        self.dir().join("redis.conf")
    }

    pub(super) fn output(&self) -> PathBuf {
        self.dir().join("output")
    }
}

/// `field:value` in a text as INFO writes it.
pub fn field_of(info: &str, field: &str) -> Option<String> {
    info.lines().find_map(|line| {
        line.trim_end()
            .strip_prefix(field)?
            .strip_prefix(':')
            .map(String::from)
    })
}
