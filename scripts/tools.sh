# shellcheck shell=bash
# What the scripts share that install something; they source it. Messages go to stderr, for stdout
# is what the caller evaluates.

tools=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/target/tools

say() { echo "${0##*/}: $*" >&2; }
die() { say "$*"; exit 1; }

# Installs Debian packages; false where that takes a right, or an apt, that we lack.
apt_install() { # package…
    local sudo=()
    command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || return 1
        sudo=(sudo -n)
    fi
    say "installing $*"
    "${sudo[@]}" apt-get -qq -o Acquire::Retries=3 update >&2 &&
        "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 \
            -o Dpkg::Use-Pty=0 install -y --no-install-recommends "$@" >&2
}

# Unpacks Python packages into $tools/NAME; they bring programs, and no Python is kept running.
# --target, and no virtual environment: that works with a Python that the system manages, too.
pip_install() { # name package…
    local name=$1 new
    [ ! -d "$tools/$name" ] || return 0
    python3 -m pip --version >/dev/null 2>&1 || apt_install python3-pip ||
        die "needs Python's pip to get $name (Debian: apt-get install python3-pip)"
    say "fetching ${*:2}"
    mkdir -p "$tools"
    new=$(mktemp -d "$tools/.new-XXXXXX")
    PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --retries 3 \
        --target "$new" "${@:2}" >&2 || { rm -rf "$new"; die "pip cannot install ${*:2}"; }
    # By rename, so that what is there is complete; another run may have been faster.
    mv -T "$new" "$tools/$name" 2>/dev/null || rm -rf "$new"
}

# Builds a program of crates.io into $tools/NAME, unoptimised.
cargo_install() { # name crate version
    local new
    [ ! -d "$tools/$1" ] || return 0
    say "building $2 $3"
    mkdir -p "$tools"
    new=$(mktemp -d "$tools/.new-XXXXXX")
    cargo install --quiet --locked --debug --root "$new" --target-dir "$new/target" "$2@$3" >&2 ||
        { rm -rf "$new"; die "cargo cannot install $2"; }
    rm -rf "$new/target"
    mv -T "$new" "$tools/$1" 2>/dev/null || rm -rf "$new"
}
