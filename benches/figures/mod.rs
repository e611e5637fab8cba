//! What the rounds of a measurement say together, and how it is shown.
#![allow(dead_code, reason = "each bench uses what it needs")]

pub mod chart;

use std::fmt;

/// The median of all rounds, and how far they are apart.
#[derive(Clone, Copy)]
pub struct Spread {
    pub least: f64,
    pub median: f64,
    pub most: f64,
}

impl Spread {
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        Self {
            least: values[0],
            median: values[values.len() / 2],
            most: values[values.len() - 1],
        }
    }

    /// Of `a / b`, round by round: what disturbs a round disturbs both.
    pub fn of_ratios(a: &[f64], b: &[f64]) -> Self {
        Self::of(a.iter().zip(b).map(|(a, b)| a / b))
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            least,
            median,
            most,
        } = self;
        write!(f, "{median:.2} ({least:.2}–{most:.2})")
    }
}

/// The word for a target that was hit or not.
pub fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "missed" }
}

/// The processor of this machine.
pub fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    info.lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("an unnamed processor", |(_, name)| name)
        .into()
}
