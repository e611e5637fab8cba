"""The cluster client, which has to find a command's key before it knows where to send it."""

import os

import pytest
import redis
from conftest import has_module


@pytest.fixture
def client(protocol):
    url = os.environ["REDIS_CLUSTER_URL"]
    with redis.RedisCluster.from_url(url, protocol=protocol) as client:
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


def test_the_modules_own_commands_are_routed_by_what_the_server_says_of_them(client):
    if not has_module(client.get_redis_connection(client.get_default_node())):
        pytest.skip("no module, no such commands")
    for key in ["a", "b", "c"]:
        assert client.execute_command("CAS.SET", key, "NX", "v") in (b"OK", "OK", True)
        assert client.execute_command("CAS.GET", key) == [client.digest_local("v"), b"v"]
        assert client.execute_command("CAS.DEL", key, "IFEQ", "v") == 1
