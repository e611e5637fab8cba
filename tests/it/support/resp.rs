//! RESP2 and RESP3, as bytes: commands out, replies in.

use super::value::Value;

/// A command as clients send it: an array of bulk strings.
pub fn encode(args: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut out = format!("*{}\r\n", args.len()).into_bytes();
    for arg in args {
        let arg = arg.as_ref();
        out.extend(format!("${}\r\n", arg.len()).bytes());
        out.extend(arg);
        out.extend(b"\r\n");
    }
    out
}

/// The first reply in `bytes` and its length on the wire; `None` when it is not all there yet.
/// Panics on bytes that are no RESP: a test must never read past a broken protocol.
pub fn decode(bytes: &[u8]) -> Option<(Value, usize)> {
    let mut cursor = Cursor { bytes, at: 0 };
    let value = cursor.value()?;
    Some((value, cursor.at))
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn value(&mut self) -> Option<Value> {
        let line = self.line()?;
        let (kind, rest) = line.split_first().expect("an empty line is no RESP");
        Some(match kind {
            b'+' => Value::Simple(rest.to_vec()),
            b'-' => Value::Error(rest.to_vec()),
            b':' => Value::Int(number(rest)),
            b'_' => Value::Null,
            b'#' => Value::Bool(rest == b"t"),
            b',' => Value::Double(text(rest).parse().expect("a double")),
            b'(' => Value::BigNumber(rest.to_vec()),
            b'$' if rest == b"-1" => Value::NullBulk,
            b'$' => Value::Bulk(self.blob(rest)?),
            b'=' => Value::Verbatim(self.blob(rest)?),
            b'!' => Value::BulkError(self.blob(rest)?),
            b'*' if rest == b"-1" => Value::NullArray,
            b'*' => Value::Array(self.values(length(rest))?),
            b'~' => Value::Set(self.values(length(rest))?),
            b'>' => Value::Push(self.values(length(rest))?),
            b'%' => Value::Map(self.pairs(length(rest))?),
            b'|' => {
                // Attributes annotate the reply that follows; no server of ours sends any that
                // matter.
                self.pairs(length(rest))?;
                self.value()?
            }
            _ => panic!("no RESP: {}", text(line)),
        })
    }

    fn values(&mut self, count: usize) -> Option<Vec<Value>> {
        (0..count).map(|_| self.value()).collect()
    }

    fn pairs(&mut self, count: usize) -> Option<Vec<(Value, Value)>> {
        (0..count)
            .map(|_| Some((self.value()?, self.value()?)))
            .collect()
    }

    fn line(&mut self) -> Option<&'a [u8]> {
        let rest = &self.bytes[self.at..];
        let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
        self.at += end + 2;
        Some(&rest[..end])
    }

    fn blob(&mut self, announced: &[u8]) -> Option<Vec<u8>> {
        let end = self.at + length(announced);
        let blob = self.bytes.get(self.at..end)?;
        let terminator = self.bytes.get(end..end + 2)?;
        assert_eq!(terminator, b"\r\n", "a blob longer than announced");
        self.at = end + 2;
        Some(blob.to_vec())
    }
}

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

fn number(digits: &[u8]) -> i64 {
    text(digits)
        .parse()
        .unwrap_or_else(|_| panic!("no number: {}", text(digits)))
}

fn length(digits: &[u8]) -> usize {
    usize::try_from(number(digits)).expect("a length")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::value::*;

    fn whole(bytes: &[u8]) -> Value {
        let (value, length) = decode(bytes).expect("a whole reply");
        assert_eq!(length, bytes.len());
        value
    }

    #[test]
    fn the_three_nulls_are_told_apart() {
        assert_eq!(whole(b"$-1\r\n"), nil());
        assert_eq!(whole(b"*-1\r\n"), nil_array());
        assert_eq!(whole(b"_\r\n"), null());
        assert_ne!(nil(), null());
    }

    #[test]
    fn a_status_is_not_a_bulk_string() {
        assert_eq!(whole(b"+OK\r\n"), ok());
        assert_ne!(whole(b"$2\r\nOK\r\n"), ok());
    }

    #[test]
    fn blobs_are_binary_safe() {
        assert_eq!(whole(b"$6\r\n\r\n\0\xff$1\r\n"), bulk(b"\r\n\0\xff$1"));
    }

    #[test]
    fn resp3_types_keep_their_kind() {
        assert_eq!(whole(b"%1\r\n+a\r\n:1\r\n"), map([(simple("a"), int(1))]));
        assert_eq!(whole(b"~1\r\n#t\r\n"), Value::Set(vec![Value::Bool(true)]));
        assert_eq!(whole(b",-inf\r\n"), Value::Double(f64::NEG_INFINITY));
        assert_eq!(whole(b"=5\r\ntxt:x\r\n").text(), "x");
        assert_eq!(whole(b">1\r\n$-1\r\n"), Value::Push(vec![nil()]));
    }

    #[test]
    fn every_cut_of_a_reply_is_incomplete() {
        let reply = b"*3\r\n$2\r\nab\r\n%1\r\n:1\r\n_\r\n-ERR x\r\n";
        for cut in 0..reply.len() {
            assert!(decode(&reply[..cut]).is_none(), "cut at {cut}");
        }
        whole(reply);
    }

    #[test]
    fn the_length_leaves_the_next_reply_alone() {
        assert_eq!(decode(b":1\r\n:2\r\n"), Some((int(1), 4)));
    }

    #[test]
    fn a_command_is_an_array_of_bulk_strings() {
        assert_eq!(encode(&["GET", "k"]), b"*2\r\n$3\r\nGET\r\n$1\r\nk\r\n");
    }
}
