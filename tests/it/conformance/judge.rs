//! Compares what happened with what was recorded. Each leniency stands beside the comparison that
//! it softens.

use super::case::{Case, Expectation};
use super::natively::Natively;
use super::play::{Answer, Outcome, Protocol};
use super::propagation;
use crate::support::escape::escape;
use crate::support::{Effects, Server};

/// How this server differs from the recorded one where the module has no say.
pub struct Judge {
    natively: Natively,
    /// No `SET … PXAT` in the replication stream before 6.2.
    pub has_pxat: bool,
    /// Before 7.0 EXEC itself counts as a change.
    dirty_is_exact: bool,
    /// A SET with an expiry in the past stores an expired key, or deletes: Valkey and 6.0 chose
    /// otherwise.
    past_differs: bool,
}

impl Judge {
    pub fn of(server: &Server) -> Judge {
        Judge {
            natively: Natively::ask(),
            has_pxat: server.is_at_least(6, 2),
            dirty_is_exact: server.is_at_least(7, 0),
            past_differs: server.is_valkey() || !server.is_at_least(6, 2),
        }
    }

    /// What differs, each as `kind: what was wanted, what was got`.
    pub fn differences(&self, case: &Case, protocol: Protocol, outcome: &Outcome) -> Vec<String> {
        let mut found = Vec::new();
        match judge_reply(case, protocol, &outcome.reply) {
            Reply::AsRecorded => (),
            Reply::Refused => {
                // The recorded server wrongly accepted it: nothing else of the record applies, and
                // nothing may happen.
                if !outcome.effects.is_nothing() {
                    found.push(format!("reply: refused, yet {:?}", outcome.effects));
                }
                return found;
            }
            Reply::Different(difference) => found.push(difference),
        }
        for ((question, expected), answer) in case.after.iter().zip(&outcome.answers) {
            if !is_expected(expected, answer) {
                let question: Vec<_> = question.iter().map(|word| escape(word)).collect();
                let want = describe(expected, answer);
                found.push(format!(
                    "after: {} want {want} got {}",
                    question.join(" "),
                    short(&answer.after)
                ));
            }
        }
        if case.has_tag("past") && self.past_differs {
            return found;
        }
        found.extend(self.judge_effects(case, outcome));
        found
    }

    fn judge_effects(&self, case: &Case, outcome: &Outcome) -> Vec<String> {
        let Effects {
            events,
            invalidated,
            dirty,
            ..
        } = &outcome.effects;
        let mut found = Vec::new();
        if *events != case.events {
            found.push(format!("events: want {:?} got {events:?}", case.events));
        }
        // What the server executes itself is sent in its own words. The module's words are the
        // portable ones.
        let native = self.natively.executes(case).then_some(&case.propagated);
        let mut allowed = [Some(&case.propagated_portable), native]
            .into_iter()
            .flatten();
        if !allowed.any(|wanted| propagation::is_same(wanted, outcome, self.has_pxat)) {
            let (want, got) = (&case.propagated_portable, &outcome.effects.propagated);
            let want = propagation::describe(want);
            let or = native.map_or(String::new(), |native| {
                format!(" or {}", propagation::describe(native))
            });
            found.push(format!("propagated: want {want}{or} got {got:?}"));
        }
        if *invalidated != case.invalidated {
            found.push(format!(
                "invalidated: want {:?} got {invalidated:?}",
                case.invalidated
            ));
        }
        if self.dirty_is_exact && *dirty != case.dirty {
            found.push(format!("dirty: want {} got {dirty}", case.dirty));
        }
        found
    }
}

enum Reply {
    AsRecorded,
    Refused,
    Different(String),
}

fn judge_reply(case: &Case, protocol: Protocol, got: &[u8]) -> Reply {
    let want = match protocol {
        Protocol::Resp2 => &case.resp2,
        Protocol::Resp3 => &case.resp3,
    };
    let in_lua = case.has_tag("lua");
    let same = got == want
        // Each server dresses an error that comes out of a script in its own way.
        || in_lua && want.starts_with(b"-") && got.starts_with(b"-") && contains_error(got, want)
        // The words of a refusal by ACL differ; its code does not.
        || case.has_tag("acl") && want.starts_with(b"-NOPERM") && got.starts_with(b"-NOPERM");
    if same {
        return Reply::AsRecorded;
    }
    let fixed = case.fixed_reply.as_deref();
    if fixed.is_some_and(|fixed| got == fixed || in_lua && contains(got, fixed[1..].trim_ascii())) {
        return match case.native_bug.as_deref() {
            Some("if-then-nxxx") => Reply::Refused,
            _ => Reply::AsRecorded,
        };
    }
    Reply::Different(format!(
        "reply: {} want {} got {}",
        protocol.name(),
        short(want),
        short(got)
    ))
}

/// Whether `got` has the error text of `want`, with or without its code, whatever stands around it.
fn contains_error(got: &[u8], want: &[u8]) -> bool {
    let end = find(want, b" script: ").unwrap_or(want.len());
    let text = want[1..end].trim_ascii();
    let without_code = find(text, b" ").map_or(text, |space| &text[space + 1..]);
    contains(got, without_code)
}

fn is_expected(expected: &Expectation, answer: &Answer) -> bool {
    const TOLERANCE_MS: i64 = 2000;
    match expected {
        Expectation::Reply(reply) => answer.after == *reply,
        Expectation::OneOf(replies) => replies.contains(&answer.after),
        Expectation::Unchanged => answer.before.as_ref() == Some(&answer.after),
        Expectation::Between(low, high) => {
            integer(&answer.after).is_some_and(|n| (*low..=*high).contains(&n))
        }
        Expectation::Until(end) => {
            integer(&answer.after).is_some_and(|left| (left + answer.at - end).abs() < TOLERANCE_MS)
        }
    }
}

fn describe(expected: &Expectation, answer: &Answer) -> String {
    match expected {
        Expectation::Reply(reply) => short(reply),
        Expectation::OneOf(replies) => replies
            .iter()
            .map(|reply| short(reply))
            .collect::<Vec<_>>()
            .join(" or "),
        Expectation::Unchanged => answer
            .before
            .as_ref()
            .map_or(String::new(), |before| short(before)),
        Expectation::Between(low, high) => format!("{low}..={high}"),
        Expectation::Until(end) => format!("a PTTL until {end}"),
    }
}

fn integer(reply: &[u8]) -> Option<i64> {
    std::str::from_utf8(reply.strip_prefix(b":")?)
        .ok()?
        .trim_end()
        .parse()
        .ok()
}

fn short(bytes: &[u8]) -> String {
    escape(bytes).chars().take(160).collect()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    find(bytes, part).is_some()
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
