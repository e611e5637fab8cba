/* C.CAS key IFEQ old new: the least that a module in C can do, to measure CAS.SET against.
 *
 * It is what one writes by hand in an afternoon, and what it leaves out is the point of CAS.SET:
 *
 * - It turns a compact value into a plain one by looking at it (StringDMA does, even for reading), so a
 *   comparison that fails changes OBJECT ENCODING and takes memory; an integer is stored as text.
 * - It always opens the key for writing, so a comparison that fails touches WATCH and the caches of
 *   clients, as if the key had changed.
 * - It deletes the key and adds it again (StringSet does): listeners hear of a new key, and the key's
 *   frequency of use, by which LFU evicts, begins anew.
 * - It knows one condition, no expiry, no GET, no option at all, and takes a key of another type for a
 *   value that differs.
 * - It counts nothing and documents nothing: neither INFO nor COMMAND DOCS know of it.
 */
#include "redismodule.h"

#include <string.h>
#include <strings.h>

static int holds(RedisModuleKey *key, RedisModuleString *expected) {
    if (RedisModule_KeyType(key) != REDISMODULE_KEYTYPE_STRING) return 0;
    size_t stored_length, length;
    const char *stored = RedisModule_StringDMA(key, &stored_length, REDISMODULE_READ);
    const char *bytes = RedisModule_StringPtrLen(expected, &length);
    return stored_length == length && memcmp(stored, bytes, length) == 0;
}

static int cas(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    if (argc != 5) return RedisModule_WrongArity(ctx);
    size_t length;
    const char *condition = RedisModule_StringPtrLen(argv[2], &length);
    if (length != 4 || strncasecmp(condition, "IFEQ", 4) != 0)
        return RedisModule_ReplyWithError(ctx, "ERR syntax error");

    RedisModuleKey *key = RedisModule_OpenKey(ctx, argv[1], REDISMODULE_READ | REDISMODULE_WRITE);
    if (!holds(key, argv[3])) {
        RedisModule_CloseKey(key);
        return RedisModule_ReplyWithNull(ctx);
    }
    RedisModule_StringSet(key, argv[4]);
    RedisModule_CloseKey(key);
    RedisModule_Replicate(ctx, "SET", "ss", argv[1], argv[4]);
    RedisModule_NotifyKeyspaceEvent(ctx, REDISMODULE_NOTIFY_STRING, "set", argv[1]);
    return RedisModule_ReplyWithSimpleString(ctx, "OK");
}

int RedisModule_OnLoad(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    (void)argv, (void)argc;
    if (RedisModule_Init(ctx, "anchor", 1, REDISMODULE_APIVER_1) == REDISMODULE_ERR)
        return REDISMODULE_ERR;
    return RedisModule_CreateCommand(ctx, "c.cas", cas, "write deny-oom", 1, 1, 1);
}
