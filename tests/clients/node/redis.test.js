// The calls of node-redis that came with Redis 8.4, as its users write them.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { createClient } from "redis";

const OTHER = "0000000000000000";

for (const RESP of [2, 3]) {
  describe(`RESP${RESP}`, () => {
    const client = createClient({ url: process.env.REDIS_URL, RESP });
    const set = (key, value, condition, matchValue, more = {}) =>
      client.set(key, value, { condition, matchValue, ...more });
    const del = (key, condition, matchValue) => client.delEx(key, { condition, matchValue });

    before(() => client.connect());
    after(() => client.close());
    beforeEach(() => client.flushAll());

    test("SET IFEQ", async () => {
      await client.set("k", "a");
      assert.equal(await set("k", "b", "IFEQ", "a"), "OK");
      assert.equal(await set("k", "c", "IFEQ", "a"), null);
      assert.equal(await set("missing", "c", "IFEQ", "a"), null);
      assert.deepEqual(await client.mGet(["k", "missing"]), ["b", null]);
    });

    test("SET IFNE", async () => {
      await client.set("k", "a");
      assert.equal(await set("k", "b", "IFNE", "a"), null);
      assert.equal(await set("k", "b", "IFNE", "x"), "OK");
      assert.equal(await set("missing", "b", "IFNE", "x"), "OK");
      assert.deepEqual(await client.mGet(["k", "missing"]), ["b", "b"]);
    });

    test("SET IFDEQ", async () => {
      await client.set("k", "a");
      const digest = await client.digest("k");
      assert.equal(await set("k", "b", "IFDEQ", OTHER), null);
      assert.equal(await set("k", "b", "IFDEQ", digest), "OK");
      assert.equal(await set("k", "c", "IFDEQ", digest), null);
      assert.equal(await client.get("k"), "b");
    });

    test("SET IFDNE", async () => {
      await client.set("k", "a");
      const digest = await client.digest("k");
      assert.equal(await set("k", "b", "IFDNE", digest), null);
      assert.equal(await set("k", "b", "IFDNE", OTHER), "OK");
      assert.equal(await set("missing", "b", "IFDNE", digest), "OK");
      assert.deepEqual(await client.mGet(["k", "missing"]), ["b", "b"]);
    });

    test("GET returns the value before, whatever becomes of it", async () => {
      await client.set("k", "a");
      assert.equal(await set("k", "b", "IFEQ", "a", { GET: true }), "a");
      assert.equal(await set("k", "c", "IFEQ", "a", { GET: true }), "b");
      assert.equal(await set("missing", "c", "IFNE", "b", { GET: true }), null);
      assert.deepEqual(await client.mGet(["k", "missing"]), ["b", "c"]);
    });

    for (const [type, value] of [
      ["EX", () => 1000],
      ["PX", () => 1000_000],
      ["EXAT", () => Math.floor(Date.now() / 1000) + 1000],
      ["PXAT", () => Date.now() + 1000_000],
    ]) {
      test(`SET IFEQ with ${type}`, async () => {
        await client.set("k", "a");
        assert.equal(
          await set("k", "b", "IFEQ", "a", { expiration: { type, value: value() } }),
          "OK",
        );
        const left = await client.ttl("k");
        assert.ok(left > 900 && left <= 1001, `${left} s`);
      });
    }

    test("the expiry goes unless it is kept", async () => {
      await client.set("k", "a", { EX: 1000 });
      assert.equal(await set("k", "b", "IFEQ", "a", { expiration: "KEEPTTL" }), "OK");
      assert.ok((await client.ttl("k")) > 900);
      assert.equal(await set("k", "c", "IFEQ", "b"), "OK");
      assert.equal(await client.ttl("k"), -1);
    });

    test("DELEX", async () => {
      await client.set("k", "a");
      const digest = await client.digest("k");
      assert.equal(await del("k", "IFEQ", "b"), 0);
      assert.equal(await del("k", "IFNE", "a"), 0);
      assert.equal(await del("k", "IFDEQ", OTHER), 0);
      assert.equal(await del("k", "IFDNE", digest), 0);
      for (const [condition, operand] of [
        ["IFEQ", "a"],
        ["IFNE", "b"],
        ["IFDEQ", digest],
        ["IFDNE", OTHER],
      ]) {
        await client.set("k", "a");
        assert.equal(await del("k", condition, operand), 1);
        assert.equal(await client.exists("k"), 0);
      }
      await client.rPush("l", "a");
      assert.equal(await client.delEx("l"), 1);
      assert.equal(await client.delEx("l"), 0);
    });

    test("DIGEST", async () => {
      await client.set("k", "Hello world");
      assert.equal(await client.digest("k"), "b6acb9d84a38ff74");
      await client.set("k", "7");
      assert.equal(await client.digest("k"), "06eed105b82285fa");
      assert.equal(await client.digest("missing"), null);
    });

    test("errors", async () => {
      await client.rPush("l", "a");
      await client.set("k", "a");
      await assert.rejects(set("l", "b", "IFEQ", "a"), /^(Simple|)Error: WRONGTYPE /);
      await assert.rejects(client.digest("l"), /WRONGTYPE /);
      await assert.rejects(del("l", "IFEQ", "a"), /ERR Key should be of string type/);
      await assert.rejects(set("k", "b", "IFDEQ", "short"), /ERR must be exactly 16 hexadecimal/);
      assert.equal(await client.get("k"), "a");
    });

    test("MULTI", async () => {
      const replies = await client
        .multi()
        .set("k", "a")
        .set("k", "b", { condition: "IFEQ", matchValue: "a" })
        .set("k", "c", { condition: "IFEQ", matchValue: "a" })
        .digest("k")
        .delEx("k", { condition: "IFEQ", matchValue: "b" })
        .exec();
      assert.deepEqual([replies[0], replies[1], replies[2], replies[4]], ["OK", "OK", null, 1]);
      assert.match(replies[3], /^[0-9a-f]{16}$/);
    });
  });
}
