import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.util.CompareCondition;

/** The calls of Jedis that came with Redis 8.4, as its users write them. */
class JedisTest {
  private static final String OTHER = "0000000000000000";
  private final RedisClient client = RedisClient.create(System.getenv("REDIS_URL"));

  @BeforeEach
  void empty() {
    client.flushAll();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private static SetParams when(CompareCondition condition) {
    return SetParams.setParams().condition(condition);
  }

  @Test
  void setIfEqual() {
    client.set("k", "a");
    SetParams equal = when(CompareCondition.valueEq("a"));
    assertEquals("OK", client.set("k", "b", equal));
    assertNull(client.set("k", "c", equal));
    assertNull(client.set("missing", "c", equal));
    assertEquals(Arrays.asList("b", null), client.mget("k", "missing"));
  }

  @Test
  void setIfNotEqual() {
    client.set("k", "a");
    assertNull(client.set("k", "b", when(CompareCondition.valueNe("a"))));
    assertEquals("OK", client.set("k", "b", when(CompareCondition.valueNe("x"))));
    assertEquals("OK", client.set("missing", "b", when(CompareCondition.valueNe("x"))));
    assertEquals(List.of("b", "b"), client.mget("k", "missing"));
  }

  @Test
  void setByDigest() {
    client.set("k", "a");
    String digest = client.digestKey("k");
    assertNull(client.set("k", "b", when(CompareCondition.digestEq(OTHER))));
    assertNull(client.set("k", "b", when(CompareCondition.digestNe(digest))));
    assertEquals("OK", client.set("k", "b", when(CompareCondition.digestEq(digest))));
    assertNull(client.set("k", "c", when(CompareCondition.digestEq(digest))));
    assertEquals("OK", client.set("k", "c", when(CompareCondition.digestNe(digest))));
    assertEquals("c", client.get("k"));
  }

  @Test
  void getReturnsTheValueBeforeWhateverBecomesOfIt() {
    client.set("k", "a");
    SetParams equal = when(CompareCondition.valueEq("a"));
    assertEquals("a", client.setGet("k", "b", equal));
    assertEquals("b", client.setGet("k", "c", equal));
    assertEquals("b", client.get("k"));
  }

  @Test
  void expiry() {
    client.set("k", "a");
    CompareCondition same = CompareCondition.valueEq("a");
    long now = System.currentTimeMillis();
    for (SetParams params :
        List.of(
            when(same).ex(1000),
            when(same).px(1_000_000),
            when(same).exAt(now / 1000 + 1000),
            when(same).pxAt(now + 1_000_000),
            when(same).keepTtl())) {
      assertEquals("OK", client.set("k", "a", params));
      long left = client.ttl("k");
      assertTrue(left > 900 && left <= 1001, left + " s");
    }
    assertEquals("OK", client.set("k", "a", when(same)));
    assertEquals(-1, client.ttl("k"));
  }

  @Test
  void delex() {
    client.set("k", "a");
    String digest = client.digestKey("k");
    for (CompareCondition miss :
        List.of(
            CompareCondition.valueEq("b"),
            CompareCondition.valueNe("a"),
            CompareCondition.digestEq(OTHER),
            CompareCondition.digestNe(digest))) {
      assertEquals(0, client.delex("k", miss));
    }
    for (CompareCondition hit :
        List.of(
            CompareCondition.valueEq("a"),
            CompareCondition.valueNe("b"),
            CompareCondition.digestEq(digest),
            CompareCondition.digestNe(OTHER))) {
      client.set("k", "a");
      assertEquals(1, client.delex("k", hit));
      assertFalse(client.exists("k"));
    }
  }

  @Test
  void digest() {
    client.set("k", "Hello world");
    assertEquals("b6acb9d84a38ff74", client.digestKey("k"));
    client.set("k", "7");
    assertEquals("06eed105b82285fa", client.digestKey("k"));
    assertNull(client.digestKey("missing"));
  }

  @Test
  void errors() {
    client.rpush("l", "a");
    CompareCondition equal = CompareCondition.valueEq("a");
    assertSays("WRONGTYPE", () -> client.set("l", "b", when(equal)));
    assertSays("WRONGTYPE", () -> client.digestKey("l"));
    assertSays("ERR Key should be of string type", () -> client.delex("l", equal));
  }

  private static void assertSays(String text, org.junit.jupiter.api.function.Executable call) {
    String said = assertThrows(JedisDataException.class, call).getMessage();
    assertTrue(said.startsWith(text), said);
  }

  @Test
  void aTransaction() {
    try (var transaction = client.multi()) {
      transaction.set("k", "a");
      Response<String> first =
          transaction.set("k", "b", when(CompareCondition.valueEq("a")));
      Response<String> second =
          transaction.set("k", "c", when(CompareCondition.valueEq("a")));
      Response<Long> deleted = transaction.delex("k", CompareCondition.valueEq("b"));
      transaction.exec();
      assertEquals("OK", first.get());
      assertNull(second.get());
      assertEquals(1, deleted.get());
    }
  }
}
