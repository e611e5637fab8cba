//! The steps of `ATOMIC.*`: whole values, at once or in pieces.

use super::{Content, Draw, FAR, Step, Words, held, on_condition, step, words};
use crate::support::{int, nil, ok, simple};

impl Draw<'_> {
    fn content(&mut self) -> Content {
        // Few, some that are handed to the server ready, many.
        let most = match self.random.below(10) {
            0 => 300,
            1..4 => 60,
            _ => 6,
        };
        let count = 1 + self.random.below(most);
        let names = |prefix: &str| -> Vec<Vec<u8>> {
            (0..count).map(|n| format!("{prefix}{n}").into()).collect()
        };
        let score = |n: usize| i64::try_from(n).expect("few");
        match self.random.below(5) {
            0 => Content::Text(self.text()),
            1 => {
                let values = self.text();
                Content::Hash(
                    names("f")
                        .into_iter()
                        .map(|f| (f, values.clone()))
                        .collect(),
                )
            }
            2 => Content::Set(names("m").into_iter().collect()),
            3 => Content::List(names("e")),
            _ => {
                let members = names("z").into_iter().enumerate();
                Content::Zset(members.map(|(n, member)| (member, score(n))).collect())
            }
        }
    }

    pub(super) fn replace_family(&mut self) -> Step {
        let key = self.key();
        let content = self.content();
        let name = match &content {
            Content::Text(_) => return self.replace(),
            Content::Hash(_) => "HASH",
            Content::Set(_) => "SET",
            Content::List(_) => "LIST",
            Content::Zset(_) => "ZSET",
        };
        let call = [
            words(&format!("ATOMIC.REPLACE{name} {key}")),
            data(&content),
        ]
        .concat();
        step(call, ok(), vec![(key, Some(held(content, false)))])
    }

    pub(super) fn replace(&mut self) -> Step {
        let key = self.key();
        let (condition, holds) = self.condition(&key);
        let (expiry, expires) = self.expiry(&key);
        let content = self.content();
        let head = words(&format!("ATOMIC.REPLACE {key}"));
        let json = if self.random.one_in(3) {
            json(&content)
        } else {
            None
        };
        let call = [
            head,
            condition,
            expiry,
            json.unwrap_or_else(|| block(&content)),
        ]
        .concat();
        let after = (key, Some(held(content, expires)));
        on_condition(call, holds, (ok(), nil()), after)
    }

    pub(super) fn replace_with_the_same(&mut self) -> Step {
        let key = self.key();
        let Some(now) = self.model.get(&key).cloned() else {
            return self.replace();
        };
        let head = words(&format!("ATOMIC.REPLACE {key} IFCHANGED"));
        step(
            [head, block(&now.content)].concat(),
            simple("UNCHANGED"),
            Vec::new(),
        )
    }

    /// One piece more, or the first.
    pub(super) fn stage(&mut self) -> Step {
        let key = self.stage_key();
        let before = self
            .model
            .get(&key)
            .filter(|held| held.content.count() < 3000);
        let (offset, content) = match before.map(|held| held.content.clone()) {
            Some(Content::List(mut elements)) if !self.random.one_in(6) => {
                let offset = elements.len();
                elements.extend((0..200).map(|n| format!("{n}").into_bytes()));
                (offset, Content::List(elements))
            }
            _ => (0, Content::List(vec![b"first".to_vec(); 100])),
        };
        let Content::List(elements) = &content else {
            unreachable!("a list")
        };
        let piece = &elements[offset..];
        let head = words(&format!(
            "ATOMIC.STAGE {key} {offset} EX {FAR} LIST {}",
            piece.len()
        ));
        let count = i64::try_from(elements.len()).expect("few");
        let call = [head, piece.to_vec()].concat();
        step(call, int(count), vec![(key, Some(held(content, true)))])
    }

    pub(super) fn commit(&mut self) -> Step {
        let (stage, key) = (self.stage_key(), self.key());
        let Some(staged) = self.model.get(&stage).cloned() else {
            return self.stage();
        };
        let (condition, holds) = self.condition(&key);
        let (expiry, expires) = self.expiry(&key);
        let count = staged.content.count();
        let head = words(&format!("ATOMIC.COMMIT {stage} {key} COUNT {count}"));
        let call = [head, condition, expiry].concat();
        let after = (key, Some(held(staged.content, expires)));
        let mut step = on_condition(call, holds, (ok(), nil()), after);
        if holds {
            step.changes.push((stage, None));
        }
        step
    }
}

/// The words of a value, as the commands take them.
fn data(content: &Content) -> Words {
    match content {
        Content::Text(text) => vec![text.clone()],
        Content::Hash(fields) => fields
            .iter()
            .flat_map(|(f, v)| [f.clone(), v.clone()])
            .collect(),
        Content::Set(members) => members.iter().cloned().collect(),
        Content::List(elements) => elements.clone(),
        Content::Zset(members) => {
            let pairs = members.iter();
            pairs
                .flat_map(|(m, score)| [score.to_string().into(), m.clone()])
                .collect()
        }
    }
}

/// The same value out of JSON; `None` for what JSON cannot say.
fn json(content: &Content) -> Option<Words> {
    let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).ok();
    let (kind, document) = match content {
        Content::Text(document) => {
            serde_json::from_slice::<serde_json::Value>(document).ok()?;
            return Some([words("STRING JSON"), vec![document.clone()]].concat());
        }
        Content::Hash(fields) => {
            let fields = fields
                .iter()
                .map(|(f, v)| Some((text(f)?, text(v)?.into())));
            (
                "HASH",
                serde_json::Value::Object(fields.collect::<Option<_>>()?),
            )
        }
        Content::Set(members) => ("SET", members.iter().map(text).collect::<Option<_>>()?),
        Content::List(elements) => ("LIST", elements.iter().map(text).collect::<Option<_>>()?),
        Content::Zset(members) => {
            let members = members
                .iter()
                .map(|(m, score)| Some((text(m)?, (*score).into())));
            (
                "ZSET",
                serde_json::Value::Object(members.collect::<Option<_>>()?),
            )
        }
    };
    let head = words(&format!("{kind} JSON"));
    Some([head, vec![document.to_string().into_bytes()]].concat())
}

fn block(content: &Content) -> Words {
    let count = content.count();
    let head = match content {
        Content::Text(_) => "STRING".to_owned(),
        Content::Hash(_) => format!("HASH {count}"),
        Content::Set(_) => format!("SET {count}"),
        Content::List(_) => format!("LIST {count}"),
        Content::Zset(_) => format!("ZSET {count}"),
    };
    [words(&head), data(content)].concat()
}
