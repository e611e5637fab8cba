//! All cases of one group on one server, and the report.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::case::{self, Case};
use super::judge::Judge;
use super::play::{Protocol, play};
use crate::support::{Observer, Server, not_applicable_cases, ok};

const SHOWN: usize = 40;

/// Panics with every case that differs.
pub fn check(group: &str) {
    let cases: Vec<Case> = case::all().filter(|case| case.group == group).collect();
    if let Some(reason) = outside_the_project(group) {
        return not_applicable_cases(cases.len(), reason);
    }
    let server = Server::start();
    // Cases with an expired key look at it before the server happens to.
    assert_eq!(server.client().cmd("DEBUG SET-ACTIVE-EXPIRE 0"), ok());
    let mut observer = Observer::on(&server);
    let judge = Judge::of(&server);

    let mut left_out = BTreeMap::new();
    let mut differing = Vec::new();
    for case in &cases {
        if let Some(reason) = lacking(case, &server) {
            *left_out.entry(reason).or_insert(0) += 1;
            continue;
        }
        let differences: Vec<String> = [Protocol::Resp2, Protocol::Resp3]
            .into_iter()
            .flat_map(
                |protocol| match play(case, protocol, &server, &mut observer) {
                    Ok(outcome) => judge.differences(case, protocol, &outcome),
                    Err(failed_setup) => vec![failed_setup],
                },
            )
            .collect();
        if !differences.is_empty() {
            differing.push((case, differences));
        }
    }
    for (reason, count) in left_out {
        not_applicable_cases(count, reason);
    }
    assert!(
        differing.is_empty(),
        "{}",
        report(group, cases.len(), &differing)
    );
}

fn outside_the_project(group: &str) -> Option<&'static str> {
    match group {
        "msetex" => Some("MSETEX is not one of the module's commands"),
        "introspection" => {
            Some("the flags of native commands in COMMAND INFO are the server's own")
        }
        _ => None,
    }
}

fn lacking(case: &Case, server: &Server) -> Option<&'static str> {
    if case.has_tag("acl-category") && !server.has_acl_categories() {
        Some("modules cannot join ACL categories before 7.2")
    } else if case.has_tag("min:7.0") && !server.is_at_least(7, 0) {
        Some("recorded for servers from 7.0 on")
    } else {
        None
    }
}

fn report(group: &str, cases: usize, differing: &[(&Case, Vec<String>)]) -> String {
    let mut text = String::from("\n");
    let mut kinds = BTreeMap::new();
    for (_, differences) in differing {
        for difference in differences {
            let (kind, _) = difference.split_once(':').expect("kind: …");
            *kinds.entry(kind).or_insert(0) += 1;
        }
    }
    for (case, differences) in differing.iter().take(SHOWN) {
        writeln!(text, "FAIL {}", case.name).unwrap();
        for difference in differences {
            writeln!(text, "     {difference}").unwrap();
        }
    }
    if differing.len() > SHOWN {
        writeln!(text, "… and {} more", differing.len() - SHOWN).unwrap();
    }
    writeln!(
        text,
        "{group}: {} of {cases} cases differ, by kind: {kinds:?}",
        differing.len()
    )
    .unwrap();
    text
}
