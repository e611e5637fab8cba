//! The shortest list of calls that still fails: parts are left out, halves first.

use super::round::Round;
use super::server;
use crate::support::Words;

/// The calls that it takes, and what they do. Each attempt has a server of its own, for the last may
/// have died; a failure that does not come again is reported with all calls.
pub fn shortest(round: &Round, reason: &str) -> (Vec<Words>, String) {
    let fails = |calls: &[Words]| {
        let mut server = server();
        let failure = round.with(calls.to_vec()).play(&server).err();
        // A server that has died would fail the test when it is dropped.
        if failure.is_some() {
            server.kill9();
        }
        failure
    };
    let mut calls = round.calls.clone();
    let Some(mut reason) = fails(&calls) else {
        return (calls, format!("{reason}, but not again"));
    };
    let mut part = calls.len().div_ceil(2);
    while part > 0 {
        let mut at = 0;
        while at < calls.len() {
            let end = (at + part).min(calls.len());
            let rest = [&calls[..at], &calls[end..]].concat();
            match fails(&rest) {
                Some(why) => (calls, reason) = (rest, why),
                None => at = end,
            }
        }
        part /= 2;
    }
    (calls, reason)
}
