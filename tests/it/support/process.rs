//! Server executables, ports and child processes.

use std::ffi::{c_int, c_ulong};
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};

/// The server under test: `REDIS_SERVER`, else the default of `scripts/servers`.
pub fn executable() -> &'static Path {
    static EXECUTABLE: OnceLock<PathBuf> = OnceLock::new();
    EXECUTABLE.get_or_init(|| {
        std::env::var_os("REDIS_SERVER").map_or_else(default_executable, Into::into)
    })
}

fn default_executable() -> PathBuf {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/servers");
    let output = Command::new(&script)
        .arg("default")
        .output()
        .unwrap_or_else(|e| {
            panic!(
                "{}: {e}; or name a server in REDIS_SERVER",
                script.display()
            )
        });
    assert!(
        output.status.success(),
        "{} default: {}",
        script.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    let path = String::from_utf8(output.stdout).expect("a path in UTF-8");
    path.lines().last().expect("a path").trim().into()
}

/// What `--version` says: "Redis server v=7.0.15 …".
pub fn banner() -> &'static str {
    static BANNER: OnceLock<String> = OnceLock::new();
    BANNER.get_or_init(|| {
        let output = Command::new(executable())
            .arg("--version")
            .output()
            .unwrap_or_else(|e| panic!("{}: {e}", executable().display()));
        String::from_utf8_lossy(&output.stdout).into_owned()
    })
}

/// Starts the server; all that it prints goes to `output`.
///
/// It is killed when the *thread* that called this ends, however it ends: no server outlives its
/// test.
pub fn spawn(config: &Path, output: &Path) -> Child {
    spawn_with(config, &[], output)
}

/// The same with arguments after the file: `--sentinel`.
pub fn spawn_with(config: &Path, args: &[&str], output: &Path) -> Child {
    let output = File::options()
        .create(true)
        .append(true)
        .open(output)
        .expect("an output file");
    let mut command = Command::new(executable());
    command
        .arg(config)
        .args(args)
        .stdin(Stdio::null())
        .stdout(output.try_clone().expect("a second handle"))
        .stderr(output);
    die_with_this_thread(&mut command);
    command
        .spawn()
        .unwrap_or_else(|e| panic!("{}: {e}", executable().display()))
}

#[cfg(target_os = "linux")]
#[allow(
    unsafe_code,
    reason = "only the kernel can tell a child that a killed parent is gone"
)]
fn die_with_this_thread(command: &mut Command) {
    const PR_SET_PDEATHSIG: c_int = 1;
    const SIGKILL: c_ulong = 9;
    unsafe extern "C" {
        fn prctl(option: c_int, ...) -> c_int;
    }
    // SAFETY: between fork and exec only async-signal-safe calls are allowed; prctl is a bare
    // system call, and this option neither reads nor writes our memory.
    unsafe {
        command.pre_exec(|| {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            Ok(())
        });
    }
}

#[cfg(not(target_os = "linux"))]
fn die_with_this_thread(_: &mut Command) {}

/// A port that nobody listens on, nor on the one 10000 above, which a cluster node takes for its
/// bus.
///
/// Both lie below the range that systems give to outgoing connections, so that no client can take
/// the port of a server that is being restarted.
pub fn free_port() -> u16 {
    const FIRST: u16 = 11_000;
    const COUNT: u16 = 10_000;
    const BUS: u16 = 10_000;
    static NEXT: OnceLock<AtomicU16> = OnceLock::new();
    let next = NEXT.get_or_init(|| {
        // Two test processes at the same time begin far from each other.
        let start = std::process::id().wrapping_mul(7919) % u32::from(COUNT);
        AtomicU16::new(u16::try_from(start).expect("below COUNT"))
    });
    (0..COUNT)
        .map(|_| FIRST + next.fetch_add(1, Ordering::Relaxed) % COUNT)
        .find(|&port| is_free(port) && is_free(port + BUS))
        .expect("a free port")
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Runs a program to its end and returns what it prints; panics with what it says when it fails.
pub fn output(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        text(&output.stderr)
    );
    text(&output.stdout)
}
