//! Clients that are tortured send every command there is.

use super::crew::Crew;
use super::step::Has;
use crate::describe::commands;
use crate::support::Server;

/// Only in builds for tests.
const FAULT: &str = "atomic.fault";

#[test]
fn the_steps_are_of_every_command_that_the_server_lists_as_the_modules() {
    let server = Server::start();
    let mut crew = Crew::new(1, 1, Has::of(&server));
    let work = crew.start(server.address());
    work.go_on(2000);
    work.stop();
    crew.verify(&server);
    // It knows a SET on a condition by the name that it has put in its place.
    let stats = server.client().cmd("INFO commandstats").text();
    let was_called = |name: &String| stats.contains(&format!("cmdstat_{name}:"));
    let mut missing = commands(&server);
    missing.retain(|name| name != FAULT && !was_called(name));
    assert!(missing.is_empty(), "no step is of {missing:?}");
}
