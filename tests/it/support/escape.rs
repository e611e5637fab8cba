//! Bytes as readable text, the way `vectors.jsonl` writes them: printable ASCII stands for itself,
//! a backslash is `\\`, any other byte is `\xHH`; in long values `\{N*U}` is one (escaped) byte U
//! repeated N times.

use std::fmt::Write;

const LONG: usize = 256;
const WORTH_FOLDING: usize = 64;

pub fn escape(bytes: &[u8]) -> String {
    let mut out = String::new();
    if bytes.len() <= LONG {
        plain(&mut out, bytes);
        return out;
    }
    for run in bytes.chunk_by(|a, b| a == b) {
        if run.len() >= WORTH_FOLDING {
            write!(out, "\\{{{}*", run.len()).unwrap();
            plain(&mut out, &run[..1]);
            out.push('}');
        } else {
            plain(&mut out, run);
        }
    }
    out
}

fn plain(out: &mut String, bytes: &[u8]) {
    for &byte in bytes {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b' '..=b'~' => out.push(byte.into()),
            _ => write!(out, "\\x{byte:02x}").unwrap(),
        }
    }
}

/// Panics on text that `escape` never writes.
pub fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        if *first != b'\\' {
            assert!(first.is_ascii(), "not escaped: {text}");
            out.push(*first);
            rest = after;
        } else if after.first() == Some(&b'{') {
            let star = position(after, b'*', 1);
            // The unit itself may be a closing brace, so at least one byte stands before the one
            // that closes.
            let close = position(after, b'}', star + 2);
            let count = ascii(&after[1..star]).parse().expect("a count");
            let unit = unescape(ascii(&after[star + 1..close]));
            assert_eq!(unit.len(), 1, "one byte is repeated: {text}");
            out.extend(unit.repeat(count));
            rest = &after[close + 1..];
        } else if after.first() == Some(&b'x') {
            out.push(u8::from_str_radix(ascii(&after[1..3]), 16).expect("two hex digits"));
            rest = &after[3..];
        } else {
            assert_eq!(after.first(), Some(&b'\\'), "unknown escape: {text}");
            out.push(b'\\');
            rest = &after[1..];
        }
    }
    out
}

fn position(bytes: &[u8], wanted: u8, from: usize) -> usize {
    let found = bytes[from..].iter().position(|&byte| byte == wanted);
    from + found.unwrap_or_else(|| panic!("no {} in {}", wanted as char, ascii(bytes)))
}

fn ascii(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_come_back_as_they_were() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(unescape(&escape(&all)), all);
        for byte in [b'a', b'}', b'*', b'\\', 0] {
            let long = [b"begin".as_slice(), &[byte; 5000], b"end"].concat();
            assert_eq!(unescape(&escape(&long)), long);
        }
    }

    #[test]
    fn text_is_readable() {
        assert_eq!(escape(b"a\r\n\\"), "a\\x0d\\x0a\\\\");
        assert_eq!(escape(&[b'a'; 1000]), "\\{1000*a}");
        assert_eq!(unescape("\\{3*\\x00}b"), b"\0\0\0b");
    }
}
