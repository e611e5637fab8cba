# Shortcuts; the work is in scripts/ and in cargo. `make help` lists them.

# Exported only where the machine lacks something: see scripts/build-deps.
DEPS = vars=$$(scripts/build-deps) && eval "$$vars"

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

build: ## builds target/release/libredis_atomic.so for this machine
	@$(DEPS) && cargo build --release

run: build ## starts a server with the module, shows it at work, and leaves it running
	@scripts/play --stay

demo: build ## the same, and ends
	@scripts/play

test: build ## installs what the tests need and runs them all, on one server
	@scripts/test

histories: build ## looks for an order that explains hundreds of histories of thousands of commands; SEED=
	@$(DEPS) && IT_HISTORIES=$${IT_HISTORIES:-100} IT_OPERATIONS=$${IT_OPERATIONS:-2400} IT_SEED=$${SEED:-1} \
		cargo test --release --quiet --test it -- linearizable:: --nocapture

matrix: ## runs the tests on every server of scripts/servers; SERVERS="redis-6.0 …" for fewer
	@scripts/matrix $(SERVERS)

clients: build ## runs the examples and real clients in six languages; CLIENTS="redis-py …" for fewer
	@tests/clients/run $(CLIENTS)

check-server: ## the documentation's examples and the clients, on the running server REDIS_URL=redis://…
	@scripts/check-server $(CLIENTS)

dist: ## builds what people download, a tarball and a Debian package for each processor, and tries it
	@scripts/dist
	@tests/packages/run

release: ## builds the portable module, which loads on any glibc since 2.17
	@scripts/release

bench: build ## measures CAS, digests, the filter's cost, ATOMIC against MULTI and Lua, how long others wait, and locks
	@$(DEPS) && for bench in cas digest filter atomic stall lock; do cargo bench --bench $$bench || exit; echo; done

load: build ## measures what plain commands pay for the module being there; LOAD_SECONDS=600, 15 to try it
	@$(DEPS) && cargo bench --bench load

huge: ## replaces a hash of five million fields by ATOMIC.COMMIT; SERVERS="redis-6.0 …" for others than 7.0
	@$(DEPS) && for name in $(or $(SERVERS),redis-7.0); do scripts/servers get $$name && \
		REDIS_SERVER=target/servers/$$name/bin/server HUGE_FIELDS=5000000 \
		cargo test --quiet --test it atomic::commit::a_huge_hash -- --nocapture || exit; done

fuzz: ## throws millions of spoilt commands at every server; SERVERS=, SEED=, COMMANDS= (on each)
	@scripts/fuzz $(SERVERS)

torture: ## kills, stops and fills every server while clients write; SERVERS=, SEED=, ROUNDS=
	@scripts/torture $(SERVERS)

# In memory, for a node that waits for its disk, where others build, is silent for half a minute; and with
# patience, for a sentinel that was not lucky tries again after ten seconds.
failover: ## replaces primaries in a cluster and under Sentinel, and counts what is lost
	@$(DEPS) && export REDIS_SERVER=$$(scripts/servers default) IT_PATIENCE=60 && \
		{ [ ! -w /dev/shm ] || export TMPDIR=/dev/shm; } && \
		cargo test --quiet --test it failover:: -- --include-ignored --nocapture --test-threads 1

torture-locks: ## plays random schedules of locks and faults on every server; SERVERS=, SEED=, SCHEDULES=
	@scripts/torture-locks $(SERVERS)

fuzz-rules: ## coverage-guided fuzzing of the rules without a server; SECONDS_EACH=
	@scripts/fuzz-rules

memcheck: ## runs tests against servers under valgrind; ROUNDS= of the fuzzer
	@scripts/memcheck

soak: ## looks whether memory stays flat; SOAK_SECONDS=3600 at SOAK_RATE=2000 commands a second, WRITES=, WAITS=
	@$(DEPS) && export REDIS_SERVER=$$(scripts/servers default) SOAK_WRITES=$${WRITES:-500000} SOAK_WAITS=$${WAITS:-1000000} \
		SOAK_SECONDS=$${SOAK_SECONDS:-3600} SOAK_RATE=$${SOAK_RATE:-2000} IT_PATIENCE=300 && \
		nice -n 19 cargo test --quiet --test it torture::soak -- --nocapture

lint: ## formatting, clippy, and the rules of docs/design.md
	@$(DEPS) && scripts/lint

.PHONY: help build run demo test histories matrix clients check-server dist release bench load huge fuzz torture failover torture-locks fuzz-rules memcheck soak lint
