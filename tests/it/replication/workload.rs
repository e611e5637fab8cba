//! A few thousand random writes, the same for the same seed, on few keys so that conditions hold as
//! often as they do not.

use crate::support::*;

const KEYS: u64 = 12;
const OTHER: &str = "0000000000000000";

/// Conditions of SET, and commands, that the server has itself are left out: what it sends for those
/// is its own affair.
pub struct Workload {
    random: Random,
    set_conditions: Vec<&'static str>,
    delex: bool,
    delifeq: bool,
}

/// The generator `SplitMix64`.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    pub fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        let count = u64::try_from(choices.len()).expect("few");
        choices[usize::try_from(self.below(count)).expect("below a length")]
    }
}

impl Workload {
    /// `IT_SEED=<number>` makes other workloads of all of them.
    pub fn new(seed: u64) -> Workload {
        let other = std::env::var("IT_SEED").map_or(0, |text| text.parse().expect("a number"));
        let seed = seed ^ other;
        // Seen when the test fails.
        println!("seed {seed}");
        let conditions = ["IFEQ", "IFNE", "IFDEQ", "IFDNE"].into_iter();
        Workload {
            random: Random(seed),
            set_conditions: conditions.filter(|c| !has_native("SET", c)).collect(),
            delex: !has_native("DELEX", ""),
            delifeq: !has_native("DELEX", "") && !has_native("DELIFEQ", ""),
        }
    }

    /// Sends so many commands, some of them in transactions and scripts, and waits until no key is
    /// left that is to expire soon.
    pub fn run(&mut self, server: &Server, commands: usize) {
        let mut client = server.client();
        for _ in 0..commands {
            match self.random.below(40) {
                0 => {
                    client.cmd("MULTI");
                    for _ in 0..=self.random.below(4) {
                        self.send_one(&mut client);
                    }
                    client.cmd("EXEC");
                }
                1 => {
                    let mut call = vec![b"EVAL".to_vec()];
                    call.push(b"return redis.pcall(unpack(ARGV))".to_vec());
                    call.push(b"0".to_vec());
                    call.extend(self.command(&mut client));
                    client.call(&call);
                }
                _ => self.send_one(&mut client),
            }
        }
        let count = |what: &str| {
            let field = format!("atomic_conditions_{what}");
            usize::try_from(server.info_number("atomic", &field)).expect("a count")
        };
        let (applied, refused) = (count("applied"), count("refused"));
        println!("{applied} conditions held, {refused} did not");
        assert!(applied > commands / 6 && refused > commands / 6);
        until("no key is to expire soon", || {
            let keys = client.cmd("KEYS *");
            keys.items().iter().all(|key| {
                let left = client.call(&[b"PTTL", key.bytes()]).number();
                left == -1 || left > 1_000_000
            })
        });
    }

    fn send_one(&mut self, client: &mut Client) {
        let command = self.command(client);
        client.call(&command);
    }

    fn command(&mut self, client: &mut Client) -> Vec<Vec<u8>> {
        let key = format!("k{}", self.random.below(KEYS)).into_bytes();
        let mut words: Vec<Vec<u8>> = Vec::new();
        let mut push = |parts: &[&[u8]]| words.extend(parts.iter().map(|part| part.to_vec()));
        match self.random.below(20) {
            0..7 => {
                push(&[b"CAS.SET", &key]);
                words.extend(self.condition(client, &key));
                words.push(self.value());
                words.extend(self.options());
            }
            7 | 8 => {
                push(&[b"CAS.DEL", &key]);
                words.extend(self.condition(client, &key));
                words.extend(self.random.one_in(3).then(|| b"GET".to_vec()));
            }
            9..12 => {
                push(&[b"CAS.EXPIRE", &key]);
                words.extend(self.condition(client, &key));
                words.extend(self.time());
                if words.len() < 5 || self.random.one_in(8) {
                    words.push(b"PERSIST".to_vec());
                }
            }
            12..15 if !self.set_conditions.is_empty() => {
                push(&[b"SET", &key]);
                words.push(self.value());
                let condition = self.random.of(&self.set_conditions);
                words.extend(self.operand(client, &key, condition));
                words.extend(self.random.one_in(3).then(|| b"GET".to_vec()));
                words.extend(if self.random.one_in(3) {
                    vec![b"KEEPTTL".to_vec()]
                } else {
                    self.time()
                });
            }
            15 if self.delex => {
                push(&[b"DELEX", &key]);
                if !self.random.one_in(6) {
                    let condition = self.random.of(&["IFEQ", "IFNE", "IFDEQ", "IFDNE"]);
                    words.extend(self.operand(client, &key, condition));
                }
            }
            16 if self.delifeq => {
                push(&[b"DELIFEQ", &key]);
                words.push(self.value());
            }
            // Plain commands, other types among them.
            _ => match self.random.below(7) {
                0 => push(&[b"RPUSH", &key, b"a", b"b"]),
                1 => push(&[b"HSET", &key, b"f", b"v"]),
                2 => push(&[b"ZADD", &key, b"1", b"m"]),
                3 => push(&[b"INCR", &key]),
                4 => push(&[b"APPEND", &key, b"x"]),
                5 => push(&[b"DEL", &key]),
                _ => {
                    push(&[b"SET", &key]);
                    words.push(self.value());
                }
            },
        }
        words
    }

    fn condition(&mut self, client: &mut Client, key: &[u8]) -> Vec<Vec<u8>> {
        match self.random.below(7) {
            0 => vec![b"NX".to_vec()],
            1 => vec![b"XX".to_vec()],
            2 => {
                let name = self.random.of(&["IFGT", "IFGE", "IFLT", "IFLE"]);
                vec![name.into(), self.random.below(20).to_string().into()]
            }
            _ => {
                let name = self.random.of(&["IFEQ", "IFNE", "IFDEQ", "IFDNE"]);
                self.operand(client, key, name)
            }
        }
    }

    /// A condition with its operand, which more often than not is what the key has.
    fn operand(&mut self, client: &mut Client, key: &[u8], condition: &str) -> Vec<Vec<u8>> {
        let ask: &[u8] = if condition.contains('D') {
            b"CAS.DIGEST"
        } else {
            b"GET"
        };
        let asked = if client.is_queueing() || self.random.one_in(3) {
            None
        } else {
            Some(client.call(&[ask, key]))
        };
        let operand = match asked {
            Some(Value::Bulk(now)) => now,
            _ if condition.contains('D') => OTHER.into(),
            _ => self.value(),
        };
        vec![condition.into(), operand]
    }

    fn value(&mut self) -> Vec<u8> {
        match self.random.below(8) {
            0 => Vec::new(),
            1 => self.random.below(20).to_string().into(),
            2 => b"-9223372036854775808".to_vec(),
            3 => b"\0\xff\r\n GET".to_vec(),
            4 => vec![b'x'; 50],
            5 => vec![b'y'; 5000],
            _ => format!("value {}", self.random.below(4)).into(),
        }
    }

    fn options(&mut self) -> Vec<Vec<u8>> {
        let mut options = Vec::new();
        if self.random.one_in(6) {
            options.push(self.random.of(&["CREATE", "NOCREATE"]).into());
        }
        if self.random.one_in(3) {
            options.push(self.random.of(&["GET", "GETDIGEST"]).into());
        }
        if self.random.one_in(4) {
            options.push(b"KEEPTTL".to_vec());
        } else {
            options.extend(self.time());
        }
        options
    }

    /// No time, one of the far future, one that comes at once, or one of the past.
    fn time(&mut self) -> Vec<Vec<u8>> {
        let far = self.random.below(1_000_000) + 10_000;
        let (unit, time) = match self.random.below(12) {
            0 => ("EX", far),
            1 => ("PX", far * 1000),
            2 => ("EXAT", 4_000_000_000 + far),
            3 => ("PXAT", 4_000_000_000_000 + far),
            4 => ("PX", self.random.below(20) + 1),
            5 => ("EXAT", 1),
            _ => return Vec::new(),
        };
        vec![unit.into(), time.to_string().into()]
    }
}
