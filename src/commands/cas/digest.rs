//! `CAS.DIGEST key`

use std::ffi::CStr;

use crate::error::Error;
use crate::logic::condition::Subject;
use crate::server::command::{Access, Command, Parameter};
use crate::server::key::{Key, Kind};
use crate::server::reply::Reply;
use crate::server::{Args, Ctx};

/// The digest of a key's value: 16 lower-case hexadecimal digits, or null when there is none.
pub struct Digest;

impl Command for Digest {
    const NAME: &'static CStr = c"cas.digest";
    const FLAGS: &'static CStr = c"readonly fast";
    const ACL: &'static CStr = c"read string fast";
    const ARITY: i32 = 2;
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static CStr = c"Returns the XXH3 digest of the value of a key.";
    const COMPLEXITY: &'static CStr = c"O(N) in the size of the value";
    const PARAMETERS: &'static [Parameter] = &[Parameter::key()];

    fn run<'a>(ctx: &'a Ctx, args: Args<'a>) -> Result<Reply<'a>, Error> {
        let key = Key::open(ctx, args, 1);
        match key.kind() {
            Kind::Missing => Ok(Reply::Null),
            Kind::String | Kind::Other => key.digest().map(|digest| Reply::Text(digest.text())),
        }
    }
}
