//! Sessions of redis-cli.

use std::collections::BTreeSet;
use std::env;
use std::io::Write;
use std::process::{Command, Stdio};

use super::block::{Block, in_language, root};
use crate::support::*;

#[test]
fn every_example_shows_what_the_server_answers() {
    let stage = Stage::set();
    let mut wrong = Vec::new();
    let mut played = 0;
    for block in in_language("console") {
        let session = Session::of(&block);
        if let Some(reason) = stage.lacks(&block, &session) {
            not_applicable_cases(1, &reason);
            continue;
        }
        let seen = if session.administers() {
            Stage::of_its_own().play(&session.typed)
        } else {
            stage.play(&["FLUSHALL".to_owned()]);
            stage.play(&session.typed)
        };
        if seen != session.seen {
            let typed = session.typed.join("\n");
            let shown = session.seen;
            wrong.push(format!(
                "{block}\n{typed}\n--- shown\n{shown}--- answered\n{seen}"
            ));
        }
        played += 1;
    }
    stage.play(&["FLUSHALL".to_owned()]);
    assert!(played > 5, "only {played} examples were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

struct Session {
    typed: Vec<String>,
    seen: String,
}

impl Session {
    fn of(block: &Block) -> Session {
        let (mut typed, mut seen) = (Vec::new(), String::new());
        for line in &block.lines {
            if let Some(command) = line.strip_prefix("> ") {
                typed.push(without_remark(command).to_owned());
            } else {
                seen.push_str(line);
                seen.push('\n');
            }
        }
        Session { typed, seen }
    }

    /// The names of the commands in it, and of those that `ACL SETUSER` grants or takes.
    fn commands(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        for line in &self.typed {
            let (name, words) = line.split_once(' ').unwrap_or((line, ""));
            names.insert(name);
            if name == "ACL" {
                let rules = words
                    .split(' ')
                    .filter_map(|rule| rule.strip_prefix(['+', '-']));
                names.extend(rules.filter(|rule| !rule.starts_with('@')));
            }
        }
        names
    }

    /// Whether it changes more of the server than its keys.
    fn administers(&self) -> bool {
        ["ACL", "CONFIG", "MODULE"]
            .iter()
            .any(|name| self.commands().contains(name))
    }
}

fn without_remark(command: &str) -> &str {
    command
        .split("  #")
        .next()
        .expect("a first part")
        .trim_end()
}

/// What a server may lack: the module's commands that it has itself or that some servers cannot have. A
/// session with any other command that is not there is wrong.
const MAY_LACK: [&str; 5] = [
    "DELIFEQ",
    "cas.nativeset",
    "cas.nativesetget",
    "CAS.IF",
    "CAS.TXN",
];

/// Where sessions are played: the server that `REDIS_URL` names, or one of ours.
struct Stage {
    url: String,
    /// Ours lives as long as the stage.
    own: Option<Server>,
}

impl Stage {
    fn set() -> Stage {
        let Ok(url) = env::var("REDIS_URL") else {
            return Stage::of_its_own();
        };
        let stage = Stage { url, own: None };
        let size = stage.play(&["DBSIZE".to_owned()]);
        assert_eq!(
            size, "(integer) 0\n",
            "REDIS_URL: the sessions want an empty server"
        );
        stage
    }

    fn of_its_own() -> Stage {
        let server = Server::start();
        let url = format!("redis://{}", server.address());
        Stage {
            url,
            own: Some(server),
        }
    }

    /// What redis-cli prints for these lines.
    fn play(&self, typed: &[String]) -> String {
        let mut cli = Command::new(root().join("target/servers/redis-7.0/bin/cli"))
            .args(["--no-raw", "-u", &self.url])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("redis-cli: scripts/servers get redis-7.0");
        let mut stdin = cli.stdin.take().expect("a pipe");
        stdin
            .write_all(typed.join("\n").as_bytes())
            .expect("redis-cli reads");
        drop(stdin);
        let output = cli.wait_with_output().expect("redis-cli ends");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn lacks(&self, block: &Block, session: &Session) -> Option<String> {
        let given = self.own.is_none();
        if session.administers() && given {
            return Some("REDIS_URL: a server that is not ours to administer".to_owned());
        }
        if let (Some((major, minor)), Some(server)) = (block.since, &self.own)
            && !server.is_at_least(major, minor)
        {
            return Some(format!("an example for servers from {major}.{minor} on"));
        }
        let named = session.commands();
        let mut optional = MAY_LACK.into_iter().filter(|name| named.contains(name));
        optional.find_map(|name| {
            let info = self.play(&[format!("COMMAND INFO {name}")]);
            (info == "1) (nil)\n").then(|| format!("this server has no {name}"))
        })
    }
}
