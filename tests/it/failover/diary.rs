//! What a client was told, and when: shown if its thread panics, and of no interest otherwise.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Instant;

/// So many entries are kept.
const LAST: usize = 60;

pub struct Diary {
    begin: Instant,
    /// When, how often in a row, of whom, and what.
    entries: VecDeque<(u128, u32, SocketAddr, String)>,
}

impl Diary {
    pub fn new(begin: Instant) -> Diary {
        Diary {
            begin,
            entries: VecDeque::new(),
        }
    }

    pub fn note(&mut self, by: SocketAddr, what: String) {
        match self.entries.back_mut() {
            Some((_, times, node, text)) if *node == by && *text == what => *times += 1,
            _ => {
                let now = self.begin.elapsed().as_millis();
                self.entries.push_back((now, 1, by, what));
                if self.entries.len() > LAST {
                    self.entries.pop_front();
                }
            }
        }
    }
}

impl Drop for Diary {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let now = self.begin.elapsed().as_millis();
        eprintln!("what the client was told, until {now} ms:");
        for (time, times, node, what) in &self.entries {
            eprintln!("{time} ms, {times} times, by {node}: {what}");
        }
    }
}
