"""The reference in examples/digest.py says of every value what the server says."""

import importlib.util
import random

import pytest
import redis
from conftest import ROOT, SERVER, has_module

EXAMPLE = ROOT / "examples/digest.py"
SIZES = [1, 2, 128, 129, 512, 513, 5000, 100_000]
SCORES = [0.0, -0.0, float("inf"), float("-inf"), 0.1, 1 / 3, 1e17, 5e-324, 1.7976931348623157e308]


@pytest.fixture(scope="module")
def reference():
    spec = importlib.util.spec_from_file_location("digest", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def server():
    with redis.Redis.from_url(SERVER) as client:
        if not has_module(client):
            pytest.skip("the commands of the module need the module")
        yield client


def words(size, style):
    """Different ones: integers, short ones, or some of a mebibyte."""
    if style == "integers":
        return [b"%d" % (i * 1_234_567_891) for i in range(size)]
    length = 1 << 20 if style == "huge" else 12
    return [b"%d\0\xff" % i + random.randbytes(random.randrange(length)) for i in range(size)]


def write(client, command, parts):
    """Many elements, a few thousand at a time."""
    for start in range(0, len(parts), 2000):
        client.execute_command(command, "k", *sum(parts[start : start + 2000], ()))


@pytest.mark.parametrize(
    "size, style",
    [(size, style) for size in SIZES for style in ["integers", "short"]] + [(4, "huge")],
)
@pytest.mark.parametrize("kind", ["string", "list", "set", "hash", "zset"])
def test_digest(server, reference, kind, size, style):
    random.seed(f"{kind} {size} {style}")
    some = words(size, style)
    if kind == "string":
        command, parts = "SET", [(b"".join(some),)]
    elif kind == "list":
        command, parts = "RPUSH", [(one,) for one in some]
    elif kind == "set":
        command, parts = "SADD", [(one,) for one in some]
    elif kind == "hash":
        command, parts = "HSET", list(zip(some, reversed(some)))
    else:
        command, parts = "ZADD", [(repr(random.choice(SCORES)), one) for one in some]
    server.delete("k")
    write(server, command, parts)
    assert server.execute_command("CAS.DIGEST", "k").decode() == reference.of_key(server, "k")
    assert reference.of_key(server, "missing") is None
