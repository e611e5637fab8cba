//! What `COMMAND INFO`, `COMMAND DOCS`, `COMMAND GETKEYS` and the ACL know of a command.

use std::ffi::{CStr, c_int};
use std::ptr;

use redis_module::raw;

use super::{Command, KeyRange, name};
use crate::server::{Ctx, abilities, ok};

/// What a parameter stands for.
#[derive(Clone, Copy)]
enum Kind {
    /// The key of this index in the command's list of keys.
    Key(c_int),
    String,
    Integer,
    Double,
    UnixTime,
    Token,
    OneOf(&'static [Parameter]),
    Block(&'static [Parameter]),
}

/// One parameter of a command's syntax, as `COMMAND DOCS` shows it.
#[derive(Clone, Copy)]
pub struct Parameter {
    name: &'static CStr,
    kind: Kind,
    token: Option<&'static CStr>,
    optional: bool,
    multiple: bool,
}

impl Parameter {
    const fn new(name: &'static CStr, kind: Kind) -> Self {
        Self {
            name,
            kind,
            token: None,
            optional: false,
            multiple: false,
        }
    }

    /// The command's one key.
    #[must_use]
    pub const fn key() -> Self {
        Self::key_of(c"key", 0)
    }

    /// One of several keys, by its index in the command's list of keys.
    #[must_use]
    pub const fn key_of(name: &'static CStr, index: c_int) -> Self {
        Self::new(name, Kind::Key(index))
    }

    /// Any bytes.
    #[must_use]
    pub const fn string(name: &'static CStr) -> Self {
        Self::new(name, Kind::String)
    }

    /// A signed 64-bit integer.
    #[must_use]
    pub const fn integer(name: &'static CStr) -> Self {
        Self::new(name, Kind::Integer)
    }

    /// A double.
    #[must_use]
    pub const fn double(name: &'static CStr) -> Self {
        Self::new(name, Kind::Double)
    }

    /// A time since the Unix epoch.
    #[must_use]
    pub const fn unix_time(name: &'static CStr) -> Self {
        Self::new(name, Kind::UnixTime)
    }

    /// A word that stands for itself.
    #[must_use]
    pub const fn flag(name: &'static CStr, token: &'static CStr) -> Self {
        Self::new(name, Kind::Token).after(token)
    }

    /// One of several.
    #[must_use]
    pub const fn one_of(name: &'static CStr, choices: &'static [Self]) -> Self {
        Self::new(name, Kind::OneOf(choices))
    }

    /// Several that stand together.
    #[must_use]
    pub const fn block(name: &'static CStr, parts: &'static [Self]) -> Self {
        Self::new(name, Kind::Block(parts))
    }

    /// Stands after a word of the syntax.
    #[must_use]
    pub const fn after(mut self, token: &'static CStr) -> Self {
        self.token = Some(token);
        self
    }

    /// May be left out.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// May stand several times.
    #[must_use]
    pub const fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }
}

/// Parameters in the server's form, with the parts they point to.
struct Described {
    list: Vec<raw::RedisModuleCommandArg>,
    parts: Vec<Described>,
}

impl Described {
    /// The server wants every list closed by an element without a name.
    fn new(parameters: &[Parameter]) -> Self {
        let (mut list, mut parts) = (Vec::new(), Vec::new());
        for parameter in parameters {
            let subargs = match parameter.kind {
                Kind::OneOf(inner) | Kind::Block(inner) => {
                    parts.push(Self::new(inner));
                    parts.last_mut().map(|part| part.list.as_mut_ptr())
                }
                _ => None,
            };
            list.push(argument(parameter, subargs.unwrap_or(ptr::null_mut())));
        }
        // SAFETY: a C struct of pointers and numbers, for which all zeros are its "nothing".
        list.push(unsafe { std::mem::zeroed() });
        Self { list, parts }
    }
}

fn argument(
    parameter: &Parameter,
    subargs: *mut raw::RedisModuleCommandArg,
) -> raw::RedisModuleCommandArg {
    let kind = match parameter.kind {
        Kind::Key(_) => raw::RedisModuleCommandArgType_REDISMODULE_ARG_TYPE_KEY,
        Kind::String => raw::RedisModuleCommandArgType_REDISMODULE_ARG_TYPE_STRING,
        Kind::Integer => raw::RedisModuleCommandArgType_REDISMODULE_ARG_TYPE_INTEGER,
        Kind::Double => raw::RedisModuleCommandArgType_REDISMODULE_ARG_TYPE_DOUBLE,
        Kind::UnixTime => raw::RedisModuleCommandArgType_REDISMODULE_ARG_TYPE_UNIX_TIME,
        Kind::Token => raw::RedisModuleCommandArgType_REDISMODULE_ARG_TYPE_PURE_TOKEN,
        Kind::OneOf(_) => raw::RedisModuleCommandArgType_REDISMODULE_ARG_TYPE_ONEOF,
        Kind::Block(_) => raw::RedisModuleCommandArgType_REDISMODULE_ARG_TYPE_BLOCK,
    };
    let mut flags = raw::REDISMODULE_CMD_ARG_NONE;
    if parameter.optional {
        flags |= raw::REDISMODULE_CMD_ARG_OPTIONAL;
    }
    if parameter.multiple {
        flags |= raw::REDISMODULE_CMD_ARG_MULTIPLE;
    }
    raw::RedisModuleCommandArg {
        name: parameter.name.as_ptr(),
        type_: kind,
        key_spec_index: match parameter.kind {
            Kind::Key(index) => index,
            _ => -1,
        },
        token: parameter.token.map_or(ptr::null(), CStr::as_ptr),
        summary: ptr::null(),
        since: ptr::null(),
        flags: c_int::try_from(flags).expect("small flags"),
        deprecated_since: ptr::null(),
        subargs,
        display_text: ptr::null(),
    }
}

/// The sizes by which the server reads the structures of [`info`]; it keeps the pointer.
static VERSION: raw::RedisModuleCommandInfoVersion = raw::RedisModuleCommandInfoVersion {
    version: 1,
    sizeof_historyentry: size_of::<raw::RedisModuleCommandHistoryEntry>(),
    sizeof_keyspec: size_of::<raw::RedisModuleCommandKeySpec>(),
    sizeof_arg: size_of::<raw::RedisModuleCommandArg>(),
};

/// Tells the server about a command, as far as the server can be told.
pub(super) fn describe<C: Command>(ctx: &Ctx) -> Result<(), String> {
    // SAFETY: the command has just been registered under this name; the functions are called only where
    // the server has them, and copy what they are given.
    unsafe {
        let Some(get) = raw::RedisModule_GetCommand else {
            return Ok(());
        };
        let command = get(ctx.raw(), C::NAME.as_ptr());
        if let Some(set_info) = raw::RedisModule_SetCommandInfo {
            let mut specs: Vec<_> = C::KEYS.iter().map(key_spec).collect();
            specs.push(std::mem::zeroed());
            let mut parameters = Described::new(C::PARAMETERS);
            let info = raw::RedisModuleCommandInfo {
                version: &raw const VERSION,
                summary: C::SUMMARY.as_ptr(),
                complexity: C::COMPLEXITY.as_ptr(),
                since: C::SINCE.as_ptr(),
                history: ptr::null_mut(),
                tips: ptr::null(),
                arity: C::ARITY,
                key_specs: specs.as_mut_ptr(),
                args: parameters.list.as_mut_ptr(),
            };
            if !ok(set_info(command, &raw const info)) {
                return Err(format!(
                    "the server refuses the description of '{}'",
                    name::<C>()
                ));
            }
            drop(parameters.parts);
        }
        if let Some(set_categories) = raw::RedisModule_SetCommandACLCategories {
            let categories = abilities::with_own_category(C::ACL);
            if !ok(set_categories(command, categories.as_ptr())) {
                return Err(format!(
                    "the server refuses the categories of '{}'",
                    name::<C>()
                ));
            }
        }
    }
    Ok(())
}

fn key_spec(keys: &KeyRange) -> raw::RedisModuleCommandKeySpec {
    // SAFETY: a C struct of pointers and numbers, all zeros being its "nothing"; the union's member is
    // the one that its type tag names.
    unsafe {
        let mut spec: raw::RedisModuleCommandKeySpec = std::mem::zeroed();
        spec.flags = keys.access.flags().into();
        match keys.keyword {
            None => {
                spec.begin_search_type =
                    raw::RedisModuleKeySpecBeginSearchType_REDISMODULE_KSPEC_BS_INDEX;
                spec.bs.index.pos = keys.first;
            }
            Some(keyword) => {
                spec.begin_search_type =
                    raw::RedisModuleKeySpecBeginSearchType_REDISMODULE_KSPEC_BS_KEYWORD;
                spec.bs.keyword.keyword = keyword.as_ptr();
                spec.bs.keyword.startfrom = keys.first;
            }
        }
        spec.find_keys_type = raw::RedisModuleKeySpecFindKeysType_REDISMODULE_KSPEC_FK_RANGE;
        spec.fk.range.lastkey = keys.last - keys.first;
        spec.fk.range.keystep = 1;
        spec.fk.range.limit = 0;
        spec
    }
}
