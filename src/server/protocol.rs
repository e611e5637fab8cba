//! RESP2, in which the server's own commands answer the module.

/// The strings of an array, as far as it is one of strings.
pub fn bulks(protocol: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = line(protocol, b'*').map_or(&[][..], |(_, rest)| rest);
    std::iter::from_fn(move || {
        let (length, after) = line(rest, b'$')?;
        let string = after.get(..length)?;
        rest = after.get(length + 2..)?;
        Some(string)
    })
}

/// A reply that may have others in it.
#[derive(Debug, PartialEq, Eq)]
pub enum Tree<'a> {
    /// A status, an error, a string, or nothing.
    Text(&'a [u8]),
    /// An integer.
    Number(i64),
    /// An array, in order.
    List(Vec<Tree<'a>>),
}

impl<'a> Tree<'a> {
    /// Reads a whole reply; `None` for what is none.
    pub fn of(protocol: &'a [u8]) -> Option<Self> {
        Self::read(protocol).map(|(tree, _)| tree)
    }

    /// Reads a reply, and returns what follows it.
    fn read(protocol: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let end = protocol.windows(2).position(|pair| pair == b"\r\n")?;
        let (kind, text) = protocol[..end].split_first()?;
        let mut rest = &protocol[end + 2..];
        let number = || std::str::from_utf8(text).ok()?.parse::<i64>().ok();
        let tree = match (kind, usize::try_from(number().unwrap_or(-1))) {
            (b':', _) => Self::Number(number()?),
            (b'$', Ok(length)) => {
                let text = rest.get(..length)?;
                rest = rest.get(length + 2..)?;
                Self::Text(text)
            }
            (b'*', Ok(length)) => {
                let mut list = Vec::new();
                for _ in 0..length {
                    let (tree, after) = Self::read(rest)?;
                    list.push(tree);
                    rest = after;
                }
                Self::List(list)
            }
            (b'$' | b'*', Err(_)) => Self::Text(b""),
            _ => Self::Text(text),
        };
        Some((tree, rest))
    }

    /// The text; empty for anything else.
    pub fn text(&self) -> &'a [u8] {
        match self {
            Self::Text(text) => text,
            Self::Number(_) | Self::List(_) => b"",
        }
    }

    /// What is in an array; nothing in anything else.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Text(_) | Self::Number(_) => &[],
        }
    }
}

/// The number of a line that begins with `kind`, and what follows the line.
fn line(protocol: &[u8], kind: u8) -> Option<(usize, &[u8])> {
    let digits = protocol.strip_prefix(&[kind])?;
    let end = digits.iter().position(|&byte| byte == b'\r')?;
    let number = std::str::from_utf8(&digits[..end]).ok()?.parse().ok()?;
    Some((number, digits.get(end + 2..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_an_array_are_read_in_order_with_any_bytes() {
        let protocol = b"*3\r\n$1\r\na\r\n$0\r\n\r\n$4\r\n\r\n$1\r\n";
        assert!(bulks(protocol).eq([&b"a"[..], b"", b"\r\n$1"]));
        assert_eq!(bulks(b"*0\r\n").count(), 0);
    }

    #[test]
    fn a_reply_is_read_with_all_that_is_in_it() {
        let protocol = b"*4\r\n$3\r\nget\r\n:-2\r\n*2\r\n+fast\r\n$-1\r\n*0\r\n";
        let flags = Tree::List(vec![Tree::Text(b"fast"), Tree::Text(b"")]);
        let all = [
            Tree::Text(b"get"),
            Tree::Number(-2),
            flags,
            Tree::List(vec![]),
        ];
        assert_eq!(Tree::of(protocol), Some(Tree::List(all.into())));
        for cut in 0..protocol.len() {
            assert_eq!(Tree::of(&protocol[..cut]), None);
        }
    }

    #[test]
    fn what_is_no_array_of_strings_has_none() {
        for protocol in [
            &b""[..],
            b"+OK\r\n",
            b"*1\r\n:1\r\n",
            b"*1\r\n$5\r\nab",
            b"*x\r\n",
        ] {
            assert_eq!(bulks(protocol).count(), 0, "{protocol:?}");
        }
    }
}
