//! Whether there is an order that explains a history: the crate `todc-utils` looks for one, by the algorithm
//! of Wing, Gong and Lowe. It tries for as long as it takes, so that its steps are counted here, and a
//! history that takes too many is told to be undecided, which no test takes for a yes.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use todc_utils::linearizability::WGLChecker;
use todc_utils::linearizability::history::{Action, History};
use todc_utils::specifications::Specification;

use super::clients::{GROUPS, Record};
use super::model::{Command, Keys, State};

/// Most histories take one for each command. Each may take a kilobyte of memory.
const STEPS: u64 = 400_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Linearizable,
    NotLinearizable,
    /// It has too many orders to try.
    Undecided,
}

thread_local! {
    static LEFT: Cell<u64> = const { Cell::new(0) };
}

/// What ends a search that takes too long.
struct TooLong;

struct Counted;

impl Specification for Counted {
    type State = State;
    type Operation = Command;

    fn init() -> State {
        Keys::init()
    }

    fn apply(command: &Command, before: &State) -> (bool, State) {
        let left = LEFT.get();
        if left == 0 {
            resume_unwind(Box::new(TooLong));
        }
        LEFT.set(left - 1);
        Keys::apply(command, before)
    }
}

/// What is about one key says nothing of another, so that each key has a history of its own, but for the
/// two strings of a group, which `CAS.TXN` joins.
pub fn verdict(records: &[Record]) -> Verdict {
    let parts = (0..GROUPS).flat_map(|group| [true, false].map(|of_hash| (group, of_hash)));
    let verdicts = parts.map(|(group, of_hash)| {
        let of_one =
            |record: &&Record| record.group == group && record.command.call.is_of_hash() == of_hash;
        // A read that nobody heard of says nothing.
        let tells = |record: &&Record| record.end.is_some() || !record.command.call.is_read();
        let records: Vec<&Record> = records.iter().filter(of_one).filter(tells).collect();
        of_part(&records, STEPS)
    });
    let verdicts: Vec<Verdict> = verdicts.collect();
    let has = |verdict| verdicts.contains(&verdict).then_some(verdict);
    has(Verdict::NotLinearizable)
        .or(has(Verdict::Undecided))
        .unwrap_or(Verdict::Linearizable)
}

fn of_part(records: &[&Record], steps: u64) -> Verdict {
    if records.is_empty() {
        return Verdict::Linearizable;
    }
    let history = history(records);
    LEFT.set(steps);
    let found = catch_unwind(AssertUnwindSafe(|| {
        WGLChecker::<Counted>::is_linearizable(history)
    }));
    match found {
        Ok(true) => Verdict::Linearizable,
        Ok(false) => Verdict::NotLinearizable,
        Err(cause) if cause.is::<TooLong>() => Verdict::Undecided,
        Err(cause) => resume_unwind(cause),
    }
}

/// Calls and replies in the order of time; a command of which nobody knows the outcome may take effect at
/// any time to come, or never.
fn history(records: &[&Record]) -> History<Command> {
    const NEVER: u128 = u128::MAX;
    let mut actions = Vec::new();
    for (process, record) in records.iter().enumerate() {
        let (call, answer) = (record.command.clone(), record.command.clone());
        actions.push((record.begin, 0, process, Action::Call(call)));
        let end = record.end.unwrap_or(NEVER);
        actions.push((end, 1, process, Action::Response(answer)));
    }
    actions.sort_by_key(|(time, kind, process, _)| (*time, *kind, *process));
    let actions = actions.into_iter();
    History::from_actions(
        actions
            .map(|(_, _, process, action)| (process, action))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::super::model::{Answer, Call};
    use super::*;

    fn record((begin, end): (u128, u128), call: Call, answer: Answer) -> Record {
        Record {
            group: 0,
            command: Command { call, answer },
            begin,
            end: Some(end),
        }
    }

    const DONE: Answer = Answer::Done(true);

    fn read(value: u32) -> Answer {
        Answer::String(Some(value))
    }

    #[test]
    fn what_no_order_explains_is_told() {
        let set = record((0, 1), Call::Set(0, 1), DONE);
        let then = |more: Vec<Record>| {
            let mut records = vec![set.clone()];
            records.extend(more);
            verdict(&records)
        };
        let old = record((4, 5), Call::Get(0), read(1));
        // Two clients cannot both have been the one that changed 1 into something.
        let two = [2, 3].map(|new| record((2, 9), Call::CasSet(0, 1, new), DONE));
        assert_eq!(then(two.into()), Verdict::NotLinearizable);
        // A refusal where the value was what was asked for.
        let refused = record((2, 3), Call::CasDel(0, 1), Answer::Done(false));
        assert_eq!(then(vec![refused]), Verdict::NotLinearizable);
        // What was there before, read after a write has been answered.
        let newer = record((2, 3), Call::Newer(0, 2), DONE);
        assert_eq!(then(vec![newer, old.clone()]), Verdict::NotLinearizable);
        // The same while it is under way.
        let newer = record((2, 9), Call::Newer(0, 2), DONE);
        assert_eq!(then(vec![newer, old]), Verdict::Linearizable);
    }

    #[test]
    fn half_a_transaction_is_told() {
        let records = [
            record((0, 1), Call::Set(0, 1), DONE),
            record((2, 3), Call::Set(1, 2), DONE),
            record((4, 99), Call::Swap(1, 2), DONE),
            record((5, 6), Call::Get(0), read(2)),
        ];
        assert_eq!(verdict(&records), Verdict::Linearizable);
        let mut records = Vec::from(records);
        records.push(record((7, 8), Call::Get(1), read(2)));
        assert_eq!(verdict(&records), Verdict::NotLinearizable);
    }

    #[test]
    fn what_takes_too_long_is_undecided() {
        let write = |value| record((0, 99), Call::Set(0, value), DONE);
        let records: Vec<Record> = (0..20).map(write).collect();
        let mut records: Vec<&Record> = records.iter().collect();
        let missing = record((100, 101), Call::Get(0), read(77));
        records.push(&missing);
        assert_eq!(of_part(&records, 1000), Verdict::Undecided);
    }
}
