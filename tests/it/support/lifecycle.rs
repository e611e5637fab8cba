//! How a server starts, stops, crashes and comes back.

use std::fs;
use std::ops::Range;
use std::process::Command;

use super::builder::Builder;
use super::client::Client;
use super::cluster::SLOTS;
use super::process::{free_port, spawn};
use super::server::{Server, field_of};
use super::until::{until, until_some};

enum NoStart {
    PortTaken,
    Refused(String),
}

impl Server {
    pub(super) fn launch(builder: Builder) -> Result<Server, String> {
        let dir = tempfile::Builder::new()
            .prefix("redis-atomic-")
            .tempdir()
            .expect("a temporary directory");
        let mut server = Server {
            builder,
            dir,
            port: 0,
            child: None,
        };
        loop {
            server.port = free_port();
            server.write_config();
            match server.run() {
                Ok(()) => break,
                Err(NoStart::PortTaken) => (),
                Err(NoStart::Refused(log)) => return Err(log),
            }
        }
        if let Some(slots) = server.builder.slots.clone() {
            server.own(slots);
        }
        server.until_in_sync();
        Ok(server)
    }

    /// A crash: nothing is flushed, nobody is told.
    pub fn kill9(&mut self) {
        let mut child = self.child.take().expect("a running server");
        child.kill().expect("kill");
        child.wait().expect("wait");
    }

    /// Whether the test has not stopped it.
    pub fn is_running(&self) -> bool {
        self.child.is_some()
    }

    /// For how long the thread that runs commands has had a processor.
    pub fn microseconds_at_work(&self) -> u64 {
        let pid = self.pid();
        let path = format!("/proc/{pid}/task/{pid}/schedstat");
        let stats =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let nanoseconds: Option<u64> = stats.split(' ').next().and_then(|text| text.parse().ok());
        nanoseconds.expect("nanoseconds") / 1000
    }

    fn pid(&self) -> u32 {
        self.child.as_ref().expect("a running server").id()
    }

    /// `signal("STOP")`, `signal("CONT")`.
    pub fn signal(&self, name: &str) {
        let pid = self.pid();
        // The shell has a kill of its own; a small system has no other.
        let kill = Command::new("sh")
            .args(["-c", &format!("kill -{name} {pid}")])
            .status();
        assert!(kill.expect("kill runs").success());
    }

    /// Follows another from now on, or nobody, through restarts.
    pub fn follow(&mut self, primary: Option<&Server>) {
        let (host, port) = match primary {
            Some(primary) => ("127.0.0.1".to_owned(), primary.port().to_string()),
            None => ("NO".to_owned(), "ONE".to_owned()),
        };
        let mut client = self.client();
        assert_eq!(client.call(&["REPLICAOF", &host, &port]), super::ok());
        assert_eq!(client.call(&["CONFIG", "REWRITE"]), super::ok());
        self.builder.primary = primary.map(Server::address);
    }

    /// An orderly stop, without an RDB.
    pub fn stop(&mut self) {
        // Answered by the end of the connection.
        _ = self.client().try_call(&["SHUTDOWN", "NOSAVE"]);
        self.await_exit();
    }

    /// For a test that makes the server end by other means: waits until it has.
    pub fn await_exit(&mut self) {
        let mut child = self.child.take().expect("a running server");
        until("the server has ended", || {
            child.try_wait().expect("wait").is_some()
        });
    }

    /// Stops it if it runs, and starts it again: same port, same directory, same redis.conf, CONFIG
    /// REWRITE included.
    pub fn restart(&mut self) {
        if self.child.is_some() {
            self.stop();
        }
        match self.run() {
            Ok(()) => self.until_in_sync(),
            Err(NoStart::PortTaken) => panic!("port {} is gone", self.port),
            Err(NoStart::Refused(log)) => panic!("the server did not start again:\n{log}"),
        }
    }

    /// `restart` with other settings: `restart_with(Builder::without_module)`.
    pub fn restart_with(&mut self, change: impl FnOnce(Builder) -> Builder) {
        self.builder = change(self.builder.clone());
        self.write_config();
        self.restart();
    }

    fn write_config(&self) {
        fs::write(self.config(), self.builder.config(self.dir(), self.port)).expect("redis.conf");
    }

    fn run(&mut self) -> Result<(), NoStart> {
        let logged_before = self.log().len();
        let mut child = spawn(&self.config(), &self.output());
        let exited = until_some("the server answers", || {
            if child.try_wait().expect("wait").is_some() {
                return Some(true);
            }
            self.answers().then_some(false)
        });
        if !exited {
            self.child = Some(child);
            return Ok(());
        }
        let log = self.log();
        let log = log.get(logged_before..).unwrap_or(&log);
        if log.contains("Address already in use") {
            return Err(NoStart::PortTaken);
        }
        Err(NoStart::Refused(log.into()))
    }

    /// Whether it is this server that listens there, and it has loaded its data.
    fn answers(&self) -> bool {
        let ask = |client: &mut Client, command| client.try_call(&[command]).ok();
        let Ok(mut client) = Client::try_connect(self.address()) else {
            return false;
        };
        let Some(pong) = ask(&mut client, "PING") else {
            return false;
        };
        let loading = pong.is_error() && pong.text().starts_with("LOADING");
        let is_ours =
            |info: &str| field_of(info, "config_file") == self.config().to_str().map(String::from);
        !loading
            && ask(&mut client, "INFO").is_some_and(|info| info.is_error() || is_ours(&info.text()))
    }

    fn own(&self, slots: Range<u16>) {
        if slots.is_empty() {
            return;
        }
        let words = ["CLUSTER".into(), "ADDSLOTS".into()].into_iter();
        let command: Vec<String> = words
            .chain(slots.clone().map(|slot| slot.to_string()))
            .collect();
        assert_eq!(self.client().call(&command), super::ok());
        // A node that does not own them all has to meet the others first.
        if slots == (0..SLOTS) {
            until("the cluster is up", || {
                self.client()
                    .cmd("CLUSTER INFO")
                    .text()
                    .contains("cluster_state:ok")
            });
        }
    }
}

impl Drop for Server {
    /// Ends the server. A server that has died by itself fails the test, even if nobody has asked
    /// it anything since.
    fn drop(&mut self) {
        // One that nobody can reach any more is about to end: a crash report takes its time.
        let is_ending = self.child.is_some() && Client::try_connect(self.address()).is_err();
        let Some(child) = &mut self.child else {
            return;
        };
        let died = if is_ending {
            child.wait().ok()
        } else {
            child.try_wait().ok().flatten()
        };
        _ = child.kill();
        _ = child.wait();
        if std::thread::panicking() {
            eprintln!(
                "--- the end of the log of port {}:\n{}",
                self.port,
                tail(&self.log())
            );
        } else if let Some(status) = died {
            panic!("the server had ended ({status}):\n{}", tail(&self.log()));
        }
    }
}

fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(60)..].join("\n")
}
