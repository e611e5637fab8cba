"""The calls of redis-py that came with Redis 8.4, as its users write them."""

import time

import pytest
from conftest import has_module
from redis.exceptions import ResponseError

OTHER = "0000000000000000"
VALUES = [b"", b"hello", b"12345", b"-7", b"\x00\xff\r\n", b"x" * 300, "zażółć".encode()]


class TestSet:
    def test_ifeq(self, client):
        client.set("k", "a")
        assert client.set("k", "b", ifeq="a") is True
        assert client.set("k", "c", ifeq="a") is None
        assert client.set("missing", "c", ifeq="a") is None
        assert client.get("k") == b"b"
        assert client.exists("missing") == 0

    def test_ifne(self, client):
        client.set("k", "a")
        assert client.set("k", "b", ifne="a") is None
        assert client.set("k", "b", ifne="x") is True
        assert client.set("missing", "b", ifne="x") is True
        assert client.mget("k", "missing") == [b"b", b"b"]

    def test_ifdeq(self, client):
        client.set("k", "a")
        digest = client.digest("k").decode()
        assert client.set("k", "b", ifdeq=OTHER) is None
        assert client.set("k", "b", ifdeq=digest) is True
        assert client.set("k", "c", ifdeq=digest) is None
        assert client.set("missing", "c", ifdeq=digest) is None
        assert client.get("k") == b"b"

    def test_ifdne(self, client):
        client.set("k", "a")
        digest = client.digest("k").decode()
        assert client.set("k", "b", ifdne=digest) is None
        assert client.set("k", "b", ifdne=OTHER) is True
        assert client.set("missing", "b", ifdne=digest) is True
        assert client.mget("k", "missing") == [b"b", b"b"]

    def test_get_returns_the_value_before_whatever_becomes_of_it(self, client):
        client.set("k", "a")
        assert client.set("k", "b", ifeq="a", get=True) == b"a"
        assert client.set("k", "c", ifeq="a", get=True) == b"b"
        assert client.set("k", "c", ifne="b", get=True) == b"b"
        assert client.set("missing", "c", ifne="b", get=True) is None
        assert client.mget("k", "missing") == [b"b", b"c"]

    def test_values_are_bytes(self, client):
        for value in VALUES:
            client.set("k", value)
            assert client.set("k", value + b"!", ifeq=value) is True
            assert client.get("k") == value + b"!"

    @pytest.mark.parametrize("unit", ["ex", "px", "exat", "pxat"])
    def test_expiry(self, client, unit):
        left = 1000 * (1000 if unit.startswith("p") else 1)
        now = time.time() * (1000 if unit.startswith("p") else 1)
        client.set("k", "a")
        given = left + int(now) if unit.endswith("at") else left
        assert client.set("k", "b", ifeq="a", **{unit: given}) is True
        assert 900 < client.ttl("k") <= 1001

    def test_the_expiry_goes_unless_it_is_kept(self, client):
        client.set("k", "a", ex=1000)
        assert client.set("k", "b", ifeq="a", keepttl=True) is True
        assert 900 < client.ttl("k") <= 1000
        assert client.set("k", "c", ifeq="a", ex=1) is None
        assert 900 < client.ttl("k") <= 1000
        assert client.set("k", "c", ifeq="b") is True
        assert client.ttl("k") == -1

    def test_errors(self, client):
        client.rpush("l", "a")
        with pytest.raises(ResponseError, match="^WRONGTYPE Operation against a key holding"):
            client.set("l", "b", ifeq="a")
        client.set("k", "a")
        with pytest.raises(ResponseError, match="^must be exactly 16 hexadecimal characters$"):
            client.set("k", "b", ifdeq="short")
        with pytest.raises(ResponseError, match="^invalid expire time in 'set' command$"):
            client.set("k", "b", ifeq="a", ex=0)
        assert client.get("k") == b"a"

    def test_a_plain_set_is_what_it_was(self, client):
        assert client.set("k", "a") is True
        assert client.set("k", "b", nx=True) is None
        assert client.set("k", "b", xx=True) is True
        assert client.set("k", "c", ex=1000) is True
        assert 900 < client.ttl("k") <= 1000


class TestDelex:
    def test_without_a_condition(self, client):
        client.rpush("l", "a")
        assert client.delex("l") == 1
        assert client.delex("l") == 0

    @pytest.mark.parametrize(
        ("miss", "hit"),
        [
            ({"ifeq": "b"}, {"ifeq": "a"}),
            ({"ifne": "a"}, {"ifne": "b"}),
        ],
    )
    def test_by_value(self, client, miss, hit):
        client.set("k", "a")
        assert client.delex("k", **miss) == 0
        assert client.delex("k", **hit) == 1
        assert client.exists("k") == 0
        assert client.delex("k", **hit) == 0

    def test_by_digest(self, client):
        client.set("k", "a")
        digest = client.digest("k").decode()
        assert client.delex("k", ifdeq=OTHER) == 0
        assert client.delex("k", ifdne=digest) == 0
        assert client.delex("k", ifdeq=digest) == 1
        client.set("k", "a")
        assert client.delex("k", ifdne=OTHER) == 1

    def test_errors(self, client):
        client.rpush("l", "a")
        with pytest.raises(ResponseError, match="^Key should be of string type"):
            client.delex("l", ifeq="a")
        client.set("k", "a")
        with pytest.raises(ResponseError, match="^must be exactly 16 hexadecimal characters$"):
            client.delex("k", ifdeq="short")
        assert client.exists("l", "k") == 2


class TestDigest:
    def test_it_is_what_the_client_computes_by_itself(self, client):
        for value in VALUES:
            client.set("k", value)
            assert client.digest("k") == client.client.digest_local(value)

    def test_a_missing_key_has_none(self, client):
        assert client.digest("missing") is None

    def test_another_type_is_an_error(self, client):
        client.rpush("l", "a")
        with pytest.raises(ResponseError, match="^WRONGTYPE"):
            client.digest("l")

    def test_a_digest_computed_by_the_client_is_one_to_compare_with(self, client):
        client.set("k", "a")
        local = client.client.digest_local("a").decode()
        assert client.set("k", "b", ifdeq=local) is True
        assert client.delex("k", ifdeq=client.client.digest_local("b").decode()) == 1


class TestTogether:
    def test_decoded_responses(self, connect):
        client = connect(decode_responses=True)
        client.set("k", "a")
        assert client.digest("k") == client.client.digest_local("a")
        assert client.set("k", "b", ifdeq=client.digest("k"), get=True) == "a"

    @pytest.mark.parametrize("transaction", [False, True], ids=["pipeline", "multi"])
    def test_pipelines(self, client, transaction):
        def build(pipeline):
            pipeline.set("k", "a")
            pipeline.set("k", "b", ifeq="a")
            pipeline.set("k", "c", ifeq="a")
            pipeline.set("k", "c", ifne="a", get=True)
            pipeline.digest("k")
            pipeline.delex("k", ifeq="a")
            pipeline.delex("k", ifeq="c")

        digest = client.client.digest_local("c")
        expected = [True, True, None, b"b", digest, 0, 1]
        assert client.pipelined(build, transaction) == expected

    def test_scripts(self, client):
        script = "return redis.call('SET', KEYS[1], ARGV[1], 'IFEQ', ARGV[2])"
        client.set("k", "a")
        assert client.eval(script, 1, "k", "b", "a") in (b"OK", "OK")
        assert client.eval(script, 1, "k", "c", "a") is None
        assert client.get("k") == b"b"

    def test_of_two_writers_who_read_the_same_value_one_wins(self, connect):
        first, second = connect(), connect()
        first.set("k", "a")
        seen = [first.digest("k").decode(), second.digest("k").decode()]
        assert first.set("k", "first", ifdeq=seen[0]) is True
        assert second.set("k", "second", ifdeq=seen[1]) is None
        assert second.get("k") == b"first"

    def test_a_lock_is_released_by_its_holder_alone(self, connect):
        holder, other = connect(), connect()
        assert holder.set("lock", "token", nx=True, ex=1000) is True
        assert other.delex("lock", ifeq="other token") == 0
        assert holder.set("lock", "token", ifeq="token", ex=2000) is True
        assert 1900 < holder.ttl("lock") <= 2000
        assert holder.delex("lock", ifeq="token") == 1


class TestWho:
    """Which of the two it is that answers; else all of this might test the same server twice."""

    def test_the_module_where_it_is_loaded_and_the_server_where_it_is_not(self, client):
        client.config_resetstat()
        client.set("k", "a", ifne="b")
        called = set(client.info("commandstats"))
        if has_module(client):
            assert "cmdstat_cas.nativeset" in called
        else:
            assert client.info("server")["redis_version"] >= "8.4"
            assert "cmdstat_cas.nativeset" not in called
