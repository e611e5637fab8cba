import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.CompareCondition;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.SetArgs;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The calls of Lettuce that came with Redis 8.4, as its users write them. */
class LettuceTest {
  private static final String OTHER = "0000000000000000";
  private static final RedisClient CLIENT = RedisClient.create(System.getenv("REDIS_URL"));
  private static final RedisCommands<String, String> REDIS = CLIENT.connect().sync();

  @BeforeEach
  void empty() {
    REDIS.flushall();
  }

  @AfterAll
  static void close() {
    CLIENT.shutdown();
  }

  private static SetArgs when(CompareCondition<String> condition) {
    return new SetArgs().compareCondition(condition);
  }

  @Test
  void setIfEqual() {
    REDIS.set("k", "a");
    SetArgs equal = when(CompareCondition.valueEq("a"));
    assertEquals("OK", REDIS.set("k", "b", equal));
    assertNull(REDIS.set("k", "c", equal));
    assertNull(REDIS.set("missing", "c", equal));
    assertEquals("b", REDIS.get("k"));
    assertEquals(0, REDIS.exists("missing"));
  }

  @Test
  void setIfNotEqual() {
    REDIS.set("k", "a");
    assertNull(REDIS.set("k", "b", when(CompareCondition.valueNe("a"))));
    assertEquals("OK", REDIS.set("k", "b", when(CompareCondition.valueNe("x"))));
    assertEquals("OK", REDIS.set("missing", "b", when(CompareCondition.valueNe("x"))));
    assertEquals("b", REDIS.get("missing"));
  }

  @Test
  void setByDigest() {
    REDIS.set("k", "a");
    String digest = REDIS.digestKey("k");
    assertNull(REDIS.set("k", "b", when(CompareCondition.digestEq(OTHER))));
    assertNull(REDIS.set("k", "b", when(CompareCondition.digestNe(digest))));
    assertEquals("OK", REDIS.set("k", "b", when(CompareCondition.digestEq(digest))));
    assertNull(REDIS.set("k", "c", when(CompareCondition.digestEq(digest))));
    assertEquals("OK", REDIS.set("k", "c", when(CompareCondition.digestNe(digest))));
    assertEquals("c", REDIS.get("k"));
  }

  @Test
  void getReturnsTheValueBeforeWhateverBecomesOfIt() {
    REDIS.set("k", "a");
    SetArgs equal = when(CompareCondition.valueEq("a"));
    assertEquals("a", REDIS.setGet("k", "b", equal));
    assertEquals("b", REDIS.setGet("k", "c", equal));
    assertEquals("b", REDIS.get("k"));
  }

  @Test
  void expiry() {
    REDIS.set("k", "a");
    CompareCondition<String> same = CompareCondition.valueEq("a");
    long now = System.currentTimeMillis();
    for (SetArgs args :
        List.of(
            when(same).ex(1000),
            when(same).px(1_000_000),
            when(same).exAt(now / 1000 + 1000),
            when(same).pxAt(now + 1_000_000),
            when(same).keepttl())) {
      assertEquals("OK", REDIS.set("k", "a", args));
      long left = REDIS.ttl("k");
      assertTrue(left > 900 && left <= 1001, left + " s");
    }
    assertEquals("OK", REDIS.set("k", "a", when(same)));
    assertEquals(-1, REDIS.ttl("k"));
  }

  @Test
  void delex() {
    REDIS.set("k", "a");
    String digest = REDIS.digestKey("k");
    for (CompareCondition<String> miss :
        List.of(
            CompareCondition.valueEq("b"),
            CompareCondition.valueNe("a"),
            CompareCondition.<String>digestEq(OTHER),
            CompareCondition.<String>digestNe(digest))) {
      assertEquals(0, REDIS.delex("k", miss));
    }
    for (CompareCondition<String> hit :
        List.of(
            CompareCondition.valueEq("a"),
            CompareCondition.valueNe("b"),
            CompareCondition.<String>digestEq(digest),
            CompareCondition.<String>digestNe(OTHER))) {
      REDIS.set("k", "a");
      assertEquals(1, REDIS.delex("k", hit));
      assertEquals(0, REDIS.exists("k"));
    }
  }

  @Test
  void digest() {
    REDIS.set("k", "Hello world");
    assertEquals("b6acb9d84a38ff74", REDIS.digestKey("k"));
    REDIS.set("k", "7");
    assertEquals("06eed105b82285fa", REDIS.digestKey("k"));
    assertNull(REDIS.digestKey("missing"));
  }

  @Test
  void errors() {
    REDIS.rpush("l", "a");
    CompareCondition<String> equal = CompareCondition.valueEq("a");
    assertSays("WRONGTYPE", () -> REDIS.set("l", "b", when(equal)));
    assertSays("WRONGTYPE", () -> REDIS.digestKey("l"));
    assertSays("ERR Key should be of string type", () -> REDIS.delex("l", equal));
  }

  private static void assertSays(String text, org.junit.jupiter.api.function.Executable call) {
    String said = assertThrows(RedisCommandExecutionException.class, call).getMessage();
    assertTrue(said.startsWith(text), said);
  }

  @Test
  void aTransaction() {
    REDIS.multi();
    REDIS.set("k", "a");
    REDIS.set("k", "b", when(CompareCondition.valueEq("a")));
    REDIS.set("k", "c", when(CompareCondition.valueEq("a")));
    REDIS.delex("k", CompareCondition.valueEq("b"));
    TransactionResult replies = REDIS.exec();
    assertEquals("OK", replies.get(1));
    assertNull(replies.get(2));
    assertEquals(1L, (Long) replies.get(3));
  }
}
