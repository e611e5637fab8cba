#!/usr/bin/env bash
# What people come to redis-atomic for, with redis-cli.
# REDIS_URL names the server; without it, the one on this machine. REDIS_CLI names the program.
set -euo pipefail

call() { "${REDIS_CLI:-redis-cli}" -e -u "${REDIS_URL:-redis://127.0.0.1:6379}" "$@"; }

# Replace a hash and a set.
call HSET example:user name Ada email ada@example.com >/dev/null
call ATOMIC.REPLACEHASH example:user name Grace role admin >/dev/null
echo "user is now $(call HGETALL example:user | paste -d= - - | sort | paste -sd' ')"

call SADD example:allow 10.0.0.1 10.0.0.9 >/dev/null
call ATOMIC.REPLACESET example:allow 10.0.0.1 10.0.0.2 >/dev/null
echo "allow is now $(call SMEMBERS example:allow | sort | paste -sd' ')"

# Update by digest, and try again where somebody else was faster.
call SET example:document draft >/dev/null
for tries in {1..10}; do
    { read -r digest && read -r text; } < <(call CAS.GET example:document)
    if [ "$text" = draft ]; then # somebody else is faster, this once
        call APPEND example:document ', reviewed' >/dev/null
    fi
    if [ "$(call CAS.SET example:document IFDEQ "$digest" "$text, signed")" = OK ]; then
        break
    fi
done
echo "document after $tries tries: $(call GET example:document)"

# Work under a lock, with a fencing token that refuses who comes too late.
lock='example:{report}:lock' fence='example:{report}:fence' report='example:{report}'
acquire() { call LOCK.ACQUIRE "$lock" "$1" PX "$2" BLOCK 1000 FENCE "$fence"; }
write() {
    local written
    written=$(call CAS.HSET "$report" fence IFLT "$1" FIELDS 2 fence "$1" text "$2")
    [ "$written" = 1 ] && echo accepted || echo refused
}
release() { [ "$(call LOCK.RELEASE "$lock" "$1")" = 1 ] && echo "done" || echo "no longer its own"; }

token() { head -c 16 /dev/urandom | base64; }
a=$(token) b=$(token)
call DEL "$lock" "$fence" "$report" >/dev/null
fence_a=$(acquire "$a" 100)
echo "A holds the lock, fence $fence_a"
fence_b=$(acquire "$b" 30000)
echo "A stalls until its lock expires; B waited and holds it, fence $fence_b"
echo "B writes under fence $fence_b: $(write "$fence_b" 'by B')"
echo "A writes under fence $fence_a: $(write "$fence_a" 'by A')"
echo "A releases the lock: $(release "$a")"
echo "B releases the lock: $(release "$b")"
echo "report: $(call HGET "$report" text)"
