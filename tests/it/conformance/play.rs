//! Plays one case on a server, and collects all that happens.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::case::{Case, Expectation, Step};
use crate::support::{Client, Effects, Observer, Server};

#[derive(Clone, Copy)]
pub enum Protocol {
    Resp2,
    Resp3,
}

impl Protocol {
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Resp2 => "resp2",
            Protocol::Resp3 => "resp3",
        }
    }

    fn connect(self, server: &Server) -> Client {
        match self {
            Protocol::Resp2 => server.client(),
            Protocol::Resp3 => server.client3(),
        }
    }
}

pub struct Outcome {
    /// Every byte that the server sent for the command.
    pub reply: Vec<u8>,
    pub effects: Effects,
    /// One for each question of `Case::after`.
    pub answers: Vec<Answer>,
    /// Unix time in milliseconds right before and right after the command.
    pub sent: i64,
    pub answered: i64,
}

pub struct Answer {
    /// The reply before the command, asked where it must not change.
    pub before: Option<Vec<u8>>,
    pub after: Vec<u8>,
    pub at: i64,
}

/// `Err` when the setup itself fails.
pub fn play(
    case: &Case,
    protocol: Protocol,
    server: &Server,
    observer: &mut Observer,
) -> Result<Outcome, String> {
    server.client().cmd("FLUSHALL");
    let mut client = protocol.connect(server);
    prepare(case, &mut client, server)?;

    let before: Vec<_> = case
        .after
        .iter()
        .map(|(question, expected)| {
            matches!(expected, Expectation::Unchanged).then(|| server.client().raw(question))
        })
        .collect();

    let (mut sent, mut answered, mut reply) = (0, 0, Vec::new());
    let effects = observer.during(|| {
        sent = now();
        reply = client.exact(&case.command);
        answered = now();
    });

    let mut admin = server.client();
    for command in &case.teardown {
        admin.call(command);
    }

    // One connection for all the questions: they may SELECT.
    let mut asking = server.client();
    let answers = case
        .after
        .iter()
        .zip(before)
        .map(|((question, _), before)| Answer {
            before,
            after: asking.raw(question),
            at: now(),
        })
        .collect();
    Ok(Outcome {
        reply,
        effects,
        answers,
        sent,
        answered,
    })
}

fn prepare(case: &Case, client: &mut Client, server: &Server) -> Result<(), String> {
    let mut elsewhere = None;
    for step in &case.setup {
        match step {
            Step::Sleep(time) => std::thread::sleep(*time),
            Step::SendElsewhere(command) => {
                elsewhere
                    .get_or_insert_with(|| server.client())
                    .call(command);
            }
            Step::Send(command) => {
                let reply = client.call(command);
                if reply.is_error() && !client.is_queueing() {
                    return Err(format!("setup: {reply}"));
                }
            }
        }
    }
    Ok(())
}

fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO);
    i64::try_from(since.as_millis()).expect("a time of our age")
}
