//! Sends calls in pipelines and judges the replies. What is wrong is returned and not panicked with,
//! for it is looked at again with fewer calls.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::panic::catch_unwind;
use std::time::Duration;

use crate::support::resp::{decode, encode};
use crate::support::until::PATIENCE;
use crate::support::{Client, Server, Value, Words};

/// So many calls are under way at once, or so many bytes.
const AT_ONCE: usize = 200;
const BYTES_AT_ONCE: usize = 1 << 18;
/// A server that is silent for so long is asked whether it waits for something.
const SILENCE: Duration = Duration::from_millis(100);

pub struct Session {
    stream: TcpStream,
    unread: Vec<u8>,
    /// The first byte of `unread` that is.
    at: usize,
    /// To look after the connection from outside.
    control: Client,
}

impl Session {
    pub fn on(server: &Server, is_resp3: bool) -> Result<Session, String> {
        let lost = |e| format!("no connection: {e}");
        let stream = TcpStream::connect(server.address()).map_err(lost)?;
        stream.set_read_timeout(Some(SILENCE)).map_err(lost)?;
        stream.set_write_timeout(Some(*PATIENCE)).map_err(lost)?;
        let control = Client::try_connect(server.address()).map_err(lost)?;
        let mut session = Session {
            stream,
            unread: Vec::new(),
            at: 0,
            control,
        };
        if is_resp3 {
            session.write(&encode(&["HELLO", "3"]))?;
            session.reply()?;
        }
        Ok(session)
    }

    /// Sends all calls, and gives each reply to `judge` with the call's number.
    pub fn play(
        &mut self,
        calls: &[Words],
        mut judge: impl FnMut(usize, &Value) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut next = 0;
        while next < calls.len() {
            let first = next;
            let mut bytes = Vec::new();
            while next < calls.len() && next - first < AT_ONCE && bytes.len() < BYTES_AT_ONCE {
                bytes.extend(encode(&calls[next].0));
                next += 1;
            }
            self.write(&bytes)?;
            for (number, call) in (first..).zip(&calls[first..next]) {
                let of_call = |reason| format!("{reason} (at call {number}: {call})");
                let reply = self.reply().map_err(of_call)?;
                let text = reply.to_string();
                if text.contains("ERR internal error") || text.contains("ERR the server refused") {
                    return Err(of_call(text));
                }
                judge(number, &reply).map_err(of_call)?;
            }
            self.expect_nothing_more()?;
        }
        Ok(())
    }

    /// Sends bytes that may be no RESP, and reads what comes until the server closes the connection.
    pub fn play_torn(mut self, bytes: &[u8]) -> Result<(), String> {
        // It may be closed before all is written.
        _ = self.stream.write_all(bytes);
        _ = self.stream.shutdown(Shutdown::Write);
        loop {
            match self.reply() {
                Ok(_) => (),
                Err(reason) if reason.starts_with(LOST) => break,
                Err(reason) => return Err(reason),
            }
        }
        let pong = self.control.try_call(&["PING"]);
        pong.map(drop).map_err(|e| format!("{LOST}: {e}"))
    }

    /// Nothing may come between the last reply and that to ECHO.
    fn expect_nothing_more(&mut self) -> Result<(), String> {
        let mark = "the mark at the end";
        self.write(&encode(&["ECHO", mark]))?;
        match self.reply()? {
            Value::Bulk(bytes) if bytes == mark.as_bytes() => Ok(()),
            // In a transaction it stands in line as well.
            Value::Simple(text) if text == b"QUEUED" => Ok(()),
            other => Err(format!("a reply too many: {other}")),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), String> {
        let sent = self.stream.write_all(bytes);
        sent.map_err(|e| format!("{LOST} while sending: {e}"))
    }

    fn reply(&mut self) -> Result<Value, String> {
        loop {
            let unread = &self.unread[self.at..];
            let decoded = catch_unwind(|| decode(unread));
            if let Some((value, length)) = decoded.map_err(|_| "malformed RESP".to_owned())? {
                self.at += length;
                return Ok(value);
            }
            self.unread.drain(..self.at);
            self.at = 0;
            self.fill()?;
        }
    }

    fn fill(&mut self) -> Result<(), String> {
        let mut chunk = vec![0; 1 << 16];
        let mut waited = Duration::ZERO;
        loop {
            match self.stream.read(&mut chunk) {
                Ok(0) => return Err(LOST.into()),
                Ok(count) => {
                    self.unread.extend_from_slice(&chunk[..count]);
                    return Ok(());
                }
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    waited += SILENCE;
                    self.unblock();
                }
                Err(e) => return Err(format!("{LOST}: {e}")),
            }
            if waited > *PATIENCE {
                return Err(format!("no reply within {:?}", *PATIENCE));
            }
        }
    }

    /// A call may have the client wait, as it is meant to.
    fn unblock(&mut self) {
        let Ok(list) = self.control.try_call(&["CLIENT", "LIST"]) else {
            return;
        };
        for client in list.text().lines() {
            let field = |name| client.split(' ').find_map(|word| word.strip_prefix(name));
            if field("flags=").is_some_and(|flags| flags.contains('b')) {
                let id = field("id=").expect("an id");
                _ = self.control.try_call(&["CLIENT", "UNBLOCK", id]);
            }
        }
    }
}

const LOST: &str = "the connection was lost";
