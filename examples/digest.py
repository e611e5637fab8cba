"""What CAS.DIGEST replies, as docs/cas.md defines it, for any client with an xxHash library.

    pip install redis xxhash
    python3 examples/digest.py <port> <key>

The functions take bytes: a list of elements, a set of members, a dict of fields with values, or a dict of
members with scores. The program reads a key with plain commands, computes its digest, and shows it beside
the server's.
"""

import struct
import sys

from xxhash import xxh3_64, xxh3_64_hexdigest, xxh3_64_intdigest


def le(number):
    return struct.pack("<Q", number)


def of_string(value):
    return xxh3_64_hexdigest(value)


def of_list(elements):
    hasher = xxh3_64(b"l")
    for element in elements:
        hasher.update(le(len(element)))
        hasher.update(element)
    return hasher.hexdigest()


def of_set(members):
    return unordered(b"s", [xxh3_64_intdigest(member) for member in members])


def of_hash(fields):
    joined = (le(len(field)) + field + value for field, value in fields.items())
    return unordered(b"h", [xxh3_64_intdigest(one) for one in joined])


def of_zset(members):
    # To add 0.0 makes -0.0 to 0.0, and changes nothing else.
    joined = (struct.pack("<d", score + 0.0) + member for member, score in members.items())
    return unordered(b"z", [xxh3_64_intdigest(one) for one in joined])


def unordered(letter, hashes):
    return xxh3_64_hexdigest(letter + le(len(hashes)) + le(sum(hashes) % 2**64))


def of_key(client, key):
    """The digest of what the key holds; None where it holds nothing, or a type that has none."""
    kind = client.type(key).decode()
    if kind == "string":
        return of_string(client.get(key))
    if kind == "list":
        return of_list(client.lrange(key, 0, -1))
    if kind == "set":
        return of_set(client.smembers(key))
    if kind == "hash":
        return of_hash(client.hgetall(key))
    if kind == "zset":
        return of_zset(dict(client.zrange(key, 0, -1, withscores=True)))
    return None


if __name__ == "__main__":
    import redis

    port, key = sys.argv[1:]
    server = redis.Redis(port=int(port))
    print("computed ", of_key(server, key))
    print("replied  ", server.execute_command("CAS.DIGEST", key))
