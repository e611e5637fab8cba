//! Servers by name, side by side in one process, each with the load generator that came with it.
//!
//! The harness of the tests runs whatever server it is given; a measurement names the one it is about,
//! and may run it under a tool that looks into it.
#![allow(dead_code, reason = "each bench uses what it needs")]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::support::process::free_port;
use crate::support::server::field_of;
use crate::support::{Client, until_some};

/// Has the servers of these names fetched, where they are not there yet.
pub fn get(names: &[&str]) {
    let status = Command::new(project("scripts/servers"))
        .arg("get")
        .args(names)
        .status()
        .expect("scripts/servers runs");
    assert!(status.success(), "scripts/servers get {}", names.join(" "));
}

/// A file of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A running server, which ends with the value.
pub struct Server {
    name: &'static str,
    port: u16,
    process: Child,
    dir: TempDir,
}

impl Server {
    /// Starts the server of this name with modules, each a file and its arguments. `under` is the
    /// command line that it runs under, if any.
    pub fn start(name: &'static str, modules: &[&str], under: &[String]) -> Self {
        // The server's housekeeping, as seldom as it may be: it is not what is measured.
        let mut settings = "hz 1\ndynamic-hz no\n".to_owned();
        for module in modules {
            writeln!(settings, "loadmodule {module}").expect("a string takes all");
        }
        Self::configured(name, &settings, under)
    }

    /// The same with lines of redis.conf.
    pub fn configured(name: &'static str, settings: &str, under: &[String]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let port = free_port();
        let config = format!("bind 127.0.0.1\nport {port}\nsave \"\"\n{settings}");
        let file = dir.path().join("redis.conf");
        std::fs::write(&file, config).expect("redis.conf");
        let log = std::fs::File::create(dir.path().join("log")).expect("a log");

        let mut words = under
            .iter()
            .map(PathBuf::from)
            .chain([program(name, "server"), file]);
        let process = Command::new(words.next().expect("at least the server"))
            .args(words)
            .current_dir(&dir)
            .stdin(Stdio::null())
            .stderr(log.try_clone().expect("a second handle"))
            .stdout(log)
            .spawn()
            .expect("the server's program");
        let mut server = Self {
            name,
            port,
            process,
            dir,
        };
        until_some("the server answers", || {
            let ended = server.process.try_wait().expect("wait").is_some();
            assert!(!ended, "{name} did not start:\n{}", server.log());
            // Another one may have been faster to take the port; then ours ends.
            let answers = Client::try_connect(server.address()).is_ok()
                && server.info("server", "process_id") == server.process().to_string();
            answers.then_some(())
        });
        server
    }

    /// Runs a command over and over by pipelines of many clients, and returns the processor time
    /// that the server took for one, in microseconds.
    pub fn time(&self, words: &[String], count: u32) -> f64 {
        let taken = self.time_of(|| self.load(words, count));
        taken * 1e6 / f64::from(count)
    }

    /// The processor time that the server takes for what `act` has it do, in seconds.
    pub fn time_of(&self, act: impl FnOnce()) -> f64 {
        let (failed, before) = (self.failed(), self.processor_time());
        act();
        let taken = self.processor_time() - before;
        // Loads do not look at the replies.
        assert_eq!(self.failed(), failed, "errors were answered");
        taken
    }

    fn load(&self, words: &[String], count: u32) {
        let mut load = Command::new(program(self.name, "benchmark"))
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string()])
            .args(["-P", "32", "-c", "8", "-q", "-n", &count.to_string()])
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("the load generator");
        let status = until_some("the load is over", || load.try_wait().expect("wait"));
        assert!(status.success(), "the load generator failed: {words:?}");
    }

    /// One field of INFO.
    pub fn info(&self, section: &str, field: &str) -> String {
        let info = self.client().call(&["INFO", section]).text();
        field_of(&info, field).unwrap_or_else(|| panic!("no {field} in INFO {section}"))
    }

    pub fn client(&self) -> Client {
        Client::connect(self.address())
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    pub fn process(&self) -> u32 {
        self.process.id()
    }

    pub fn address(&self) -> std::net::SocketAddr {
        (std::net::Ipv4Addr::LOCALHOST, self.port).into()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }

    /// Of all its threads, in seconds.
    pub fn processor_time(&self) -> f64 {
        ["used_cpu_user", "used_cpu_sys"]
            .map(|field| self.info("cpu", field).parse::<f64>().expect("seconds"))
            .iter()
            .sum()
    }

    /// Of its main thread alone, in seconds; without a word to the server.
    pub fn main_thread(&self) -> f64 {
        let path = format!("/proc/{}/schedstat", self.process());
        let text = std::fs::read_to_string(path).expect("the kernel's account of the thread");
        let nanoseconds = text.split(' ').next().and_then(|word| word.parse().ok());
        nanoseconds.map_or_else(|| panic!("no time in {text}"), |time: f64| time / 1e9)
    }

    fn failed(&self) -> String {
        self.info("stats", "total_error_replies")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

fn program(server: &str, program: &str) -> PathBuf {
    project("target/servers")
        .join(server)
        .join("bin")
        .join(program)
}
