//! Reads a key of any type with plain commands, computes its digest as a client would, and shows it
//! beside the server's.
//!
//!     cargo run --release --example digest -- <port> <key>
//!
//! Needs a server with the module on 127.0.0.1:<port>.

use std::net::{Ipv4Addr, SocketAddr};

mod definition;
#[path = "../../tests/it/support/mod.rs"]
#[allow(
    clippy::wildcard_imports,
    reason = "in tests of its own, which are not seen as such here"
)]
mod support;

use support::{Client, Value};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [port, key] = &words[..] else {
        panic!("a port and a key are expected");
    };
    let port: u16 = port.parse().expect("the port of a server with the module");
    let address: SocketAddr = (Ipv4Addr::LOCALHOST, port).into();
    let mut client = Client::connect(address);
    match computed(&mut client, key) {
        Some(digest) => println!("computed  {digest}"),
        None => println!("a value of this type has no digest"),
    }
    println!("replied   {}", client.call(&["CAS.DIGEST", key]));
}

/// The digest of what the key holds; `None` for a type that has none.
fn computed(client: &mut Client, key: &str) -> Option<String> {
    let mut ask = |words: &[&str]| client.call(&[&words[..1], &[key], &words[1..]].concat());
    let bytes = |(one, other): &(Value, Value)| (one.bytes().to_vec(), other.bytes().to_vec());
    Some(match ask(&["TYPE"]).text().as_str() {
        "string" => definition::of_string(ask(&["GET"]).bytes()),
        "list" => definition::of_list(ask(&["LRANGE", "0", "-1"]).items().iter().map(Value::bytes)),
        "set" => definition::of_set(ask(&["SMEMBERS"]).items().iter().map(Value::bytes)),
        "hash" => {
            let fields: Vec<_> = ask(&["HGETALL"]).pairs().iter().map(bytes).collect();
            definition::of_hash(fields.iter().map(|(field, value)| (&field[..], &value[..])))
        }
        "zset" => {
            let members = ask(&["ZRANGE", "0", "-1", "WITHSCORES"]).pairs();
            let members = members.iter().map(|(member, score)| {
                let score = score.text().parse().expect("a score");
                (member.bytes(), score)
            });
            definition::of_zset(members)
        }
        _ => return None,
    })
}
