//! Lines of redis.conf.

use super::block::in_language;
use crate::support::*;

#[test]
fn a_server_starts_with_every_configuration_shown() {
    let mut started = 0;
    for block in in_language("conf") {
        let mut builder = Server::builder().without_module();
        for line in block.lines.iter().filter(|line| !is_comment(line)) {
            let (name, value) = line.split_once(' ').unwrap_or((line, ""));
            builder = builder.arg(name, value.trim());
        }
        let server = builder.start();
        let modules = server.client().cmd("MODULE LIST").to_string();
        assert!(modules.contains("atomic"), "{block}: {modules}");
        started += 1;
    }
    assert!(started > 0, "no configuration was found");
}

fn is_comment(line: &str) -> bool {
    line.is_empty() || line.starts_with('#')
}
