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
