import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.commands.ProtocolCommand;

/**
 * What people come to redis-atomic for, with Jedis. REDIS_URL names the server; without it, the one
 * on this machine.
 */
public class JedisExample {
  private static final String LOCK = "example:{report}:lock";
  private static final String FENCE = "example:{report}:fence";
  private static final String REPORT = "example:{report}";

  private final RedisClient client;

  JedisExample(RedisClient client) {
    this.client = client;
  }

  public static void main(String[] args) {
    String url = System.getenv().getOrDefault("REDIS_URL", "redis://127.0.0.1:6379");
    try (RedisClient client = RedisClient.create(url)) {
      JedisExample example = new JedisExample(client);
      example.replace();
      example.updateByDigest();
      example.workUnderALock();
    }
  }

  /** Commands that Jedis has no method for are sent by name; the key comes first. */
  private Object call(String command, String key, String... words) {
    ProtocolCommand name = () -> command.getBytes(StandardCharsets.UTF_8);
    String[] all = new String[words.length + 1];
    all[0] = key;
    System.arraycopy(words, 0, all, 1, words.length);
    return client.sendCommand(key, name, all);
  }

  private static String text(Object reply) {
    return new String((byte[]) reply, StandardCharsets.UTF_8);
  }

  private void replace() {
    client.hset("example:user", Map.of("name", "Ada", "email", "ada@example.com"));
    call("ATOMIC.REPLACEHASH", "example:user", "name", "Grace", "role", "admin");
    String user =
        new TreeMap<>(client.hgetAll("example:user"))
            .entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(" "));
    System.out.println("user is now " + user);

    client.sadd("example:allow", "10.0.0.1", "10.0.0.9");
    call("ATOMIC.REPLACESET", "example:allow", "10.0.0.1", "10.0.0.2");
    String allow = String.join(" ", new TreeSet<>(client.smembers("example:allow")));
    System.out.println("allow is now " + allow);
  }

  private record Updated(String text, int tries) {}

  /** Changes a string, and tries again where somebody else was faster. */
  private Updated update(String key, UnaryOperator<String> change) {
    for (int tries = 1; tries <= 10; tries++) {
      List<?> seen = (List<?>) call("CAS.GET", key);
      String digest = text(seen.get(0));
      String changed = change.apply(text(seen.get(1)));
      if (call("CAS.SET", key, "IFDEQ", digest, changed) != null) {
        return new Updated(changed, tries);
      }
    }
    throw new IllegalStateException(key + " changes too often");
  }

  private void updateByDigest() {
    String key = "example:document";
    client.set(key, "draft");
    Updated updated =
        update(
            key,
            text -> {
              if (text.equals("draft")) { // somebody else is faster, this once
                client.append(key, ", reviewed");
              }
              return text + ", signed";
            });
    System.out.printf("document after %d tries: %s%n", updated.tries, updated.text);
  }

  /**
   * The fencing token; 0 after a second of waiting. (Jedis waits 2 seconds for a reply, if not told
   * otherwise.)
   */
  private long acquire(String token, int milliseconds) {
    String ttl = String.valueOf(milliseconds);
    return (Long)
        call("LOCK.ACQUIRE", LOCK, token, "PX", ttl, "BLOCK", "1000", "FENCE", FENCE);
  }

  /** Writes the report, unless it was written under a later fence. */
  private String write(long fence, String text) {
    String number = String.valueOf(fence);
    Object written =
        call(
            "CAS.HSET", REPORT, "fence", "IFLT", number,
            "FIELDS", "2", "fence", number, "text", text);
    return written.equals(1L) ? "accepted" : "refused";
  }

  private String release(String token) {
    return call("LOCK.RELEASE", LOCK, token).equals(1L) ? "done" : "no longer its own";
  }

  private void workUnderALock() {
    String a = UUID.randomUUID().toString();
    String b = UUID.randomUUID().toString();
    client.del(LOCK, FENCE, REPORT);
    long fenceA = acquire(a, 100);
    System.out.println("A holds the lock, fence " + fenceA);
    long fenceB = acquire(b, 30_000);
    System.out.println("A stalls until its lock expires; B waited and holds it, fence " + fenceB);
    System.out.printf("B writes under fence %d: %s%n", fenceB, write(fenceB, "by B"));
    System.out.printf("A writes under fence %d: %s%n", fenceA, write(fenceA, "by A"));
    System.out.println("A releases the lock: " + release(a));
    System.out.println("B releases the lock: " + release(b));
    System.out.println("report: " + client.hget(REPORT, "text"));
  }
}
