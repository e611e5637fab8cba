import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What people come to redis-atomic for, with Lettuce. REDIS_URL names the server; without it, the
 * one on this machine.
 */
public class LettuceExample {
  private static final String LOCK = "example:{report}:lock";
  private static final String FENCE = "example:{report}:fence";
  private static final String REPORT = "example:{report}";

  private final RedisCommands<String, String> redis;

  LettuceExample(RedisCommands<String, String> redis) {
    this.redis = redis;
  }

  public static void main(String[] args) {
    String url = System.getenv().getOrDefault("REDIS_URL", "redis://127.0.0.1:6379");
    RedisClient client = RedisClient.create(url);
    try (var connection = client.connect()) {
      LettuceExample example = new LettuceExample(connection.sync());
      example.replace();
      example.updateByDigest();
      example.workUnderALock();
    } finally {
      client.shutdown();
    }
  }

  /** The module's commands: Lettuce wants to know what kind of reply is to come. */
  private enum Atomic implements ProtocolKeyword {
    ATOMIC_REPLACEHASH, ATOMIC_REPLACESET, CAS_GET, CAS_SET, CAS_HSET, LOCK_ACQUIRE, LOCK_RELEASE;

    @Override
    public byte[] getBytes() {
      return name().replace('_', '.').getBytes(StandardCharsets.US_ASCII);
    }
  }

  private <T> T call(
      Atomic command, CommandOutput<String, String, T> output, String key, Object... words) {
    CommandArgs<String, String> args = new CommandArgs<>(StringCodec.UTF8).addKey(key);
    for (Object word : words) {
      args.add(word.toString());
    }
    return redis.dispatch(command, output, args);
  }

  private static StatusOutput<String, String> status() {
    return new StatusOutput<>(StringCodec.UTF8);
  }

  private static IntegerOutput<String, String> integer() {
    return new IntegerOutput<>(StringCodec.UTF8);
  }

  private static ValueListOutput<String, String> values() {
    return new ValueListOutput<>(StringCodec.UTF8);
  }

  private void replace() {
    redis.hset("example:user", Map.of("name", "Ada", "email", "ada@example.com"));
    call(Atomic.ATOMIC_REPLACEHASH, status(), "example:user", "name", "Grace", "role", "admin");
    String user =
        new TreeMap<>(redis.hgetall("example:user"))
            .entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(" "));
    System.out.println("user is now " + user);

    redis.sadd("example:allow", "10.0.0.1", "10.0.0.9");
    call(Atomic.ATOMIC_REPLACESET, status(), "example:allow", "10.0.0.1", "10.0.0.2");
    String allow = String.join(" ", new TreeSet<>(redis.smembers("example:allow")));
    System.out.println("allow is now " + allow);
  }

  private record Updated(String text, int tries) {}

  /** Changes a string, and tries again where somebody else was faster. */
  private Updated update(String key, UnaryOperator<String> change) {
    for (int tries = 1; tries <= 10; tries++) {
      List<String> seen = call(Atomic.CAS_GET, values(), key);
      String digest = seen.get(0);
      String changed = change.apply(seen.get(1));
      if (call(Atomic.CAS_SET, status(), key, "IFDEQ", digest, changed) != null) {
        return new Updated(changed, tries);
      }
    }
    throw new IllegalStateException(key + " changes too often");
  }

  private void updateByDigest() {
    String key = "example:document";
    redis.set(key, "draft");
    Updated updated =
        update(
            key,
            text -> {
              if (text.equals("draft")) { // somebody else is faster, this once
                redis.append(key, ", reviewed");
              }
              return text + ", signed";
            });
    System.out.printf("document after %d tries: %s%n", updated.tries, updated.text);
  }

  /** The fencing token; 0 after a second of waiting. */
  private long acquire(String token, int milliseconds) {
    return call(
        Atomic.LOCK_ACQUIRE, integer(), LOCK, token,
        "PX", milliseconds, "BLOCK", 1000, "FENCE", FENCE);
  }

  /** Writes the report, unless it was written under a later fence. */
  private String write(long fence, String text) {
    long written =
        call(
            Atomic.CAS_HSET, integer(), REPORT, "fence", "IFLT", fence,
            "FIELDS", 2, "fence", fence, "text", text);
    return written == 1 ? "accepted" : "refused";
  }

  private String release(String token) {
    return call(Atomic.LOCK_RELEASE, integer(), LOCK, token) == 1 ? "done" : "no longer its own";
  }

  private void workUnderALock() {
    String a = UUID.randomUUID().toString();
    String b = UUID.randomUUID().toString();
    redis.del(LOCK, FENCE, REPORT);
    long fenceA = acquire(a, 100);
    System.out.println("A holds the lock, fence " + fenceA);
    long fenceB = acquire(b, 30_000);
    System.out.println("A stalls until its lock expires; B waited and holds it, fence " + fenceB);
    System.out.printf("B writes under fence %d: %s%n", fenceB, write(fenceB, "by B"));
    System.out.printf("A writes under fence %d: %s%n", fenceA, write(fenceA, "by A"));
    System.out.println("A releases the lock: " + release(a));
    System.out.println("B releases the lock: " + release(b));
    System.out.println("report: " + redis.hget(REPORT, "text"));
  }
}
