# shellcheck shell=bash
# What the campaigns share that run the same tests, with a seed, on one server after the other; they source
# it. All servers load the same portable module.

# Runs the tests of a filter on each of these servers, all that scripts/servers knows if none is named, with
# $cargo_flags for cargo. Servers that some tests ask besides are in $asked.
campaign() { # filter [server…]
    local filter=$1 names=("${@:2}") name vars failed=0
    if [ ${#names[@]} -eq 0 ]; then
        mapfile -t names < <(scripts/servers list | awk '{ print $1 }')
    fi
    vars=$(scripts/build-deps)
    eval "$vars"
    # shellcheck disable=SC2154 # a list of the caller's
    scripts/servers get "${asked[@]}" "${names[@]}"
    REDIS_ATOMIC_SO=${REDIS_ATOMIC_SO:-$(scripts/release)}
    export REDIS_ATOMIC_SO
    # shellcheck disable=SC2154 # likewise
    cargo test --quiet "${cargo_flags[@]}" --test it --no-run
    for name in "${names[@]}"; do
        echo "${0##*/}: $name $(cat "target/servers/$name/version")"
        REDIS_SERVER=target/servers/$name/bin/server \
            cargo test --quiet "${cargo_flags[@]}" --test it "$filter" -- --nocapture || failed=1
    done
    return $failed
}
