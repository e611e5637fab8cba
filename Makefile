# Shortcuts; the work is in scripts/ and in cargo. `make help` lists them.

# Exported only where the machine lacks something: see scripts/build-deps.
DEPS = vars=$$(scripts/build-deps) && eval "$$vars"

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

build: ## builds target/release/libredis_atomic.so for this machine
	@$(DEPS) && cargo build --release

run: build ## starts a server with the module, shows it at work, and leaves it running
	@scripts/play --stay

demo: build ## the same, and ends
	@scripts/play

test: build ## installs what the tests need and runs them all, on one server
	@scripts/test

histories: build ## looks for an order that explains hundreds of histories of thousands of concurrent commands
	@$(DEPS) && IT_HISTORIES=$${IT_HISTORIES:-200} IT_OPERATIONS=$${IT_OPERATIONS:-1200} \
		cargo test --release --quiet --test it -- linearizable:: --nocapture

matrix: ## runs the tests on every server out of Debian's suites; SERVERS="redis-6.0 …" for fewer
	@scripts/matrix $(SERVERS)

release: ## builds the portable module, which loads on any glibc since 2.17
	@scripts/release

bench: build ## measures CAS and digests against SET, a C module, EVALSHA and Redis 8.6, and the filter's cost
	@$(DEPS) && cargo bench --bench cas && cargo bench --bench digest && cargo bench --bench filter

lint: ## formatting, clippy, and the rules of docs/design.md
	@$(DEPS) && scripts/lint

.PHONY: help build run demo test histories matrix release bench lint
