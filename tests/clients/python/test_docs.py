"""The Python in docs/, against the server."""

import re

import pytest
from conftest import ROOT, has_module


@pytest.fixture
def shown(client):
    """All that the blocks define."""
    if not has_module(client):
        pytest.skip("the commands of the module need the module")
    names = {}
    for page in sorted((ROOT / "docs").glob("*.md")):
        for block in re.findall(r"^```python\n(.*?)^```", page.read_text(), re.M | re.S):
            exec(block, names)
    return names


def test_replacing(client, shown):
    client.rpush("k", "something else")
    shown["replace_hash"](client, "k", {"a": "1", "b": "2"}, 1000)
    assert client.hgetall("k") == {b"a": b"1", b"b": b"2"}
    assert 900 < client.ttl("k") <= 1000
    shown["replace_set"](client, "k", ["a", "b"])
    assert client.smembers("k") == {b"a", b"b"}
    shown["replace_huge_set"](client, "k", [["c", "d"], ["d", "e"]])
    assert client.smembers("k") == {b"c", b"d", b"e"}
    assert client.dbsize() == 1
