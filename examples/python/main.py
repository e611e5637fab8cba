"""What people come to redis-atomic for, with redis-py.

REDIS_URL names the server; without it, the one on this machine.
"""

import os
import secrets

import redis


def replace(client):
    client.hset("example:user", mapping={"name": "Ada", "email": "ada@example.com"})
    client.execute_command("ATOMIC.REPLACEHASH", "example:user", "name", "Grace", "role", "admin")
    user = client.hgetall("example:user")
    print("user is now", *(f"{field}={user[field]}" for field in sorted(user)))

    client.sadd("example:allow", "10.0.0.1", "10.0.0.9")
    client.execute_command("ATOMIC.REPLACESET", "example:allow", "10.0.0.1", "10.0.0.2")
    print("allow is now", *sorted(client.smembers("example:allow")))


def update(client, key, change):
    """Changes a string, and tries again where somebody else was faster."""
    for tries in range(1, 11):
        digest, value = client.execute_command("CAS.GET", key)
        changed = change(value)
        if client.execute_command("CAS.SET", key, "IFDEQ", digest, changed):
            return changed, tries
    raise RuntimeError(f"{key} changes too often")


def update_by_digest(client):
    client.set("example:document", "draft")

    def sign(text):
        if text == "draft":  # somebody else is faster, this once
            client.append("example:document", ", reviewed")
        return text + ", signed"

    text, tries = update(client, "example:document", sign)
    print(f"document after {tries} tries: {text}")


LOCK, FENCE, REPORT = "example:{report}:lock", "example:{report}:fence", "example:{report}"


def acquire(client, token, milliseconds):
    """The fencing token, after at most a second of waiting."""
    words = ["PX", milliseconds, "BLOCK", 1000, "FENCE", FENCE]
    fence = client.execute_command("LOCK.ACQUIRE", LOCK, token, *words)
    if not fence:
        raise TimeoutError(LOCK)
    return fence


def write(client, fence, text):
    """Writes the report, unless it was written under a later fence."""
    words = ["FIELDS", 2, "fence", fence, "text", text]
    written = client.execute_command("CAS.HSET", REPORT, "fence", "IFLT", fence, *words)
    return "accepted" if written else "refused"


def release(client, token):
    released = client.execute_command("LOCK.RELEASE", LOCK, token)
    return "done" if released else "no longer its own"


def work_under_a_lock(client):
    a, b = secrets.token_hex(), secrets.token_hex()
    client.delete(LOCK, FENCE, REPORT)
    fence_a = acquire(client, a, 100)
    print(f"A holds the lock, fence {fence_a}")
    fence_b = acquire(client, b, 30_000)
    print(f"A stalls until its lock expires; B waited and holds it, fence {fence_b}")
    print(f"B writes under fence {fence_b}: {write(client, fence_b, 'by B')}")
    print(f"A writes under fence {fence_a}: {write(client, fence_a, 'by A')}")
    print(f"A releases the lock: {release(client, a)}")
    print(f"B releases the lock: {release(client, b)}")
    print("report:", client.hget(REPORT, "text"))


if __name__ == "__main__":
    url = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379")
    with redis.Redis.from_url(url, decode_responses=True) as client:
        replace(client)
        update_by_digest(client)
        work_under_a_lock(client)
