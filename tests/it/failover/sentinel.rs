//! A sentinel: the server's own program in its other role.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Child;

use tempfile::TempDir;

use super::client::primary_by;
use crate::support::process::{free_port, spawn_with};
use crate::support::server::field_of;
use crate::support::{Client, Server, until};

pub struct Sentinel {
    child: Child,
    port: u16,
    dir: TempDir,
}

impl Sentinel {
    /// Watches this primary alone, and decides alone; one that is silent for so many milliseconds is
    /// dead.
    pub fn of(primary: &Server, timeout: u32) -> Sentinel {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let (file, port) = (dir.path().join("sentinel.conf"), free_port());
        let config = format!(
            "bind 127.0.0.1\nport {port}\ndir \"{}\"\n\
             sentinel monitor it 127.0.0.1 {} 1\n\
             sentinel down-after-milliseconds it {timeout}\n\
             sentinel failover-timeout it 5000\n",
            dir.path().display(),
            primary.port()
        );
        fs::write(&file, config).expect("sentinel.conf");
        let child = spawn_with(&file, &["--sentinel"], &dir.path().join("output"));
        Sentinel { child, port, dir }
    }

    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    pub fn until_replicas_known(&self, count: usize) {
        until("the sentinel knows the replicas", || {
            let Ok(mut client) = Client::try_connect(self.address()) else {
                return false;
            };
            let info = client.cmd("INFO sentinel").text();
            info.contains("status=ok")
                && info.contains(&format!("slaves={count}"))
                && field_of(&info, "sentinel_masters").as_deref() == Some("1")
        });
    }

    /// Waits until somebody else is the primary.
    pub fn until_replaced(&self, old: SocketAddr) {
        until("the sentinel names another primary", || {
            primary_by(self.address()).is_some_and(|now| now != old)
        });
    }
}

impl Drop for Sentinel {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
        if std::thread::panicking() {
            let log = fs::read_to_string(self.dir.path().join("output")).unwrap_or_default();
            eprintln!("--- the log of the sentinel:\n{log}");
        }
    }
}
