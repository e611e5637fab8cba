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

matrix: ## runs the tests on every server out of Debian's suites; SERVERS="redis-6.0 …" for fewer
	@scripts/matrix $(SERVERS)

release: ## builds the portable module, which loads on any glibc since 2.17
	@scripts/release

bench: build ## measures CAS, the filter's cost, ATOMIC against MULTI and Lua, and how long others wait
	@$(DEPS) && for bench in cas filter atomic stall; do cargo bench --bench $$bench || exit; echo; done

lint: ## formatting, clippy, and the rules of docs/design.md
	@$(DEPS) && scripts/lint

.PHONY: help build run demo test matrix release bench lint
