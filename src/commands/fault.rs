//! `ATOMIC.FAULT key`: a bug on demand, in debug builds alone, to prove that none reaches the server.

use std::ffi::CStr;

use crate::error::Error;
use crate::server::command::{Access, Command, Parameter};
use crate::server::reply::Reply;
use crate::server::{Args, Ctx};

/// See the module.
pub struct Fault;

impl Command for Fault {
    const NAME: &'static CStr = c"atomic.fault";
    const FLAGS: &'static CStr = c"readonly";
    const ACL: &'static CStr = c"read dangerous";
    const ARITY: i32 = 2;
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static CStr = c"Panics.";
    const COMPLEXITY: &'static CStr = c"O(1)";
    const PARAMETERS: &'static [Parameter] = &[Parameter::key()];

    fn run<'a>(_ctx: &'a Ctx, _args: Args<'a>) -> Result<Reply<'a>, Error> {
        panic!("asked for by ATOMIC.FAULT: 100% %s %n");
    }
}
