//! `DELIFEQ key value`

use std::ffi::CStr;

use super::delex::delete_if;
use crate::error::Error;
use crate::logic::condition::Condition;
use crate::server::command::{Access, Command, Parameter};
use crate::server::key::Key;
use crate::server::reply::Reply;
use crate::server::{Args, Ctx};

/// Deletes a key if it holds exactly this string, as Valkey 9 does.
pub struct Delifeq;

impl Command for Delifeq {
    const NAME: &'static CStr = c"delifeq";
    const FLAGS: &'static CStr = c"write fast";
    const ACL: &'static CStr = c"write string fast";
    const ARITY: i32 = 3;
    const ACCESS: Access = Access::Delete;
    const SUMMARY: &'static CStr = c"Deletes a key if its value is exactly the string given.";
    const COMPLEXITY: &'static CStr = c"O(N) in the length of the value";
    const PARAMETERS: &'static [Parameter] = &[Parameter::key(), Parameter::string(c"value")];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let equal = Condition::Equal(2);
        let key = Key::open_quietly(ctx, args, 1);
        let holds = equal.holds(&key)?;
        delete_if(holds, ctx, key)
    }
}
