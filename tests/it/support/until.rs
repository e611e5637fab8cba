//! Waiting for something to become true. The only place of the harness that sleeps.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Long enough for a loaded machine; nothing waits that long unless it is broken. `IT_PATIENCE=<seconds>`
/// makes it longer, for work that leaves the machine to everybody else.
pub static PATIENCE: LazyLock<Duration> = LazyLock::new(|| {
    let seconds = std::env::var("IT_PATIENCE");
    Duration::from_secs(seconds.map_or(20, |text| text.parse().expect("a number")))
});
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);

/// Waits until `condition` holds; panics with `what` when it never does.
pub fn until(what: &str, mut condition: impl FnMut() -> bool) {
    until_some(what, || condition().then_some(()));
}

/// Waits until `look` finds something, and returns it.
pub fn until_some<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    some_within(*PATIENCE, what, look)
}

/// Waits longer than for other things, if need be.
pub fn until_within(patience: Duration, what: &str, mut condition: impl FnMut() -> bool) {
    some_within(patience, what, || condition().then_some(()));
}

fn some_within<T>(patience: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(
            Instant::now() < deadline,
            "waited {patience:?} in vain until {what}"
        );
        std::thread::sleep(BETWEEN_LOOKS);
    }
}

/// For work at a pace: sleeps until then, if it is still to come.
pub fn pause_until(time: Instant) {
    std::thread::sleep(time.saturating_duration_since(Instant::now()));
}
