# shellcheck shell=bash
# How each language's clients are installed, run and counted; `run` sources this. A language has a
# function that installs (versions are pinned in examples/LANGUAGE, and nowhere else) and leaves a word
# in `$lacks` where it cannot; a client has three that are named after it: its version, its tests of the
# native calls, its example.
#
# All happens in target/clients/LANGUAGE, where examples/LANGUAGE and tests/clients/LANGUAGE are
# laid together. REDIS_URL names the server.

root=$PWD
work=$root/target/clients
lacks=$work/.lacks

# Lays a language's files in its folder; what was installed or built there stays.
lay() { # language [folder-for-tests]
    mkdir -p "$work/$1"
    find "$work/$1" -mindepth 1 -maxdepth 1 ! -name venv ! -name node_modules ! -name target -exec rm -rf {} +
    mkdir -p "$work/$1/${2:-.}"
    cp -rp "examples/$1/." "$work/$1"
    cp -rp "tests/clients/$1/." "$work/$1/${2:-.}"
}

# Whether what a file pins is installed already; `pinned` says that it is now.
is_pinned() { cmp -s "$1" "$work/.${1//\//-}"; }
pinned() { cp "$1" "$work/.${1//\//-}"; }

# Sees to a program of at least this version: what is there, else Debian's, if that is new enough.
need() { # title program minimum package…
    local candidate
    new_enough "$2" "$3" && return
    # Without an epoch; Debian's default JDK 17 is 2:1.17. Nothing is known before `apt-get update`.
    candidate=$(apt-cache policy "$4" 2>/dev/null |
        sed -nE '/Candidate:/{s/.*: //; s/^[0-9]+://; s/^1\.([0-9]+-)/\1/; p}')
    if [ -z "$candidate" ] || at_least "$candidate" "$3"; then
        apt_install "${@:4}" || true
    fi
    new_enough "$2" "$3" && return
    echo "$1 $3 or later" >"$lacks"
    return 1
}
at_least() { printf '%s\n' "$2" "$1" | sort -VC; } # version minimum
new_enough() { # program minimum
    local found
    found=$(case $1 in go) go version ;; mvn) mvn --version ;; *) "$1" --version ;; esac 2>/dev/null |
        grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1) || return 1
    at_least "$found" "$2"
}

# Python

install_python() {
    need Python python3 3.10 python3
    lay python
    is_pinned tests/clients/python/requirements.txt && is_pinned examples/python/requirements.txt && return
    new_venv || { apt_install python3-venv && new_venv; } || { echo "Python's venv" >"$lacks"; return 1; }
    "$work/python/venv/bin/python" -m pip install --quiet --disable-pip-version-check --retries 3 \
        --requirement tests/clients/python/requirements.txt >&2
    pinned tests/clients/python/requirements.txt
    pinned examples/python/requirements.txt
}
new_venv() { python3 -m venv --clear "$work/python/venv" >&2; }
redis_py_version() { "$work/python/venv/bin/python" -c 'import redis; print(redis.__version__)'; }
redis_py_native() {
    (cd "$work/python" && PYTHONDONTWRITEBYTECODE=1 REDIS_ATOMIC_ROOT=$root venv/bin/python -m pytest --quiet -p no:cacheprovider .)
}
redis_py_example() { "$work/python/venv/bin/python" examples/python/main.py; }

# Node.js

install_node() {
    need Node.js node 20 nodejs npm
    need npm npm 9 npm
    lay node
    is_pinned examples/node/package-lock.json && return
    (cd "$work/node" && npm ci --no-audit --no-fund --silent >&2)
    pinned examples/node/package-lock.json
}
node_version() { (cd "$work/node" && node -p "JSON.parse(fs.readFileSync('node_modules/$1/package.json')).version"); }
node_native() { (cd "$work/node" && node --test --test-reporter=tap "$1.test.js"); }
node_redis_version() { node_version redis; }
node_redis_native() { node_native redis; }
node_redis_example() { (cd "$work/node" && node node-redis.js); }
ioredis_version() { node_version ioredis; }
ioredis_native() { node_native ioredis; }
ioredis_example() { (cd "$work/node" && node ioredis.js); }

# Go

install_go() {
    need Go go "$(awk '$1 == "go" { print $2 }' examples/go/go.mod)" golang-go
    lay go
    (cd "$work/go" && go build -o example . && go test -c -o native.test) >&2
}
go_redis_version() { awk '/go-redis\/v9 / { print substr($NF, 2) }' examples/go/go.mod; }
go_redis_native() { (cd "$work/go" && ./native.test -test.v); }
go_redis_example() { "$work/go/example"; }

# Java

# Debian's Maven resets the colour that it was told not to use.
maven() { (cd "$work/java" && mvn --batch-mode --no-transfer-progress "$@" | sed 's/\x1b\[[0-9;]*m//g'); }
install_java() {
    need Java java 17 default-jdk-headless
    need Maven mvn 3.8 maven
    lay java src/test/java
    maven --quiet test-compile >&2
}
java_version() { sed -n "/<artifactId>$1</{n; s/.*<version>//; s/<.*//; s/\.RELEASE//; p}" examples/java/pom.xml; }
java_native() { maven surefire:test -Dtest="$1"; }
java_example() { maven --quiet exec:java -Dexec.mainClass="$1"; }
jedis_version() { java_version jedis; }
jedis_native() { java_native JedisTest; }
jedis_example() { java_example JedisExample; }
lettuce_version() { java_version lettuce-core; }
lettuce_native() { java_native LettuceTest; }
lettuce_example() { java_example LettuceExample; }

# Rust

install_rust() {
    need Rust cargo 1.89 cargo
    lay rust tests
    (cd "$work/rust" && CARGO_TARGET_DIR=target cargo test --quiet --locked --no-run >&2)
}
in_rust() { (cd "$work/rust" && CARGO_TARGET_DIR=target cargo "$@" --quiet --locked); }
redis_rs_version() { awk '/^name = / { name = $3 } /^version = / && name == "\"redis\"" { gsub(/"/, ""); print $3 }' examples/rust/Cargo.lock; }
redis_rs_native() { in_rust test; }
redis_rs_example() { in_rust run; }

# redis-cli, for what is written in shell: no calls of its own.

install_shell() { scripts/servers get redis-7.0; }
redis_cli_version() { "$REDIS_CLI" --version | awk '{ print $2 }'; }
redis_cli_example() { examples/shell/example.sh; }

# "passed failed", out of what a test runner printed.
counted() {
    awk '
        /^[0-9]+ (passed|failed|error)/ { # pytest
            for (i = 2; i < NF; i++) {
                if ($i ~ /^passed/) passed = $(i - 1)
                if ($i ~ /^(failed|errors?)/) failed += $(i - 1)
            }
        }
        /^# pass / { passed = $3 } # node
        /^# fail / { failed = $3 }
        /^ *--- PASS/ { passed++ } # go
        /^ *--- FAIL/ { failed++ }
        /Tests run: .*Skipped: [0-9]+$/ { # Maven
            gsub(/,/, "")
            for (i = 1; i < NF; i++) {
                if ($i == "run:") passed = $(i + 1)
                if ($i == "Failures:" || $i == "Errors:") failed += $(i + 1)
            }
            passed -= failed
        }
        /^test result:/ { passed += $4; failed += $6 } # cargo
        END { print passed + 0, failed + 0 }'
}
