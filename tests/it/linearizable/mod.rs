//! Linearizability: there is an order of all commands that explains every reply, and in which no command
//! comes before one that was answered before it was sent. What clients saw is recorded with the time, and
//! the crate `todc-utils` (the algorithm of Wing, Gong and Lowe) looks for such an order.
//!
//! - `model.rs`: the commands, and what each of them means when it is alone.
//! - `clients.rs`: clients that send them all at once, some of them cut off in mid-command.
//!
//! `make histories` checks hundreds of histories of thousands of commands; here it is some.

mod clients;
mod model;

use todc_utils::linearizability::WGLChecker;
use todc_utils::linearizability::history::{Action, History};

use crate::support::*;
use clients::{Campaign, Record};
use model::{Command, Keys};

/// More clients than the server could ever serve at once.
const CLIENTS: usize = 12;

/// A number from the environment, or one that is soon done.
fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |number| number.parse().expect("a number"))
}

/// Calls and replies in the order of time; a command of which nobody knows the outcome may take effect at
/// any time to come, or never.
fn history<'a>(records: impl Iterator<Item = &'a Record>) -> History<Command> {
    const NEVER: u128 = u128::MAX;
    let mut actions = Vec::new();
    for (process, record) in records.enumerate() {
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

fn is_linearizable(records: &[Record]) -> bool {
    [true, false].into_iter().all(|of_hash| {
        let of_one = |record: &&Record| record.command.call.is_of_hash() == of_hash;
        // A read that nobody heard of says nothing.
        let tells = |record: &&Record| record.end.is_some() || !record.command.call.is_read();
        let history = history(records.iter().filter(of_one).filter(tells));
        WGLChecker::<Keys>::is_linearizable(history)
    })
}

fn check(cut_off: bool) {
    let server = Server::start();
    let (histories, operations) = (number("IT_HISTORIES", 4), number("IT_OPERATIONS", 360));
    let seed = number("IT_SEED", 1);
    let mut unknown = 0;
    for number in 0..histories {
        let campaign = Campaign {
            server: &server,
            number: seed * 100_000 + number,
            clients: CLIENTS,
            operations,
            cut_off,
            atomic: true,
        };
        let records = campaign.run();
        unknown += records.iter().filter(|record| record.end.is_none()).count();
        assert!(
            is_linearizable(&records),
            "history {number} of IT_SEED={seed} is not linearizable: {records:#?}"
        );
    }
    assert_eq!(unknown > 0, cut_off);
    println!("{histories} histories of {operations} commands, {unknown} of unknown outcome");
}

#[test]
fn what_concurrent_clients_see_has_an_order_that_explains_it() {
    check(false);
}

#[test]
fn it_has_one_too_when_clients_are_cut_off_in_mid_command() {
    check(true);
}

#[test]
fn a_comparison_by_the_client_is_found_out() {
    let server = Server::start();
    let found = (0..50).any(|number| {
        let campaign = Campaign {
            server: &server,
            number: 7_000_000 + number,
            clients: CLIENTS,
            operations: 360,
            cut_off: false,
            atomic: false,
        };
        !is_linearizable(&campaign.run())
    });
    assert!(found, "GET and SET in turn looked like one command");
}
