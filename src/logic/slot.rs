//! Slots of a cluster: which keys share one.

/// What tells whose keys these are, where somebody sees their names.
const MARK: &str = "\0redis-atomic\0";
/// How many slots there are.
const SLOTS: u16 = 16384;

/// Two keys in the slot of `key`, which nobody has if nobody knows the `nonce`, a number that is used once.
///
/// It takes some ten thousand attempts where the key cannot stand between braces, because it has some
/// itself or is empty.
#[must_use]
pub fn neighbours(key: &[u8], nonce: u64) -> [Vec<u8>; 2] {
    let tag = tag(key);
    let mut names = (0_u64..).map(|number| format!("{MARK}{nonce:016x}:{number}").into_bytes());
    if !tag.is_empty() && !tag.contains(&b'}') {
        let beside = |name: Vec<u8>| [b"{", tag, b"}", &name[..]].concat();
        return [(); 2].map(|()| names.next().map(beside).unwrap_or_default());
    }
    let slot = slot(tag);
    let mut names = names.filter(|name| self::slot(name) == slot);
    [(); 2].map(|()| names.next().unwrap_or_default())
}

/// The part of a key that the slot depends on: what stands between the first `{` and the next `}`, if
/// anything does, or all of it.
fn tag(key: &[u8]) -> &[u8] {
    let Some(open) = key.iter().position(|&byte| byte == b'{') else {
        return key;
    };
    let inner = &key[open + 1..];
    match inner.iter().position(|&byte| byte == b'}') {
        Some(end) if end > 0 => &inner[..end],
        _ => key,
    }
}

/// CRC-16/XMODEM, as the servers compute it.
fn slot(tag: &[u8]) -> u16 {
    const POLYNOMIAL: u16 = 0x1021;
    let crc = tag.iter().fold(0_u16, |crc, &byte| {
        (0..u8::BITS).fold(crc ^ u16::from(byte) << 8, |crc, _| {
            let shifted = crc << 1;
            if crc & 0x8000 == 0 {
                shifted
            } else {
                shifted ^ POLYNOMIAL
            }
        })
    });
    crc % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn slots_are_those_of_the_servers() {
        for (key, expected) in [("123456789", 12739), ("foo", 12182), ("", 0), ("k", 7629)] {
            assert_eq!(slot(tag(key.as_bytes())), expected, "{key}");
        }
        assert_eq!(tag(b"{user1000}.following"), b"user1000");
        assert_eq!(tag(b"foo{}{bar}"), b"foo{}{bar}");
        assert_eq!(tag(b"foo{{bar}}zap"), b"{bar");
        assert_eq!(tag(b"foo{bar"), b"foo{bar");
    }

    fn in_the_same_slot(key: &[u8]) -> bool {
        let [one, other] = neighbours(key, 0xfeed);
        let is_neighbour = |name: &[u8]| name != key && slot(tag(name)) == slot(tag(key));
        one != other && is_neighbour(&one) && is_neighbour(&other)
    }

    #[test]
    fn odd_keys_have_neighbours_too() {
        for key in [&b""[..], b"a}b", b"{}{a}", b"{", b"{{a}"] {
            assert!(in_the_same_slot(key), "{}", key.escape_ascii());
        }
    }

    #[test]
    fn a_key_that_is_a_neighbour_is_none_the_next_time() {
        let before = neighbours(b"k", 1);
        let now = neighbours(&before[0], 2);
        assert!(before.iter().all(|key| !now.contains(key)));
    }

    proptest! {
        #[test]
        fn any_key_has_neighbours_in_its_slot(key in "[a-c{]{0,8}") {
            prop_assert!(in_the_same_slot(key.as_bytes()));
        }
    }
}
