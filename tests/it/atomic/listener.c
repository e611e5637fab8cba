/* LISTENER.HEARD: the keyspace events since the last call, for a test of what other modules are told. */
#include "redismodule.h"

#include <string.h>

static char heard[1024];

static int on_event(RedisModuleCtx *ctx, int type, const char *event, RedisModuleString *key) {
    (void)ctx, (void)type, (void)key;
    if (strlen(heard) + strlen(event) + 2 < sizeof heard) {
        if (heard[0] != '\0') strcat(heard, " ");
        strcat(heard, event);
    }
    return REDISMODULE_OK;
}

static int tell(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    (void)argv, (void)argc;
    RedisModule_ReplyWithCString(ctx, heard);
    heard[0] = '\0';
    return REDISMODULE_OK;
}

int RedisModule_OnLoad(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    (void)argv, (void)argc;
    if (RedisModule_Init(ctx, "listener", 1, REDISMODULE_APIVER_1) == REDISMODULE_ERR) return REDISMODULE_ERR;
    RedisModule_SubscribeToKeyspaceEvents(
        ctx, REDISMODULE_NOTIFY_GENERIC | REDISMODULE_NOTIFY_HASH | REDISMODULE_NOTIFY_SET, on_event);
    return RedisModule_CreateCommand(ctx, "listener.heard", tell, "readonly", 0, 0, 0);
}

int RedisModule_OnUnload(RedisModuleCtx *ctx) {
    (void)ctx;
    return REDISMODULE_OK;
}
