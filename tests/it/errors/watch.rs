//! Sees whether anything changes on a server: keys, events, caches, replicas, AOF, the count of changes.

use super::keyspace::{fill, fingerprint};
use crate::support::{Client, Effects, Observer, Server, Value, Words, aof_commands};

pub struct Watch {
    server: Server,
    client: Client,
    observer: Observer,
    keys: Vec<[Value; 4]>,
    aof: Vec<Words>,
}

impl Watch {
    /// A server with the keys of [`fill`].
    pub fn start() -> Watch {
        let server = Server::builder().aof().start();
        let mut client = server.client();
        fill(&mut client);
        Watch {
            observer: Observer::on(&server),
            keys: fingerprint(&mut client),
            aof: commands(aof_commands(&server)),
            server,
            client,
        }
    }

    /// What `act` changes, or `None`.
    pub fn change<R>(&mut self, act: impl FnOnce(&mut Client) -> R) -> Option<String> {
        let seen = self.observer.during(|| act(&mut self.client));
        let keys = fingerprint(&mut self.client);
        let aof = commands(aof_commands(&self.server));
        if keys != self.keys {
            let gone: Vec<_> = self.keys.iter().filter(|key| !keys.contains(key)).collect();
            let come: Vec<_> = keys.iter().filter(|key| !self.keys.contains(key)).collect();
            return Some(format!("keys: {gone:?} became {come:?}"));
        }
        if aof != self.aof {
            return Some(format!("AOF: {:?}", &aof[self.aof.len()..]));
        }
        let Effects {
            events,
            propagated,
            invalidated,
            dirty,
        } = seen;
        // Before 7.0 a transaction or a script that calls a write command counts, and is sent, even
        // if the command does nothing.
        let executed = propagated.iter().filter(|words| words.name() == "EXEC");
        let executed = i64::try_from(executed.count()).expect("few");
        let seen = Effects {
            events,
            propagated: commands(propagated),
            invalidated,
            dirty: if dirty == executed { 0 } else { dirty },
        };
        (!seen.is_nothing()).then(|| format!("{seen:?}"))
    }
}

fn commands(mut sent: Vec<Words>) -> Vec<Words> {
    sent.retain(|words| !matches!(words.name().as_str(), "MULTI" | "EXEC"));
    sent
}
