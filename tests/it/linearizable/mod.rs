//! Linearizability: there is an order of all commands that explains every reply, and in which no command
//! comes before one that was answered before it was sent. What clients saw is recorded with the time, and
//! such an order is looked for.
//!
//! - `model.rs`: the commands, and what each of them means when it is alone.
//! - `clients.rs`: clients that send them all at once, some of them cut off in mid-command.
//! - `checker.rs`: the search for an order.
//!
//! `make histories` checks hundreds of histories of thousands of commands; here it is some.

mod checker;
mod clients;
mod model;

use crate::support::*;
use checker::{Verdict, verdict};
use clients::{Campaign, Record};
use model::{Answer, Call};

/// More clients than the server could ever serve at once.
const CLIENTS: usize = 12;

/// A number from the environment, or one that is soon done.
fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |number| number.parse().expect("a number"))
}

fn check(cut_off: bool) {
    let server = Server::start();
    let (histories, operations) = (number("IT_HISTORIES", 3), number("IT_OPERATIONS", 2400));
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
        let verdict = verdict(&records);
        assert!(
            verdict == Verdict::Linearizable,
            "history {number} of IT_SEED={seed}: {verdict:?}: {records:#?}"
        );
    }
    assert_eq!(unknown > 0, cut_off);
    println!(
        "{histories} histories of {operations} commands, {unknown} of unknown outcome, seed {seed}"
    );
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
            operations: 1200,
            cut_off: false,
            atomic: false,
        };
        verdict(&campaign.run()) == Verdict::NotLinearizable
    });
    assert!(found, "GET and SET in turn looked like one command");
}

#[test]
fn a_reply_that_was_not_given_is_found_out() {
    let server = Server::start();
    for number in 0..3 {
        let campaign = Campaign {
            server: &server,
            number: 8_000_000 + number,
            clients: CLIENTS,
            operations: 1200,
            cut_off: false,
            atomic: true,
        };
        let records = campaign.run();
        assert_eq!(verdict(&records), Verdict::Linearizable);
        let is_done = |record: &Record| record.command.answer == Answer::Done(true);
        for is_kind in [
            |call| matches!(call, Call::CasSet(..)),
            |call| matches!(call, Call::CasHset(..)),
            |call| matches!(call, Call::Replace(..)),
        ] {
            let places = records.iter().enumerate();
            let places = places.filter(|(_, r)| is_done(r) && is_kind(r.command.call));
            // One that nobody read, and that another could have foiled, could have been refused indeed.
            let found = places.take(20).any(|(place, _)| {
                let mut records = records.clone();
                records[place].command.answer = Answer::Done(false);
                verdict(&records) == Verdict::NotLinearizable
            });
            assert!(found, "twenty refusals that were none looked like refusals");
        }
    }
}
