//! Loading, and what the module shows of itself afterwards: arguments, configuration, log, INFO; and
//! that a bug in it is no crash.

mod arguments;
mod configuration;
mod counters;
mod log;
mod panics;
mod unload;
