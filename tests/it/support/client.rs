//! A small client on a plain socket. It hides nothing: replies keep their wire type, and a reply
//! that does not come in time fails the test.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::resp::{decode, encode};
use super::until::PATIENCE;
use super::value::Value;
use super::words::Words;

pub struct Client {
    stream: TcpStream,
    unread: Vec<u8>,
    pushes: VecDeque<Value>,
    /// Between MULTI and EXEC, where a command of the harness's own would be queued too.
    queueing: bool,
    last_sent: String,
}

impl Client {
    /// A RESP2 connection; panics when there is nobody.
    pub fn connect(address: SocketAddr) -> Client {
        Client::try_connect(address).unwrap_or_else(|e| panic!("no connection to {address}: {e}"))
    }

    pub fn try_connect(address: SocketAddr) -> io::Result<Client> {
        let stream = TcpStream::connect_timeout(&address, *PATIENCE)?;
        stream.set_read_timeout(Some(*PATIENCE))?;
        stream.set_write_timeout(Some(*PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Client {
            stream,
            unread: Vec::new(),
            pushes: VecDeque::new(),
            queueing: false,
            last_sent: String::new(),
        })
    }

    /// The same connection, speaking RESP3 from here on.
    pub fn into_resp3(mut self) -> Client {
        let hello = self.call(&["HELLO", "3"]);
        assert!(!hello.is_error(), "HELLO 3: {hello}");
        self
    }

    /// Sends a command and returns its reply: `call(&["SET", "k", "v"])`.
    pub fn call(&mut self, args: &[impl AsRef<[u8]>]) -> Value {
        self.try_call(args).unwrap_or_else(|e| self.give_up(&e))
    }

    /// `call` for words without spaces: `cmd("SET k v")`.
    pub fn cmd(&mut self, words: &str) -> Value {
        self.call(&words.split(' ').collect::<Vec<_>>())
    }

    /// `call` where the connection may be lost.
    pub fn try_call(&mut self, args: &[impl AsRef<[u8]>]) -> io::Result<Value> {
        self.try_send(args)?;
        self.try_receive()
    }

    /// Sends a command and does not wait: for pipelines and commands that block.
    pub fn send(&mut self, args: &[impl AsRef<[u8]>]) {
        self.try_send(args).unwrap_or_else(|e| self.give_up(&e));
    }

    /// The next reply that is not a push.
    pub fn receive(&mut self) -> Value {
        self.try_receive().unwrap_or_else(|e| self.give_up(&e))
    }

    /// A reply that is there already; `None` when there is none yet.
    pub fn poll(&mut self) -> Option<io::Result<Value>> {
        self.stream.set_nonblocking(true).unwrap();
        let reply = self.try_receive();
        self.stream.set_nonblocking(false).unwrap();
        match reply {
            Err(e) if is_timeout(&e) => None,
            reply => Some(reply),
        }
    }

    /// The next RESP3 push: invalidations, messages.
    pub fn next_push(&mut self) -> Value {
        if let Some(push) = self.pushes.pop_front() {
            return push;
        }
        match self.next().unwrap_or_else(|e| self.give_up(&e)) {
            push @ Value::Push(_) => push,
            other => panic!("a push was due, not {other}"),
        }
    }

    /// The bytes of this command's one reply.
    pub fn raw(&mut self, args: &[impl AsRef<[u8]>]) -> Vec<u8> {
        self.send(args);
        self.raw_receive().unwrap_or_else(|e| self.give_up(&e))
    }

    /// Every byte that the server sent for this command: it is followed by an ECHO whose reply
    /// marks the end, so that a command that answers twice, or not at all, is seen as such. (Between
    /// MULTI and EXEC: the one reply.)
    pub fn exact(&mut self, args: &[impl AsRef<[u8]>]) -> Vec<u8> {
        static MARKS: AtomicU64 = AtomicU64::new(0);
        self.note(args);
        if self.queueing {
            return self.raw(args);
        }
        let mark = format!("mark-{}", MARKS.fetch_add(1, Ordering::Relaxed));
        let echoed = format!("${}\r\n{mark}\r\n", mark.len()).into_bytes();
        self.send_bytes(&[encode(args), encode(&["ECHO", &mark])].concat());
        while !self.unread.ends_with(&echoed) {
            self.fill().unwrap_or_else(|e| self.give_up(&e));
        }
        let mut reply = std::mem::take(&mut self.unread);
        reply.truncate(reply.len() - echoed.len());
        reply
    }

    /// Between MULTI and EXEC.
    pub fn is_queueing(&self) -> bool {
        self.queueing
    }

    /// Whether nothing is unread and nothing arrives within `time`.
    pub fn is_silent_for(&mut self, time: Duration) -> bool {
        self.stream.set_read_timeout(Some(time)).unwrap();
        let silent = self.unread.is_empty() && self.fill().is_err_and(|e| is_timeout(&e));
        self.stream.set_read_timeout(Some(*PATIENCE)).unwrap();
        silent
    }

    /// Waits for the server to close the connection; panics when it answers instead.
    pub fn expect_closed(&mut self) {
        match self.next() {
            Ok(value) => panic!("not closed, but {value}"),
            Err(e) => assert!(!is_timeout(&e), "neither closed nor answered"),
        }
    }

    /// CLIENT ID, for CLIENT UNBLOCK and CLIENT KILL.
    pub fn id(&mut self) -> i64 {
        self.cmd("CLIENT ID").number()
    }

    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.stream
            .write_all(bytes)
            .unwrap_or_else(|e| self.give_up(&e));
    }

    /// The next line, without its end: for what is no RESP (SYNC).
    pub fn line(&mut self) -> Vec<u8> {
        loop {
            if let Some(end) = self.unread.windows(2).position(|pair| pair == b"\r\n") {
                let line = self.unread.drain(..end + 2).take(end).collect();
                return line;
            }
            self.fill().unwrap_or_else(|e| self.give_up(&e));
        }
    }

    /// Drops exactly this many bytes.
    pub fn skip(&mut self, count: usize) {
        while self.unread.len() < count {
            self.fill().unwrap_or_else(|e| self.give_up(&e));
        }
        self.unread.drain(..count);
    }

    /// Drops single line feeds, which a primary sends while a replica has to wait.
    pub fn skip_line_feeds(&mut self) {
        loop {
            match self.unread.first() {
                Some(b'\n') => _ = self.unread.remove(0),
                Some(_) => return,
                None => self.fill().unwrap_or_else(|e| self.give_up(&e)),
            }
        }
    }

    pub fn try_send(&mut self, args: &[impl AsRef<[u8]>]) -> io::Result<()> {
        self.note(args);
        self.stream.write_all(&encode(args))
    }

    pub fn try_receive(&mut self) -> io::Result<Value> {
        loop {
            match self.next()? {
                push @ Value::Push(_) => self.pushes.push_back(push),
                value => return Ok(value),
            }
        }
    }

    fn next(&mut self) -> io::Result<Value> {
        loop {
            if let Some((value, length)) = decode(&self.unread) {
                self.unread.drain(..length);
                return Ok(value);
            }
            self.fill()?;
        }
    }

    fn raw_receive(&mut self) -> io::Result<Vec<u8>> {
        loop {
            if let Some((_, length)) = decode(&self.unread) {
                return Ok(self.unread.drain(..length).collect());
            }
            self.fill()?;
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut chunk = [0; 16 * 1024];
        match self.stream.read(&mut chunk)? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            count => {
                self.unread.extend_from_slice(&chunk[..count]);
                Ok(())
            }
        }
    }

    fn note(&mut self, args: &[impl AsRef<[u8]>]) {
        let words = Words(args.iter().map(|arg| arg.as_ref().to_vec()).collect());
        match words.name().as_str() {
            "MULTI" => self.queueing = true,
            "EXEC" | "DISCARD" => self.queueing = false,
            _ => (),
        }
        self.last_sent = words.to_string();
    }

    fn give_up<T>(&self, error: &io::Error) -> T {
        let command: String = self.last_sent.chars().take(200).collect();
        let what = if is_timeout(error) {
            format!("no reply within {:?}", *PATIENCE)
        } else {
            format!("connection lost ({error})")
        };
        panic!("{what} after: {command}");
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
