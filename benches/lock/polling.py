"""Clients that contend for one lock, with redis-py: by its own Lock, which asks again after a sleep, or by
LOCK.*, which waits in the server. Prints how many times a second the lock was taken.

    polling.py PORT lock|wait CLIENTS ROUNDS

In a round all clients come at once, and each takes the lock once; the next begins when all have had it.
"""

import sys
import threading
import time
import uuid

import redis

NAME = "contended"


def by_polling(client):
    with client.lock(NAME, timeout=30):
        pass


def by_waiting(client):
    token = uuid.uuid4().hex
    assert client.execute_command("LOCK.ACQUIRE", NAME, token, "PX", 30000, "BLOCK", 0) == 1
    assert client.execute_command("LOCK.RELEASE", NAME, token) == 1


def main():
    port, how, clients, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    take = {"lock": by_polling, "wait": by_waiting}[how]
    gate = threading.Barrier(clients + 1)

    def contend():
        with redis.Redis(port=int(port)) as client:
            client.ping()
            for _ in range(rounds):
                gate.wait()
                take(client)
                gate.wait()

    threads = [threading.Thread(target=contend) for _ in range(clients)]
    for thread in threads:
        thread.start()
    taken = 0.0
    for _ in range(rounds):
        gate.wait()
        begun = time.perf_counter()
        gate.wait()
        taken += time.perf_counter() - begun
    for thread in threads:
        thread.join()
    print(clients * rounds / taken)


main()
