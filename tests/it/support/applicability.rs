//! What the server under test cannot do is said aloud: a test that passes has tested something, or
//! has told what it left out.
//!
//! ```ignore
//! if !server.is_at_least(7, 0) {
//!     return not_applicable("COMMAND DOCS came with 7.0");
//! }
//! ```
//!
//! One line goes to standard error (past the capture of the test runner) and to the file that
//! `IT_REPORT` names:
//! `NOT-APPLICABLE docs::every_command_has_a_summary: COMMAND DOCS came with 7.0`.

use std::fs::File;
use std::io::Write;

/// The whole test does not apply. Return right after it.
pub fn not_applicable(reason: &str) {
    report(reason);
}

/// So many of this test's recorded cases do not apply; the others have been judged.
pub fn not_applicable_cases(count: usize, reason: &str) {
    report(&format!("{count} cases: {reason}"));
}

fn report(what: &str) {
    let thread = std::thread::current();
    let line = format!(
        "NOT-APPLICABLE {}: {what}\n",
        thread.name().expect("a test's thread has its name")
    );
    // Not eprintln!, whose output the test runner keeps to itself when a test passes.
    std::io::stderr()
        .write_all(line.as_bytes())
        .expect("standard error");
    if let Some(path) = std::env::var_os("IT_REPORT") {
        let mut file = File::options()
            .create(true)
            .append(true)
            .open(path)
            .expect("the file IT_REPORT");
        file.write_all(line.as_bytes()).expect("the file IT_REPORT");
    }
}
