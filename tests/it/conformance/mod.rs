//! 741 cases recorded from Redis 8.6.3, whose `SET … IF*`, `DELEX` and `DIGEST` are native: what an
//! unmodified client must see from any server that has the module instead. Each is played in RESP2
//! and in RESP3, and judged by its reply, the state after it, keyspace events, replication,
//! invalidations and the dirty counter.
//!
//! - `vectors.jsonl`: the cases. A new one is a new line there.
//! - `case.rs`: the form of such a line.
//! - `play.rs`: sends a case to a server and collects what happens.
//! - `judge.rs`, `propagation.rs`: compare that with the record, and say where servers may differ.
//! - `natively.rs`: which cases the server itself executes.
//! - `group.rs`: all cases of a group, and the report.

mod case;
mod group;
mod judge;
mod natively;
mod play;
mod propagation;

/// One test for each group, so that they run in parallel and fail by name.
macro_rules! groups {
    ($($test:ident: $group:literal,)*) => {
        const LISTED: &[&str] = &[$($group),*];
        $(
            #[test]
            fn $test() {
                group::check($group);
            }
        )*
    };
}

groups! {
    set_cond: "set.cond",
    set_opt: "set.opt",
    set_past: "set.past",
    set_newval: "set.newval",
    set_key: "set.key",
    set_near: "set.near",
    set_grammar: "set.grammar",
    set_getstrip: "set.getstrip",
    delex_cond: "delex.cond",
    delex_nocond: "delex.nocond",
    delex_key: "delex.key",
    delex_near: "delex.near",
    delex_grammar: "delex.grammar",
    digest: "digest",
    digestfmt: "digestfmt",
    expiry: "expiry",
    arity: "arity",
    multi: "multi",
    watch: "watch",
    lua: "lua",
    db: "db",
    oom: "oom",
    noreplicas: "noreplicas",
    acl: "acl",
    introspection: "introspection",
    msetex: "msetex",
}

#[test]
fn every_group_of_the_file_is_listed_and_no_other() {
    let in_file: std::collections::BTreeSet<String> = case::all().map(|case| case.group).collect();
    assert_eq!(in_file.iter().collect::<Vec<_>>(), {
        let mut listed = LISTED.to_vec();
        listed.sort_unstable();
        listed
    });
}
