"""redis-py's own Lock beside LOCK.*: each sees, respects, extends and releases what the other has taken."""

import threading
import time

import pytest
import redis

NAME = "lock"


@pytest.fixture
def client(connect):
    client = connect()
    try:
        client.execute_command("LOCK.INFO", NAME)
    except redis.ResponseError:
        pytest.skip("a server without LOCK.*")
    return client


def acquire(client, token, *options):
    return client.execute_command("LOCK.ACQUIRE", NAME, token, "PX", 60000, *options)


def release(client, token):
    return client.execute_command("LOCK.RELEASE", NAME, token)


def of_library(client, **options):
    """A lock of the library, and what makes its calls return."""
    return client.client.lock(NAME, timeout=60, **options), client.settle


def test_a_lock_of_the_library_is_respected_and_released(client):
    lock, settle = of_library(client)
    assert settle(lock.acquire()) is True
    token = lock.local.token
    assert acquire(client, "ours") == 0
    assert client.execute_command("LOCK.EXTEND", NAME, "ours", "PX", 90000) == 0
    assert client.execute_command("LOCK.EXTEND", NAME, token, "PX", 90000) == 1
    assert client.pttl(NAME) > 60000
    assert settle(lock.owned()) is True
    assert release(client, "ours") == 0
    assert release(client, token) == 1
    assert settle(lock.locked()) is False
    with pytest.raises(redis.exceptions.LockError):
        settle(lock.release())


def test_our_lock_is_respected_and_extended_by_the_library(client):
    lock, settle = of_library(client, blocking=False)
    assert acquire(client, "ours") == 1
    assert settle(lock.acquire()) is False
    assert settle(lock.locked()) is True
    lock.local.token = b"ours"
    assert settle(lock.extend(30)) is True
    assert client.pttl(NAME) > 60000
    assert settle(lock.reacquire()) is True
    settle(lock.release())
    assert client.exists(NAME) == 0


def test_who_polls_gets_what_we_release(client):
    lock, settle = of_library(client, blocking_timeout=20)
    assert acquire(client, "ours") == 1
    timer = threading.Timer(0.05, lambda: client.execute_command("DEL", NAME))
    if client.loop:
        client.loop.call_later(0.05, lambda: client.loop.create_task(client.client.delete(NAME)))
    else:
        timer.start()
    assert settle(lock.acquire()) is True
    settle(lock.release())


def test_who_waits_gets_what_the_library_releases(client, connect):
    lock, settle = of_library(client)
    assert settle(lock.acquire()) is True
    waiter = connect()
    got = []
    thread = threading.Thread(target=lambda: got.append(acquire(waiter, "ours", "BLOCK", 0)))
    thread.start()
    deadline = time.monotonic() + 20
    while not waits(client):
        assert time.monotonic() < deadline
    settle(lock.release())
    thread.join()
    assert got == [1]
    assert client.get(NAME) in (b"ours", "ours")
    assert release(client, "ours") == 1


def waits(client):
    info = client.execute_command("LOCK.INFO", NAME)
    values = info if isinstance(info, dict) else dict(zip(info[::2], info[1::2]))
    return values[b"waiters"] == 1
