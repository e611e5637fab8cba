//! What is typed in a shell. A test cannot well run the whole of `make test` within itself, nor a
//! container engine that is not there; so what is checked here is that everything named is there, and
//! that something else runs it.

use std::fs;

use super::block::{in_language, root};

/// How a line begins, and the file that runs it, or has what it runs.
const RUN_BY: &[(&str, &str)] = &[
    ("sudo dpkg -i redis-atomic_", "tests/packages/run"),
    ("tar -xf redis-atomic-", "tests/packages/run"),
    ("redis-server redis.conf.example", "tests/packages/run"),
    ("sha256sum -c SHA256SUMS", "tests/packages/run"),
    ("python3 main.py", "tests/clients/languages.sh"),
    ("docker build ", "Dockerfile"),
    ("docker compose up", "docker-compose.yml"),
];

#[test]
fn every_command_line_is_one_that_there_is() {
    let targets = targets();
    for block in in_language("sh") {
        for line in &block.lines {
            let line = line.split("  #").next().unwrap_or_default().trim();
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                [""] => (),
                ["make", target, ..] => {
                    assert!(
                        targets.iter().any(|t| t == target),
                        "{block}: make {target}?"
                    );
                }
                [first, ..] if first.contains('/') && root().join(first).exists() => (),
                _ => {
                    let by = RUN_BY.iter().find(|(begins, _)| line.starts_with(begins));
                    let (_, file) = by.unwrap_or_else(|| panic!("{block}: who runs `{line}`?"));
                    assert!(root().join(file).exists(), "{file} is gone");
                }
            }
        }
    }
}

fn targets() -> Vec<String> {
    let makefile = fs::read_to_string(root().join("Makefile")).expect("Makefile");
    makefile
        .lines()
        .filter(|line| line.contains("##"))
        .filter_map(|line| Some(line.split_once(':')?.0.to_owned()))
        .collect()
}
