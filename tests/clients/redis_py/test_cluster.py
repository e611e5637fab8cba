"""The cluster client, which has to find a command's key before it knows where to send it."""

import pytest
import redis


@pytest.fixture
def client(cluster, protocol):
    with redis.RedisCluster(host="127.0.0.1", port=cluster, protocol=protocol) as client:
        client.flushall()
        yield client


def test_the_native_names_are_routed(client):
    for key in ["a", "b", "c"]:
        client.set(key, "a")
        assert client.set(key, "b", ifeq="a") is True
        assert client.set(key, "c", ifeq="a") is None
        assert client.digest(key) == client.digest_local("b")
        assert client.delex(key, ifeq="b") == 1


def test_a_pipeline_is_split_by_slot(client):
    with client.pipeline() as pipeline:
        for key in ["a", "b", "c"]:
            pipeline.set(key, "v", ifne="w")
            pipeline.delex(key, ifeq="v")
        assert pipeline.execute() == [True, 1] * 3


@pytest.mark.parametrize("cluster", ["redis-7.0+module"], indirect=True)
def test_the_modules_own_commands_are_routed_by_what_the_server_says_of_them(client):
    for key in ["a", "b", "c"]:
        assert client.execute_command("CAS.SET", key, "NX", "v") in (b"OK", "OK", True)
        assert client.execute_command("CAS.GET", key) == [client.digest_local("v"), b"v"]
        assert client.execute_command("CAS.DEL", key, "IFEQ", "v") == 1
