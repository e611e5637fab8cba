//! Compares what replicas were sent with what was recorded.

use super::case::Word;
use super::play::Outcome;
use crate::support::Words;
use crate::support::escape::escape;

const CLOCK_TOLERANCE_MS: i64 = 5;

pub fn is_same(wanted: &[Vec<Word>], outcome: &Outcome, has_pxat: bool) -> bool {
    let wanted: Vec<_> = wanted
        .iter()
        .filter(|words| !is_wrapper(&recorded_name(words)))
        .collect();
    let mut sent: Vec<_> = outcome
        .effects
        .propagated
        .iter()
        .filter(|words| !is_wrapper(&words.name()))
        .cloned()
        .collect();
    if !has_pxat {
        sent = in_words_with_pxat(sent, outcome.sent);
    }
    wanted.len() == sent.len()
        && wanted
            .iter()
            .zip(&sent)
            .all(|(wanted, sent)| is_same_command(wanted, sent, outcome))
}

/// Whether there is a MULTI around it is the server's choice: 6.x wraps what a module writes, and
/// an expired key that is deleted first makes a second command of it.
fn is_wrapper(name: &str) -> bool {
    matches!(name, "MULTI" | "EXEC")
}

fn is_same_command(wanted: &[Word], sent: &Words, outcome: &Outcome) -> bool {
    wanted.len() == sent.len()
        && wanted
            .iter()
            .zip(&sent.0)
            .enumerate()
            .all(|(index, (wanted, sent))| match wanted {
                Word::Bytes(wanted) => {
                    wanted == sent
                        || is_same_keyword(wanted, sent)
                        || index == 0 && is_removal(wanted) && is_removal(sent)
                }
                Word::NowPlus(after) => {
                    let earliest = outcome.sent + after - CLOCK_TOLERANCE_MS;
                    let latest = outcome.answered + after + CLOCK_TOLERANCE_MS;
                    parse(sent).is_some_and(|time| (earliest..=latest).contains(&time))
                }
            })
}

/// Clients may write these in small letters, and some servers pass them on like that.
fn is_same_keyword(wanted: &[u8], sent: &[u8]) -> bool {
    let keywords = ["SET", "DEL", "PXAT", "KEEPTTL"];
    wanted.eq_ignore_ascii_case(sent)
        && keywords
            .iter()
            .any(|keyword| sent.eq_ignore_ascii_case(keyword.as_bytes()))
}

/// DEL or UNLINK: the same to the data.
fn is_removal(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"DEL") || name.eq_ignore_ascii_case(b"UNLINK")
}

/// Before 6.2 SET knows no PXAT. There `SET k v` and `PEXPIREAT k t`, or `SET k v PX ms`, stand for
/// `SET k v PXAT t`.
fn in_words_with_pxat(sent: Vec<Words>, now: i64) -> Vec<Words> {
    let mut out: Vec<Words> = Vec::new();
    for command in sent {
        let name = command.name();
        let words = &command.0;
        if name == "PEXPIREAT"
            && out
                .last()
                .is_some_and(|last| last.name() == "SET" && last.0[1] == words[1])
        {
            let last = out.last_mut().expect("just seen");
            last.0.extend([b"PXAT".to_vec(), words[2].clone()]);
        } else if let ("SET", Some(unit)) = (name.as_str(), milliseconds_per_unit(words)) {
            let until = now + unit * parse(&words[4]).expect("a time");
            out.push(Words::from([
                b"SET",
                words[1].as_slice(),
                &words[2],
                b"PXAT",
                until.to_string().as_bytes(),
            ]));
        } else {
            out.push(command);
        }
    }
    out
}

fn milliseconds_per_unit(set: &[Vec<u8>]) -> Option<i64> {
    let [_, _, _, unit, _] = set else {
        return None;
    };
    match unit.to_ascii_uppercase().as_slice() {
        b"EX" => Some(1000),
        b"PX" => Some(1),
        _ => None,
    }
}

fn recorded_name(words: &[Word]) -> String {
    match words {
        [Word::Bytes(name), ..] => escape(name).to_uppercase(),
        _ => panic!("no command: {words:?}"),
    }
}

fn parse(digits: &[u8]) -> Option<i64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

pub fn describe(commands: &[Vec<Word>]) -> String {
    let word = |word: &Word| match word {
        Word::Bytes(bytes) => escape(bytes),
        Word::NowPlus(after) => format!("<now+{after}>"),
    };
    let command = |words: &Vec<Word>| {
        format!(
            "\"{}\"",
            words.iter().map(word).collect::<Vec<_>>().join(" ")
        )
    };
    format!(
        "[{}]",
        commands.iter().map(command).collect::<Vec<_>>().join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::Effects;

    const NOW: i64 = 1_000_000;

    fn sent(commands: &[&str]) -> Outcome {
        let words = |command: &&str| {
            Words(
                command
                    .split(' ')
                    .map(|word| word.as_bytes().to_vec())
                    .collect(),
            )
        };
        Outcome {
            reply: Vec::new(),
            effects: Effects {
                propagated: commands.iter().map(words).collect(),
                ..Effects::default()
            },
            answers: Vec::new(),
            sent: NOW,
            answered: NOW,
        }
    }

    fn recorded(command: &str) -> Vec<Vec<Word>> {
        let word = |word: &str| match word.strip_prefix("now+") {
            Some(after) => Word::NowPlus(after.parse().unwrap()),
            None => Word::Bytes(word.as_bytes().to_vec()),
        };
        vec![command.split(' ').map(word).collect()]
    }

    #[test]
    fn wrappers_unlink_and_small_letters_are_no_difference() {
        assert!(is_same(
            &recorded("DEL k"),
            &sent(&["MULTI", "unlink k", "EXEC"]),
            true
        ));
        assert!(is_same(
            &recorded("SET k v KEEPTTL"),
            &sent(&["set k v keepttl"]),
            true
        ));
    }

    #[test]
    fn other_words_a_condition_and_a_second_command_are_differences() {
        let recorded = recorded("SET k v");
        assert!(!is_same(&recorded, &sent(&["SET k V"]), true));
        assert!(!is_same(&recorded, &sent(&["SET k v IFEQ x"]), true));
        assert!(!is_same(&recorded, &sent(&["SET k v", "DEL j"]), true));
        assert!(!is_same(&recorded, &sent(&[]), true));
    }

    #[test]
    fn an_absolute_time_is_now_and_so_many_milliseconds() {
        let recorded = recorded("SET k v PXAT now+100");
        assert!(is_same(&recorded, &sent(&["SET k v PXAT 1000103"]), true));
        assert!(!is_same(&recorded, &sent(&["SET k v PXAT 1000106"]), true));
    }

    #[test]
    fn two_commands_stand_for_pxat_only_where_there_is_none() {
        let recorded = recorded("SET k v PXAT now+100");
        let two = sent(&["SET k v", "PEXPIREAT k 1000100"]);
        assert!(is_same(&recorded, &two, false));
        assert!(!is_same(&recorded, &two, true));
        let relative = sent(&["SET k v PX 100"]);
        assert!(is_same(&recorded, &relative, false));
        assert!(!is_same(&recorded, &relative, true));
    }
}
