//! A command, an event or a key as the observers saw it, comparable with plain text in assertions.

use std::fmt;

use super::escape::escape;

/// Byte strings that print, and compare, as words: `assert_eq!(seen.propagated, ["SET k v PXAT
/// <int>"])`.
///
/// In the text on the other side, words are separated by one space and escaped as [`escape`] does;
/// `<int>` stands for any decimal integer. For words with spaces in them compare with
/// [`Words::from`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Words(pub Vec<Vec<u8>>);

impl Words {
    /// The command's name in capitals.
    pub fn name(&self) -> String {
        self.word(0).to_uppercase()
    }

    /// One word, escaped.
    pub fn word(&self, index: usize) -> String {
        escape(&self.0[index])
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl<T: AsRef<[u8]>, const N: usize> From<[T; N]> for Words {
    fn from(words: [T; N]) -> Self {
        Words(words.iter().map(|word| word.as_ref().to_vec()).collect())
    }
}

impl PartialEq<&str> for Words {
    fn eq(&self, text: &&str) -> bool {
        let expected: Vec<&str> = text.split(' ').collect();
        expected.len() == self.len()
            && expected.iter().zip(&self.0).all(|(expected, word)| {
                let word = escape(word);
                word == *expected || *expected == "<int>" && word.parse::<i64>().is_ok()
            })
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.0.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            let quote = if word.is_empty() || word.contains(&b' ') {
                "'"
            } else {
                ""
            };
            write!(f, "{space}{quote}{}{quote}", escape(word))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}
