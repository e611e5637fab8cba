//! Which cases the server executes by itself. The module leaves those alone, so the server's own
//! words on the replication stream are right for them, and for no other.

use super::case::{Case, Command, Step};
use crate::support::facts::has_native;

const CONDITIONS: [&str; 4] = ["IFEQ", "IFNE", "IFDEQ", "IFDNE"];
const WITH_OPERAND: [&str; 4] = ["EX", "PX", "EXAT", "PXAT"];

pub struct Natively {
    set_conditions: Vec<&'static str>,
    delex: bool,
    digest: bool,
}

impl Natively {
    pub fn ask() -> Natively {
        Natively {
            set_conditions: CONDITIONS
                .into_iter()
                .filter(|condition| has_native("SET", condition))
                .collect(),
            // A server with a DELEX that knows less than all four conditions does not execute every
            // DELEX.
            delex: CONDITIONS
                .into_iter()
                .all(|condition| has_native("DELEX", condition)),
            digest: has_native("DIGEST", ""),
        }
    }

    pub fn executes(&self, case: &Case) -> bool {
        commands_under_test(case)
            .iter()
            .all(|command| self.knows(command))
    }

    fn knows(&self, command: &Command) -> bool {
        match keyword(&command[0]).as_str() {
            "SET" => conditions_of_set(command)
                .iter()
                .all(|condition| self.set_conditions.contains(&condition.as_str())),
            "DELEX" => self.delex,
            "DIGEST" => self.digest,
            _ => true,
        }
    }
}

fn commands_under_test(case: &Case) -> Vec<Command> {
    if let Some(at) = case.at {
        return vec![case.command[at..].to_vec()];
    }
    if keyword(&case.command[0]) == "EVAL" {
        return vec![called_in(&case.command[1])];
    }
    // EXEC: what was queued.
    let sent = case.setup.iter().filter_map(|step| match step {
        Step::Send(command) => Some(command.clone()),
        _ => None,
    });
    sent.skip_while(|command| keyword(&command[0]) != "MULTI")
        .collect()
}

/// `redis.call('SET', KEYS[1], 'new', 'IFEQ', 'hello')`, with the key put back between the quoted
/// words.
fn called_in(script: &[u8]) -> Command {
    let mut words: Command = script
        .split(|&byte| byte == b'\'')
        .skip(1)
        .step_by(2)
        .map(<[u8]>::to_vec)
        .collect();
    words.insert(1, b"k".to_vec());
    words
}

/// The IF… words of a SET that stand as options, not as somebody's operand.
fn conditions_of_set(command: &Command) -> Vec<String> {
    let mut conditions = Vec::new();
    let mut options = command.iter().skip(3).map(|word| keyword(word));
    while let Some(option) = options.next() {
        if CONDITIONS.contains(&option.as_str()) {
            options.next();
            conditions.push(option);
        } else if WITH_OPERAND.contains(&option.as_str()) {
            options.next();
        }
    }
    conditions
}

/// As the native parser reads words: up to the first NUL, whatever the case.
fn keyword(word: &[u8]) -> String {
    let end = word
        .iter()
        .position(|&byte| byte == 0)
        .unwrap_or(word.len());
    String::from_utf8_lossy(&word[..end]).to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Command {
        text.split(' ')
            .map(|word| word.as_bytes().to_vec())
            .collect()
    }

    #[test]
    fn an_operand_that_spells_a_condition_is_none() {
        assert_eq!(conditions_of_set(&words("SET k v IFEQ ifne get")), ["IFEQ"]);
        assert_eq!(
            conditions_of_set(&words("SET IFEQ IFNE EX IFDEQ ifdne x")),
            ["IFDNE"]
        );
    }

    #[test]
    fn a_server_with_ifeq_alone_executes_ifeq_alone() {
        let valkey = Natively {
            set_conditions: vec!["IFEQ"],
            delex: false,
            digest: false,
        };
        assert!(valkey.knows(&words("set k v IfEq x GET")));
        assert!(!valkey.knows(&words("SET k v IFNE x")));
        assert!(!valkey.knows(&words("DELEX k")));
        assert!(valkey.knows(&called_in(
            b"return redis.call('SET',KEYS[1],'new','IFEQ','hello').ok"
        )));
        assert!(!valkey.knows(&called_in(
            b"return redis.pcall('DELEX',KEYS[1],'IFEQ').err"
        )));
    }
}
