// What docs/migration.md uses of StackExchange.Redis, with its names and signatures, over a bare socket:
// enough to compile the page's C# and to run it against a server where there is no NuGet.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;

namespace StackExchange.Redis
{
    public struct RedisKey
    {
        readonly string text;
        RedisKey(string text) { this.text = text; }
        public static implicit operator RedisKey(string text) { return new RedisKey(text); }
        public override string ToString() { return text; }
    }

    public struct RedisValue
    {
        readonly string text;
        RedisValue(string text) { this.text = text; }
        public static implicit operator RedisValue(string text) { return new RedisValue(text); }
        public override string ToString() { return text; }
    }

    public struct HashEntry
    {
        public readonly RedisValue Name, Value;
        public HashEntry(RedisValue name, RedisValue value) { Name = name; Value = value; }
    }

    public class RedisServerException : Exception
    {
        public RedisServerException(string message) : base(message) { }
    }

    public class RedisResult
    {
        internal readonly object Value;
        internal RedisResult(object value) { Value = value; }
        public bool IsNull { get { return Value == null; } }
        public static explicit operator long(RedisResult result) { return Convert.ToInt64(result.Value); }
        public static explicit operator string(RedisResult result) { return (string)result.Value; }
        public static explicit operator string[](RedisResult result)
        {
            return ((object[])result.Value).Select(item => (string)item).ToArray();
        }
    }

    public interface IDatabase
    {
        RedisResult Execute(string command, params object[] args);
        bool StringSet(RedisKey key, RedisValue value, TimeSpan? expiry = null);
        long SetAdd(RedisKey key, RedisValue[] values);
        void HashSet(RedisKey key, HashEntry[] hashFields);
        bool KeyDelete(RedisKey key);
        bool KeyExpire(RedisKey key, TimeSpan? expiry);
        bool KeyRename(RedisKey key, RedisKey newKey);
        TimeSpan? KeyIdleTime(RedisKey key);
        bool LockTake(RedisKey key, RedisValue value, TimeSpan expiry);
        bool LockRelease(RedisKey key, RedisValue value);
    }

    public interface IServer
    {
        IEnumerable<RedisKey> Keys(RedisValue pattern);
    }

    public class Connection : IDatabase, IServer
    {
        readonly BufferedStream stream;

        public Connection(int port)
        {
            stream = new BufferedStream(new TcpClient("127.0.0.1", port).GetStream());
        }

        public RedisResult Execute(string command, params object[] args)
        {
            var request = new StringBuilder("*" + (args.Length + 1) + "\r\n");
            foreach (var word in new object[] { command }.Concat(args).Select(word => word.ToString()))
                request.Append("$" + Encoding.UTF8.GetByteCount(word) + "\r\n" + word + "\r\n");
            var bytes = Encoding.UTF8.GetBytes(request.ToString());
            stream.Write(bytes, 0, bytes.Length);
            stream.Flush();
            return new RedisResult(Read());
        }

        object Read()
        {
            var line = Line();
            var rest = line.Substring(1);
            switch (line[0])
            {
                case '+': return rest;
                case ':': return long.Parse(rest);
                case '-': throw new RedisServerException(rest);
                case '$': return rest == "-1" ? null : Bulk(int.Parse(rest));
                case '*': return Enumerable.Range(0, int.Parse(rest)).Select(_ => Read()).ToArray();
                default: throw new InvalidDataException(line);
            }
        }

        string Line()
        {
            var line = new StringBuilder();
            for (int next; (next = stream.ReadByte()) != '\n';) line.Append((char)next);
            return line.ToString().TrimEnd('\r');
        }

        string Bulk(int length)
        {
            var bytes = new byte[length + 2];
            for (int read = 0; read < bytes.Length;) read += stream.Read(bytes, read, bytes.Length - read);
            return Encoding.UTF8.GetString(bytes, 0, length);
        }

        static long Milliseconds(TimeSpan time) { return (long)time.TotalMilliseconds; }

        bool Holds(string command, params object[] args) { return (long)Execute(command, args) != 0; }

        public bool StringSet(RedisKey key, RedisValue value, TimeSpan? expiry)
        {
            return expiry == null
                ? !Execute("SET", key, value).IsNull
                : !Execute("SET", key, value, "PX", Milliseconds(expiry.Value)).IsNull;
        }

        public long SetAdd(RedisKey key, RedisValue[] values)
        {
            return (long)Execute("SADD", new object[] { key }.Concat(values.Cast<object>()).ToArray());
        }

        public void HashSet(RedisKey key, HashEntry[] hashFields)
        {
            var words = new List<object> { key };
            foreach (var field in hashFields) words.AddRange(new object[] { field.Name, field.Value });
            Execute("HSET", words.ToArray());
        }

        public bool KeyDelete(RedisKey key) { return Holds("DEL", key); }

        public bool KeyExpire(RedisKey key, TimeSpan? expiry)
        {
            return Holds("PEXPIRE", key, Milliseconds(expiry.Value));
        }

        public bool KeyRename(RedisKey key, RedisKey newKey) { return !Execute("RENAME", key, newKey).IsNull; }

        public TimeSpan? KeyIdleTime(RedisKey key)
        {
            return TimeSpan.FromSeconds((long)Execute("OBJECT", "IDLETIME", key));
        }

        public bool LockTake(RedisKey key, RedisValue value, TimeSpan expiry)
        {
            return !Execute("SET", key, value, "NX", "PX", Milliseconds(expiry)).IsNull;
        }

        public bool LockRelease(RedisKey key, RedisValue value)
        {
            return (string)Execute("GET", key) == value.ToString() && KeyDelete(key);
        }

        public IEnumerable<RedisKey> Keys(RedisValue pattern)
        {
            return ((string[])Execute("KEYS", pattern)).Select(key => (RedisKey)key);
        }
    }
}
