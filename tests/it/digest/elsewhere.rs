//! A second server beside the one under test, named as in `scripts/servers`: it answers what the one
//! under test cannot be asked.

use std::fmt::Write;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::support::process::free_port;
use crate::support::{Client, until_some};

pub struct Elsewhere {
    child: Child,
    address: SocketAddr,
    _dir: TempDir,
}

impl Elsewhere {
    /// Fetches the server if it is missing, and starts it, with this module if there is one.
    pub fn start(name: &str, module: Option<&str>) -> Elsewhere {
        let project = Path::new(env!("CARGO_MANIFEST_DIR"));
        let program = project.join(format!("target/servers/{name}/bin/server"));
        if !program.exists() {
            let fetched = Command::new(project.join("scripts/servers"))
                .args(["get", name])
                .status()
                .expect("scripts/servers runs");
            assert!(fetched.success(), "scripts/servers get {name}");
        }
        // A port that looks free may be taken by the time that the server wants it.
        (0..5)
            .find_map(|_| Elsewhere::launch(&program, module))
            .unwrap_or_else(|| panic!("{name} does not start"))
    }

    fn launch(program: &Path, module: Option<&str>) -> Option<Elsewhere> {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let port = free_port();
        let mut config = format!(
            "bind 127.0.0.1\nport {port}\nsave \"\"\ndir \"{}\"\n",
            dir.path().display()
        );
        if let Some(module) = module {
            writeln!(config, "loadmodule \"{module}\"").expect("a string takes all");
        }
        let file = dir.path().join("redis.conf");
        fs::write(&file, config).expect("redis.conf");
        let child = Command::new(program)
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        let mut server = Elsewhere {
            child,
            address: (Ipv4Addr::LOCALHOST, port).into(),
            _dir: dir,
        };
        until_some("the server answers or ends", || {
            if server.child.try_wait().expect("wait").is_some() {
                return Some(None);
            }
            let mut client = Client::try_connect(server.address).ok()?;
            client.try_call(&["PING"]).ok().map(Some)
        })?;
        Some(server)
    }

    /// A new RESP2 connection.
    pub fn client(&self) -> Client {
        Client::connect(self.address)
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
