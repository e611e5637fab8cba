//! The harness. Start with [`server::Server`]; talk through [`client::Client`]; see what a command
//! did to everyone else with [`observe::Observer`]; wait with [`until::until`]; say what a server
//! lacks with [`applicability::not_applicable`].
#![allow(dead_code, reason = "the families of tests use what they need")]
#![allow(unused_imports, reason = "`use crate::support::*` brings all of it")]

pub mod aof;
pub mod applicability;
pub mod builder;
pub mod client;
pub mod cluster;
pub mod escape;
pub mod facts;
pub mod lifecycle;
pub mod module;
pub mod observe;
pub mod process;
pub mod resp;
pub mod server;
pub mod sniffer;
pub mod until;
pub mod value;
pub mod words;

mod self_test;

pub use aof::aof_commands;
pub use applicability::{not_applicable, not_applicable_cases};
pub use builder::Builder;
pub use client::Client;
pub use cluster::Cluster;
pub use facts::has_native;
pub use module::{Module, build_c, module_path};
pub use observe::{Effects, Observer};
pub use server::{Server, field_of};
pub use until::{until, until_some};
pub use value::{Value, array, bulk, error, int, map, nil, nil_array, null, ok, simple};
pub use words::Words;
