//! What every server has, since Redis 6.0: the functions that [`api`](super) calls without asking.

/// Makes each name one that `api!` takes, and asks for all of them at once.
macro_rules! base {
    ($($name:ident)*) => {
        $(
            #[allow(non_upper_case_globals, reason = "the API's name")]
            pub(super) const $name: () = ();
        )*

        /// Whether the server has them all. Older ones lack the command filter's siblings that came with 6.0,
        /// and calling what is not there would end the server.
        pub(super) fn is_there() -> bool {
            // SAFETY: the statics were written by the handshake and nobody writes them again.
            unsafe { $(has!($name))&&* }
        }
    };
}

base! {
    RedisModule_AvoidReplicaTraffic RedisModule_BlockClient RedisModule_Call
    RedisModule_CallReplyArrayElement RedisModule_CallReplyInteger RedisModule_CallReplyLength
    RedisModule_CallReplyProto RedisModule_CallReplyStringPtr RedisModule_CallReplyType
    RedisModule_CloseKey RedisModule_CommandFilterArgGet RedisModule_CommandFilterArgReplace
    RedisModule_CommandFilterArgsCount RedisModule_CreateCommand RedisModule_CreateString
    RedisModule_CreateTimer RedisModule_DeleteKey RedisModule_Free RedisModule_FreeCallReply
    RedisModule_FreeString RedisModule_FreeThreadSafeContext RedisModule_GetBlockedClientHandle
    RedisModule_GetBlockedClientPrivateData RedisModule_GetClientId RedisModule_GetClientInfoById
    RedisModule_GetContextFlags RedisModule_GetExpire RedisModule_GetKeyNameFromModuleKey RedisModule_GetNotifyKeyspaceEvents
    RedisModule_GetSelectedDb RedisModule_GetThreadSafeContext RedisModule_HashGet RedisModule_HashSet
    RedisModule_InfoAddFieldULongLong RedisModule_InfoAddSection RedisModule_IsKeysPositionRequest
    RedisModule_KeyAtPos RedisModule_KeyType RedisModule_Log RedisModule_Milliseconds
    RedisModule_NotifyKeyspaceEvent RedisModule_OpenKey RedisModule_RegisterCommandFilter
    RedisModule_RegisterInfoFunc RedisModule_Replicate RedisModule_ReplyWithArray
    RedisModule_ReplyWithCallReply RedisModule_ReplyWithError RedisModule_ReplyWithLongLong
    RedisModule_ReplyWithNull RedisModule_ReplyWithSimpleString RedisModule_ReplyWithStringBuffer
    RedisModule_RetainString RedisModule_ScanCursorCreate RedisModule_ScanCursorDestroy
    RedisModule_ScanKey RedisModule_SelectDb RedisModule_SetDisconnectCallback RedisModule_SetExpire
    RedisModule_StopTimer RedisModule_StringCompare RedisModule_StringDMA
    RedisModule_StringPtrLen RedisModule_StringSet RedisModule_StringToDouble
    RedisModule_SubscribeToKeyspaceEvents RedisModule_SubscribeToServerEvent RedisModule_UnblockClient
    RedisModule_UnlinkKey RedisModule_ValueLength RedisModule_ZsetFirstInScoreRange
    RedisModule_ZsetRangeCurrentElement RedisModule_ZsetRangeEndReached RedisModule_ZsetRangeNext
    RedisModule_ZsetRangeStop
}
