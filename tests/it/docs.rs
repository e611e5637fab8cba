//! Every example in the documentation is played, as a reader would: a `console` block is a session of
//! redis-cli on an empty server, its lines that begin with `> ` what is typed, the others what is seen.
//! A remark may follow what is typed, after two spaces and a `#`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::*;

#[test]
fn every_example_shows_what_the_server_answers() {
    let server = Server::start();
    let mut wrong = Vec::new();
    let mut played = 0;
    for file in documents() {
        for session in sessions(&fs::read_to_string(&file).unwrap()) {
            if let Some(command) = session.lacking(&server) {
                not_applicable_cases(1, &format!("this server has no {command}"));
                continue;
            }
            server.client().cmd("FLUSHALL");
            let seen = play(&server, &session.typed);
            if seen != session.seen {
                wrong.push(format!(
                    "{}:\n{}\n--- shown\n{}--- answered\n{seen}",
                    file.display(),
                    session.typed.join("\n"),
                    session.seen,
                ));
            }
            played += 1;
        }
    }
    assert!(played > 5, "only {played} examples were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

struct Session {
    typed: Vec<String>,
    seen: String,
}

impl Session {
    /// A command that the server does not have: `DELIFEQ`, where it has the names of Redis 8.4 itself.
    fn lacking(&self, server: &Server) -> Option<&str> {
        let mut client = server.client();
        let mut names = self
            .typed
            .iter()
            .map(|line| line.split(' ').next().unwrap());
        names.find(|name| client.call(&["COMMAND", "INFO", name]).items()[0].is_null())
    }
}

/// README.md and the pages of docs/.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = fs::read_dir(root.join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    files.push(root.join("README.md"));
    files.sort();
    files
}

fn sessions(text: &str) -> Vec<Session> {
    text.split("```console\n")
        .skip(1)
        .map(|rest| {
            let block = rest.split("```").next().unwrap();
            let (mut typed, mut seen) = (Vec::new(), String::new());
            for line in block.lines() {
                if line.starts_with("> ") {
                    typed.push(command(line));
                } else {
                    seen.push_str(line);
                    seen.push('\n');
                }
            }
            Session { typed, seen }
        })
        .collect()
}

fn command(line: &str) -> String {
    let typed = line.strip_prefix("> ").unwrap();
    typed.split("  #").next().unwrap().trim_end().to_owned()
}

/// What redis-cli prints for these lines.
fn play(server: &Server, typed: &[String]) -> String {
    let cli = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/servers/redis-7.0/bin/cli");
    let mut cli = Command::new(cli)
        .args(["--no-raw", "-p", &server.port().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("redis-cli: scripts/servers get redis-7.0");
    let mut stdin = cli.stdin.take().unwrap();
    stdin.write_all(typed.join("\n").as_bytes()).unwrap();
    drop(stdin);
    let output = cli.wait_with_output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}
