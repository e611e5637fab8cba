// Each helper of docs/migration.md beside the other: the old way and the new one leave the same behind.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using StackExchange.Redis;

static class Check
{
/* what the page shows */

    static Connection db;

    static void Same(string what, string show, Action old, Action now)
    {
        db.Execute("FLUSHALL");
        db.Execute("SET", "k", "before");
        old();
        var expected = Seen(show);
        db.Execute("FLUSHALL");
        db.Execute("SET", "k", "before");
        now();
        var found = Seen(show);
        if (expected != found) throw new Exception(what + ": " + expected + " became " + found);
        if ((long)db.Execute("DBSIZE") != 1) throw new Exception(what + ": another key is left");
        Console.WriteLine("C#: " + what);
    }

    static string Seen(string show)
    {
        var words = show.Split(' ');
        var result = db.Execute(words[0], words.Skip(1).ToArray<object>());
        var value = words[0] == "GET" ? new[] { (string)result } : (string[])result;
        var order = words[0] == "SMEMBERS" ? value.OrderBy(word => word).ToArray() : value;
        return string.Join(" ", order) + ", expires: " + ((long)db.Execute("TTL", "k") > 0);
    }

    static void Main(string[] args)
    {
        db = new Connection(int.Parse(args[0]));
        var members = new[] { "a", "b" };
        var pairs = new Dictionary<string, string> { { "f", "1" }, { "g", "2" } };
        Same("a string", "GET k", () => OldString(db, "k", "v", 60), () => NewString(db, "k", "v", 60));
        Same("a set", "SMEMBERS k", () => OldSet(db, "k", members), () => NewSet(db, "k", members));
        Same("a hash", "HGETALL k", () => OldHash(db, "k", pairs, 60), () => NewHash(db, "k", pairs, 60));
        Same("a lock", "HGETALL k",
            () => OldHashLocked(db, "k", pairs, 60), () => NewHashUnlocked(db, "k", pairs, 60));
        Same("a tag", "SMEMBERS k",
            () => OldTaggedSet(db, "k", members), () => NewUntaggedSet(db, "k", members));
        Same("pieces", "SMEMBERS k", () => OldSet(db, "k", members),
            () => NewHugeSet(db, "k", new[] { new[] { "a" }, new[] { "b", "a" } }));
        Same("the time that was left", "GET k", () => OldString(db, "k", "v", 60), () =>
        {
            if (NewStringSameTime(db, "missing", "v")) throw new Exception("a missing key was set");
            db.Execute("EXPIRE", "k", 60);
            NewStringSameTime(db, "k", "v");
        });
        db.Execute("SADD", "x:tmp", "a");
        OldJanitor(db, db, 0);
        if ((long)db.Execute("EXISTS", "x:tmp") != 0) throw new Exception("the janitor left a key");
    }
}
