"""Clients that contend for one lock, with redis-py: by its own Lock, which asks again after a sleep, or by
LOCK.*, which waits in the server.

    polling.py PORT lock|wait CLIENTS rounds N
    polling.py PORT lock|wait CLIENTS seconds S [PAUSE]

In a round all clients come at once, and each takes the lock once; the next begins when all have had it.
For a time, each takes the lock again after a pause in milliseconds, or as soon as it has released it. Prints how often a second the lock was
taken, how often in all, the least and the most of any client, and the longest wait in milliseconds.
"""

import sys
import threading
import time
import uuid

import redis

NAME = "contended"


def by_polling(client):
    lock = client.lock(NAME, timeout=30)
    begun = time.perf_counter()
    lock.acquire()
    waited = time.perf_counter() - begun
    lock.release()
    return waited


def by_waiting(client):
    token = uuid.uuid4().hex
    begun = time.perf_counter()
    assert client.execute_command("LOCK.ACQUIRE", NAME, token, "PX", 30000, "BLOCK", 0) == 1
    waited = time.perf_counter() - begun
    assert client.execute_command("LOCK.RELEASE", NAME, token) == 1
    return waited


def main():
    port, how, clients, until, amount = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5])
    take = {"lock": by_polling, "wait": by_waiting}[how]
    pause = int(sys.argv[6]) / 1000 if len(sys.argv) > 6 else 0
    rounds = amount if until == "rounds" else 1
    gate = threading.Barrier(clients + 1)
    waits = [[] for _ in range(clients)]

    def contend(mine):
        with redis.Redis(port=int(port)) as client:
            client.ping()
            for _ in range(rounds):
                gate.wait()
                end = time.perf_counter() + amount
                mine.append(take(client))
                while until == "seconds" and time.perf_counter() < end:
                    if pause:
                        time.sleep(pause)
                    mine.append(take(client))
                gate.wait()

    threads = [threading.Thread(target=contend, args=[mine]) for mine in waits]
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
    counts = [len(mine) for mine in waits]
    print(sum(counts) / taken, sum(counts), min(counts), max(counts), max(map(max, waits)) * 1000)


main()
