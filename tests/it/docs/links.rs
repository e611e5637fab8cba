//! Where the documentation points to.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::block::{documents, root};

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let mut broken = Vec::new();
    for file in documents() {
        let text = fs::read_to_string(&file).expect("text");
        for link in links(&text).filter(|link| !link.contains("://")) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => file.clone(),
                path => file.parent().expect("a folder").join(path),
            };
            if !target.exists() || !(anchor.is_empty() || anchors(&target).contains(anchor)) {
                let file = file.strip_prefix(root()).expect("below the root");
                broken.push(format!("{}: {link}", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// What follows `](`.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .map(|rest| rest.split(')').next().expect("a first part"))
}

/// The names that GitHub gives to headings.
fn anchors(file: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(file).expect("text");
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            heading
                .chars()
                .filter(|c| c.is_alphanumeric() || "-_ ".contains(*c))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect()
}
