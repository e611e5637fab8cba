# shellcheck shell=bash
# The servers of `run`: two, and a cluster node of each, or the one that REDIS_URL names.

servers=() urls=() cluster_urls=() pids=()
REDIS_CLI=target/servers/redis-7.0/bin/cli
export REDIS_CLI

stop_servers() {
    [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
}

start_servers() {
    local so
    scripts/servers get redis-7.0 redis-8.6
    if [ -n "${REDIS_URL:-}" ]; then
        given_server
        return
    fi
    so=$(the_module)
    trap stop_servers EXIT
    start 'redis-7.0 + module' redis-7.0 --loadmodule "$so"
    start 'redis-8.6' redis-8.6
    has_module "${urls[0]}" || die "the module is not loaded"
    ! has_module "${urls[1]}" || die "Redis 8.6 was to be without the module"
}

# The tests empty the server, so it must be empty, and the user's only in name.
given_server() {
    local keys
    keys=$("$REDIS_CLI" -e -u "$REDIS_URL" DBSIZE) || die "no server at REDIS_URL"
    [ "$keys" = 0 ] || die "the server at REDIS_URL holds $keys keys; these tests want an empty one"
    has_module "$REDIS_URL" || die "the server at REDIS_URL has no redis-atomic"
    servers=('REDIS_URL') urls=("$REDIS_URL")
}

the_module() {
    if [ -z "${REDIS_ATOMIC_SO:-}" ]; then
        vars=$(scripts/build-deps)
        eval "$vars"
        cargo build --quiet --release --lib >&2
        REDIS_ATOMIC_SO=${CARGO_TARGET_DIR:-target}/release/libredis_atomic.so
    fi
    realpath "$REDIS_ATOMIC_SO"
}

has_module() { "$REDIS_CLI" -u "$1" MODULE LIST | grep -qx atomic; }

# A server and a cluster node, on ports that nobody has.
start() { # title name argument…
    servers+=("$1")
    launch "$2" "${@:3}"
    urls+=("redis://127.0.0.1:$port")
    launch "$2" "${@:3}" --cluster-enabled yes --cluster-port "$(free_port)"
    cluster_urls+=("redis://127.0.0.1:$port")
    "$REDIS_CLI" -p "$port" CLUSTER ADDSLOTSRANGE 0 16383 >/dev/null
    until "$REDIS_CLI" -p "$port" CLUSTER INFO | grep -q 'cluster_state:ok'; do sleep 0.05; done
}

launch() { # name argument…: sets `port`
    local dir log
    port=$(free_port)
    dir=target/clients/servers/$1-$port
    log=$dir/log
    rm -rf "$dir"
    mkdir -p "$dir"
    "target/servers/$1/bin/server" --port "$port" --bind 127.0.0.1 --dir "$PWD/$dir" --save '' "${@:2}" \
        >"$log" 2>&1 &
    pids+=($!)
    until [ "$("$REDIS_CLI" -p "$port" PING 2>/dev/null)" = PONG ]; do
        kill -0 $! 2>/dev/null || { cat "$log" >&2; die "$1 did not start"; }
        sleep 0.05
    done
}

free_port() {
    local port=$((21000 + RANDOM % 9000))
    while (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
    echo "$port"
}
