// What people come to redis-atomic for, with ioredis.
// REDIS_URL names the server; without it, the one on this machine.

import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";

const client = new Redis(process.env.REDIS_URL ?? "redis://127.0.0.1:6379");
const call = (...words) => client.call(...words);

async function replace() {
  await client.hset("example:user", { name: "Ada", email: "ada@example.com" });
  await call("ATOMIC.REPLACEHASH", "example:user", "name", "Grace", "role", "admin");
  const user = Object.entries(await client.hgetall("example:user")).sort();
  console.log("user is now", user.map((pair) => pair.join("=")).join(" "));

  await client.sadd("example:allow", ["10.0.0.1", "10.0.0.9"]);
  await call("ATOMIC.REPLACESET", "example:allow", "10.0.0.1", "10.0.0.2");
  console.log("allow is now", (await client.smembers("example:allow")).sort().join(" "));
}

/** Changes a string, and tries again where somebody else was faster. */
async function update(key, change) {
  for (let tries = 1; tries <= 10; tries++) {
    const [digest, value] = await call("CAS.GET", key);
    const changed = await change(value);
    if (await call("CAS.SET", key, "IFDEQ", digest, changed)) return [changed, tries];
  }
  throw new Error(`${key} changes too often`);
}

async function updateByDigest() {
  await client.set("example:document", "draft");
  const [text, tries] = await update("example:document", async (text) => {
    // Somebody else is faster, this once.
    if (text === "draft") await client.append("example:document", ", reviewed");
    return text + ", signed";
  });
  console.log(`document after ${tries} tries: ${text}`);
}

const LOCK = "example:{report}:lock";
const FENCE = "example:{report}:fence";
const REPORT = "example:{report}";

/** The fencing token, after at most a second of waiting. */
async function acquire(token, milliseconds) {
  const fence = await call(
    ...["LOCK.ACQUIRE", LOCK, token, "PX", `${milliseconds}`, "BLOCK", "1000", "FENCE", FENCE],
  );
  if (!fence) throw new Error(`waited in vain for ${LOCK}`);
  return fence;
}

/** Writes the report, unless it was written under a later fence. */
async function write(fence, text) {
  const fields = ["FIELDS", "2", "fence", `${fence}`, "text", text];
  const written = await call("CAS.HSET", REPORT, "fence", "IFLT", `${fence}`, ...fields);
  return written ? "accepted" : "refused";
}

async function release(token) {
  return (await call("LOCK.RELEASE", LOCK, token)) ? "done" : "no longer its own";
}

async function workUnderALock() {
  const [a, b] = [randomUUID(), randomUUID()];
  await client.del([LOCK, FENCE, REPORT]);
  const fenceA = await acquire(a, 100);
  console.log(`A holds the lock, fence ${fenceA}`);
  const fenceB = await acquire(b, 30_000);
  console.log(`A stalls until its lock expires; B waited and holds it, fence ${fenceB}`);
  console.log(`B writes under fence ${fenceB}: ${await write(fenceB, "by B")}`);
  console.log(`A writes under fence ${fenceA}: ${await write(fenceA, "by A")}`);
  console.log(`A releases the lock: ${await release(a)}`);
  console.log(`B releases the lock: ${await release(b)}`);
  console.log("report:", await client.hget(REPORT, "text"));
}

await replace();
await updateByDigest();
await workUnderALock();
client.disconnect();
