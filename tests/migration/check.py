"""Runs what docs/migration.md shows in Python and C#: the old way and the new one leave the same behind.

usage: check.py REDIS-SERVER MODULE SCRATCH-DIRECTORY
"""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import redis

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs/migration.md"


def shown(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(), re.M | re.S)


def seen(client):
    read = {b"string": client.get, b"set": client.smembers, b"hash": client.hgetall}
    return read[client.type("k")]("k"), client.ttl("k") > 0


def same(client, what, old, new):
    results = []
    for write in old, new:
        client.flushall()
        client.set("k", "before")
        write()
        results.append(seen(client))
        assert client.dbsize() == 1, f"{what}: another key is left"
    assert results[0] == results[1], f"{what}: {results}"
    print("Python:", what)


def check_python(client):
    page = {}
    for block in shown("python"):
        exec(block, page)

    def call(name, *arguments):
        return lambda: page[name](client, "k", *arguments)

    members, pairs = ["a", "b"], {"f": "1", "g": "2"}
    same(client, "a string", call("old_string", "v", 60), call("new_string", "v", 60))
    same(client, "a set", call("old_set", members), call("new_set", members))
    same(client, "a hash", call("old_hash", pairs, 60), call("new_hash", pairs, 60))
    same(client, "a lock", call("old_hash_locked", pairs, 60), call("new_hash_unlocked", pairs, 60))
    same(client, "a tag", call("old_tagged_set", members), call("new_untagged_set", members))
    same(client, "pieces", call("old_set", members), call("new_huge_set", [["a"], ["b", "a"]]))
    client.set("k", "before", ex=60)
    assert page["new_string_same_time"](client, "k", "v") and client.ttl("k") > 0
    assert not page["new_string_same_time"](client, "missing", "v")
    client.sadd("x:tmp", "a")
    page["old_janitor"](client, 0)
    assert not client.exists("x:tmp")


def check_csharp(port, scratch):
    if not shutil.which("mcs"):
        print("C#: not run, since there is no Mono (Debian: mono-mcs, libmono-system-core4.0-cil)")
        return
    source = (HERE / "Check.cs").read_text()
    source = source.replace("/* what the page shows */", "\n".join(shown("csharp")))
    (scratch / "Check.cs").write_text(source)
    program = scratch / "Check.exe"
    sources = [scratch / "Check.cs", HERE / "StackExchange.cs"]
    subprocess.run(["mcs", "-warnaserror", "-r:System.Core", f"-out:{program}", *sources], check=True)
    subprocess.run(["mono", program, str(port)], check=True, timeout=60)


def main():
    server, module, scratch = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    plain = ["--bind", "127.0.0.1", "--port", "0", "--unixsocket", scratch / "socket", "--save", ""]
    process = subprocess.Popen(
        [server, *plain, "--dir", scratch, "--loadmodule", module], stdout=subprocess.DEVNULL
    )
    try:
        client = redis.Redis(unix_socket_path=str(scratch / "socket"))
        deadline = time.monotonic() + 20
        while True:
            try:
                client.ping()
                break
            except redis.ConnectionError:
                assert process.poll() is None and time.monotonic() < deadline, "no server"
                time.sleep(0.01)
        check_python(client)
        # The C# knows TCP only.
        port = free_port()
        client.config_set("port", port)
        check_csharp(port, scratch)
    finally:
        process.kill()
        process.wait()


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


main()
