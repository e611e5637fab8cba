"""Two servers, and a client of each kind on each: what a test asserts holds on all of them."""

import asyncio
import contextlib
import inspect
import os
import socket as socketlib
import subprocess
import time
from pathlib import Path

import pytest
import redis
import redis.asyncio

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 20

SERVERS = {
    "redis-7.0+module": ("redis-7.0", ["--loadmodule", os.environ["REDIS_ATOMIC_SO"]]),
    "redis-8.6": ("redis-8.6", []),
}


@contextlib.contextmanager
def running(server, directory, *settings):
    """A server that listens on a Unix socket, which no other process can happen to take."""
    name, arguments = SERVERS[server]
    socket, log = directory / "socket", directory / "log"
    plain = ["--port", "0", "--unixsocket", socket, "--dir", directory, "--save", ""]
    program = ROOT / "target/servers" / name / "bin/server"
    with open(log, "wb") as output:
        command = [program, *plain, *arguments, *settings]
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        wait_until(lambda: answers(socket), process, log)
        yield str(socket)
        assert process.poll() is None, log.read_text()
    finally:
        process.kill()
        process.wait()


def wait_until(condition, process, log):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.01)


def answers(socket):
    with contextlib.closing(redis.Redis(unix_socket_path=str(socket))) as client:
        try:
            return client.ping()
        except redis.ConnectionError:
            return False


@pytest.fixture(scope="session", params=SERVERS)
def server(request, tmp_path_factory):
    with running(request.param, tmp_path_factory.mktemp(request.param)) as socket:
        yield socket


def free_port():
    with contextlib.closing(socketlib.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session", params=SERVERS)
def cluster(request, tmp_path_factory):
    """The port of a cluster of one node."""
    port = free_port()
    settings = ["--cluster-enabled", "yes", "--cluster-port", free_port(), "--port", port]
    directory = tmp_path_factory.mktemp(request.param)
    with running(request.param, directory, *map(str, settings)) as socket:
        with contextlib.closing(redis.Redis(unix_socket_path=socket)) as node:
            node.execute_command("CLUSTER ADDSLOTSRANGE", 0, 16383)
            deadline = time.monotonic() + PATIENCE_SECONDS
            while node.cluster("INFO")["cluster_state"] != "ok":
                assert time.monotonic() < deadline
                time.sleep(0.01)
        yield port


class Connected:
    """A client whose calls return what they return at last, in either world."""

    def __init__(self, kind, socket, **options):
        self.loop = asyncio.new_event_loop() if kind == "asyncio" else None
        library = redis.asyncio if self.loop else redis
        self.client = library.Redis(unix_socket_path=socket, **options)

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
def connect(server, kind, protocol):
    """Makes clients of an empty server."""
    clients = []

    def one(**options):
        clients.append(Connected(kind, server, protocol=protocol, **options))
        return clients[-1]

    one().flushall()
    yield one
    for client in clients:
        client.close()


@pytest.fixture
def client(connect):
    return connect()
