//! Where the keys of a command may stand, as `COMMAND INFO` tells it.
//!
//! That a word is a key is known when this is asked, so where a place depends on what the words say, all
//! places that it may be will do.

use redis_module::raw;

use super::protocol::Tree;

/// Keys at every `step`th word from `first` on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct KeySpec {
    first: i64,
    /// The last one's distance from the first, or, negative, from the end.
    last: i64,
    step: i64,
    flags: u32,
}

impl KeySpec {
    /// `None` for a description of a kind that is not known.
    pub(super) fn of(spec: &Tree<'_>) -> Option<Self> {
        let found = |part: &str| {
            let part = field(spec, part)?;
            Some((field(part, "type")?.text(), field(part, "spec")?))
        };
        let number = |of, name| match field(of, name) {
            Some(Tree::Number(number)) => Some(*number),
            _ => None,
        };
        let (first, last, step) = match (found("begin_search")?, found("find_keys")?) {
            ((b"index", begin), (b"range", range)) => (
                number(begin, "index")?,
                number(range, "lastkey")?,
                number(range, "keystep")?,
            ),
            ((b"index", begin), (b"keynum", counted)) => (
                number(begin, "index")? + number(counted, "firstkey")?,
                -1,
                number(counted, "keystep")?,
            ),
            ((b"keyword", _), _) => (1, -1, 1),
            _ => return None,
        };
        Some(Self {
            first,
            last,
            step: step.max(1),
            flags: flags(field(spec, "flags")?),
        })
    }

    /// The flags of the key at a position in a call of so many words; `None` if by this description
    /// there is none.
    pub(super) fn flags_of(&self, position: usize, words: usize) -> Option<u32> {
        let position = i64::try_from(position).ok()?;
        let last = match self.last {
            last @ 0.. => self.first + last,
            last => i64::try_from(words).ok()? + last,
        };
        let is_one =
            (self.first..=last).contains(&position) && (position - self.first) % self.step == 0;
        is_one.then_some(self.flags)
    }
}

/// A field of a map in the form of RESP2.
fn field<'t, 'a>(map: &'t Tree<'a>, name: &str) -> Option<&'t Tree<'a>> {
    let mut pairs = map.items().chunks_exact(2);
    pairs.find_map(|pair| (pair[0].text() == name.as_bytes()).then_some(&pair[1]))
}

fn flags(names: &Tree<'_>) -> u32 {
    let flag = |name: &Tree<'_>| match name.text() {
        b"RO" => raw::REDISMODULE_CMD_KEY_RO,
        b"RW" => raw::REDISMODULE_CMD_KEY_RW,
        b"OW" => raw::REDISMODULE_CMD_KEY_OW,
        b"RM" => raw::REDISMODULE_CMD_KEY_RM,
        b"access" => raw::REDISMODULE_CMD_KEY_ACCESS,
        b"update" => raw::REDISMODULE_CMD_KEY_UPDATE,
        b"insert" => raw::REDISMODULE_CMD_KEY_INSERT,
        b"delete" => raw::REDISMODULE_CMD_KEY_DELETE,
        _ => 0,
    };
    names.items().iter().fold(0, |all, name| all | flag(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(begin: &str, find: &str) -> KeySpec {
        let map = |text: &str| {
            let words = text.split(' ').map(|word| match word.parse::<i64>() {
                Ok(number) => format!(":{number}\r\n"),
                Err(_) => format!("+{word}\r\n"),
            });
            format!(
                "*{}\r\n{}",
                words.clone().count(),
                words.collect::<String>()
            )
        };
        let part = |text: &str| {
            let (kind, rest) = text.split_once(' ').unwrap();
            format!("*4\r\n+type\r\n+{kind}\r\n+spec\r\n{}", map(rest))
        };
        let text = format!(
            "*6\r\n+flags\r\n*2\r\n+RO\r\n+access\r\n+begin_search\r\n{}+find_keys\r\n{}",
            part(begin),
            part(find)
        );
        KeySpec::of(&Tree::of(text.as_bytes()).unwrap()).unwrap()
    }

    /// The positions of keys in a call of so many words.
    fn keys(spec: &KeySpec, words: usize) -> Vec<usize> {
        let both = raw::REDISMODULE_CMD_KEY_RO | raw::REDISMODULE_CMD_KEY_ACCESS;
        let is_key = |position: &usize| spec.flags_of(*position, words) == Some(both);
        (0..words + 2).filter(is_key).collect()
    }

    #[test]
    fn keys_stand_where_the_range_says() {
        let range = |last: i64, step: i64| {
            let range = format!("range lastkey {last} keystep {step} limit 0");
            spec("index index 1", &range)
        };
        assert_eq!(keys(&range(0, 1), 2), [1]); // GET
        assert_eq!(keys(&range(-1, 1), 4), [1, 2, 3]); // DEL
        assert_eq!(keys(&range(-1, 2), 5), [1, 3]); // MSET
        assert_eq!(keys(&range(-2, 1), 4), [1, 2]); // BLPOP
    }

    #[test]
    fn where_words_say_it_they_stand_anywhere_behind() {
        let counted = spec("index index 2", "keynum keynumidx 0 firstkey 1 keystep 1");
        assert_eq!(keys(&counted, 5), [3, 4]); // ZUNIONSTORE, the sources
        let keyword = spec(
            "keyword keyword STREAMS startfrom 1",
            "range lastkey -1 keystep 1 limit 2",
        );
        assert_eq!(keys(&keyword, 4), [1, 2, 3]); // XREAD
        assert_eq!(KeySpec::of(&Tree::Text(b"")), None);
    }
}
