"""A client of each kind: what a test asserts holds for all of them, on whatever server REDIS_URL names."""

import asyncio
import inspect
import os
from pathlib import Path

import pytest
import redis
import redis.asyncio

ROOT = Path(os.environ["REDIS_ATOMIC_ROOT"])
SERVER = os.environ["REDIS_URL"]
CLUSTER = os.environ.get("REDIS_CLUSTER_URL")

collect_ignore = [] if CLUSTER else ["test_cluster.py"]


def has_module(client):
    """Whether it is the module that answers, or the server itself."""
    modules = client.module_list()
    return any(module.get("name", module.get(b"name")) in ("atomic", b"atomic") for module in modules)


class Connected:
    """A client whose calls return what they return at last, in either world."""

    def __init__(self, kind, **options):
        self.loop = asyncio.new_event_loop() if kind == "asyncio" else None
        library = redis.asyncio if self.loop else redis
        self.client = library.Redis.from_url(SERVER, **options)

    def settle(self, result):
        return self.loop.run_until_complete(result) if inspect.isawaitable(result) else result

    def __getattr__(self, name):
        method = getattr(self.client, name)
        return lambda *args, **kwargs: self.settle(method(*args, **kwargs))

    def pipelined(self, build, transaction):
        """The replies to the calls that `build` makes of a pipeline."""
        pipeline = self.client.pipeline(transaction=transaction)
        build(pipeline)
        return self.settle(pipeline.execute())

    def close(self):
        if self.loop:
            self.settle(self.client.aclose())
            self.loop.close()
        else:
            self.client.close()


@pytest.fixture(params=["sync", "asyncio"])
def kind(request):
    return request.param


@pytest.fixture(params=[2, 3], ids=["resp2", "resp3"])
def protocol(request):
    return request.param


@pytest.fixture
def connect(kind, protocol):
    """Makes clients of an empty server."""
    clients = []

    def one(**options):
        clients.append(Connected(kind, protocol=protocol, **options))
        return clients[-1]

    one().flushall()
    yield one
    for client in clients:
        client.close()


@pytest.fixture
def client(connect):
    return connect()
