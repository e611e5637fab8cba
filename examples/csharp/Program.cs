// What people come to redis-atomic for, with StackExchange.Redis.
// REDIS_HOST names the server as host:port; without it, the one on this machine.

using StackExchange.Redis;

var host = Environment.GetEnvironmentVariable("REDIS_HOST") ?? "127.0.0.1:6379";
using var connection = await ConnectionMultiplexer.ConnectAsync(host);
var db = connection.GetDatabase();

await Replace();
await UpdateByDigest();
await WorkUnderALock();

async Task Replace()
{
    RedisKey key = "example:user";
    await db.HashSetAsync(key, [new("name", "Ada"), new("email", "ada@example.com")]);
    await db.ExecuteAsync("ATOMIC.REPLACEHASH", key, "name", "Grace", "role", "admin");
    var user = (await db.HashGetAllAsync(key)).Select(f => $"{f.Name}={f.Value}").Order();
    Console.WriteLine("user is now " + string.Join(' ', user));

    key = "example:allow";
    await db.SetAddAsync(key, ["10.0.0.1", "10.0.0.9"]);
    await db.ExecuteAsync("ATOMIC.REPLACESET", key, "10.0.0.1", "10.0.0.2");
    var allow = (await db.SetMembersAsync(key)).Select(m => m.ToString()).Order();
    Console.WriteLine("allow is now " + string.Join(' ', allow));
}

// Changes a string, and tries again where somebody else was faster.
async Task<(string Text, int Tries)> Update(RedisKey key, Func<string, Task<string>> change)
{
    for (var tries = 1; tries <= 10; tries++)
    {
        var seen = (RedisResult[])(await db.ExecuteAsync("CAS.GET", key))!;
        var digest = seen[0].ToString();
        var changed = await change(seen[1].ToString());
        var reply = await db.ExecuteAsync("CAS.SET", key, "IFDEQ", digest, changed);
        if (!reply.IsNull) return (changed, tries);
    }
    throw new InvalidOperationException($"{key} changes too often");
}

async Task UpdateByDigest()
{
    RedisKey key = "example:document";
    await db.StringSetAsync(key, "draft");
    var (text, tries) = await Update(key, async text =>
    {
        // Somebody else is faster, this once.
        if (text == "draft") await db.StringAppendAsync(key, ", reviewed");
        return text + ", signed";
    });
    Console.WriteLine($"document after {tries} tries: {text}");
}

async Task WorkUnderALock()
{
    RedisKey lockKey = "example:{report}:lock";
    RedisKey fenceKey = "example:{report}:fence";
    RedisKey report = "example:{report}";
    var (a, b) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
    await db.KeyDeleteAsync([lockKey, fenceKey, report]);

    var fenceA = await Acquire(a, 100);
    Console.WriteLine($"A holds the lock, fence {fenceA}");
    var fenceB = await Acquire(b, 30_000);
    Console.WriteLine($"A stalls until its lock expires; B waited and holds it, fence {fenceB}");
    Console.WriteLine($"B writes under fence {fenceB}: {await Write(fenceB, "by B")}");
    Console.WriteLine($"A writes under fence {fenceA}: {await Write(fenceA, "by A")}");
    Console.WriteLine($"A releases the lock: {await Release(a)}");
    Console.WriteLine($"B releases the lock: {await Release(b)}");
    Console.WriteLine($"report: {await db.HashGetAsync(report, "text")}");

    // A multiplexer has one connection for all, which a waiting client would hold up for everybody:
    // so no BLOCK here, but tries, a fencing token or 0 after a second.
    async Task<long> Acquire(string token, int milliseconds)
    {
        for (var tries = 1; tries <= 20; tries++)
        {
            var fence = (long)await db.ExecuteAsync(
                "LOCK.ACQUIRE", lockKey, token, "PX", milliseconds, "FENCE", fenceKey);
            if (fence > 0) return fence;
            await Task.Delay(50);
        }
        return 0;
    }

    // Writes the report, unless it was written under a later fence.
    async Task<string> Write(long fence, string text) =>
        (bool)await db.ExecuteAsync(
            "CAS.HSET", report, "fence", "IFLT", fence, "FIELDS", 2, "fence", fence, "text", text)
            ? "accepted" : "refused";

    // The same as db.LockReleaseAsync(lockKey, token), which knows nothing of fences.
    async Task<string> Release(string token) =>
        (bool)await db.ExecuteAsync("LOCK.RELEASE", lockKey, token) ? "done" : "no longer its own";
}
