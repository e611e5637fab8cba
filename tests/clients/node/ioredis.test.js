// ioredis passes on the words that it is given to `set`, and sends commands that it has no method
// for by `call`.

import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { Redis } from "ioredis";

const OTHER = "0000000000000000";
const client = new Redis(process.env.REDIS_URL);

after(() => client.disconnect());
beforeEach(() => client.flushall());

test("SET IFEQ and IFNE", async () => {
  await client.set("k", "a");
  assert.equal(await client.set("k", "b", "IFEQ", "a"), "OK");
  assert.equal(await client.set("k", "c", "IFEQ", "a"), null);
  assert.equal(await client.set("k", "c", "IFNE", "b"), null);
  assert.equal(await client.set("k", "c", "IFNE", "a", "EX", 1000), "OK");
  assert.equal(await client.set("missing", "c", "IFEQ", "a"), null);
  assert.deepEqual(await client.mget("k", "missing"), ["c", null]);
  assert.ok((await client.ttl("k")) > 900);
});

test("SET IFDEQ and IFDNE", async () => {
  await client.set("k", "a");
  const digest = await client.call("DIGEST", "k");
  assert.equal(await client.set("k", "b", "IFDEQ", OTHER), null);
  assert.equal(await client.set("k", "b", "IFDNE", digest), null);
  assert.equal(await client.set("k", "b", "IFDEQ", digest, "GET"), "a");
  assert.equal(await client.set("k", "c", "IFDNE", digest), "OK");
});

test("DELEX", async () => {
  await client.set("k", "a");
  assert.equal(await client.call("DELEX", "k", "IFEQ", "b"), 0);
  assert.equal(await client.call("DELEX", "k", "IFEQ", "a"), 1);
  assert.equal(await client.call("DELEX", "k"), 0);
});

test("DIGEST", async () => {
  await client.set("k", "Hello world");
  assert.equal(await client.call("DIGEST", "k"), "b6acb9d84a38ff74");
  assert.equal(await client.call("DIGEST", "missing"), null);
});

test("errors", async () => {
  await client.rpush("l", "a");
  await assert.rejects(client.set("l", "b", "IFEQ", "a"), /WRONGTYPE /);
  await assert.rejects(client.call("DELEX", "l", "IFEQ", "a"), /ERR Key should be of string type/);
});

test("MULTI", async () => {
  const replies = await client.multi().set("k", "a").set("k", "b", "IFEQ", "a").get("k").exec();
  assert.deepEqual(replies, [[null, "OK"], [null, "OK"], [null, "b"]]);
});
