# Dragnet: build, run, test. `make help` lists the targets.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := build

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
BENCH ?= all --neo4j start --program bin/bench/dragnet
FUZZTIME ?= 20s
TOOL := go tool -modfile=dev/tools/go.mod

web_sources := $(shell find web internal/web/examples \( -name node_modules -o -path web/test \) -prune -o -type f -print 2>/dev/null)
# The bundle is stale when a source is newer than its stamp, and missing when its folder is empty.
web_bundle := bin/web.stamp
web_missing := $(if $(wildcard internal/web/dist/*),,FORCE)

# What `make test` leaves for whoever counts the tests.
results := bin/test

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 16

.PHONY: build
build: $(web_bundle) ## the whole program at bin/dragnet, pages included
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/dragnet ./cmd/dragnet

.PHONY: run
run: build ## start on SQLite (dragnet.db) with the sample data
	@exec bin/dragnet serve --seed

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci
	touch $@

$(web_bundle): web/node_modules/.package-lock.json $(web_sources) $(web_missing)
	cd web && npm run build
	mkdir -p $(@D) && touch $@

.PHONY: FORCE
FORCE:

.PHONY: generate
generate: ## write the generated GraphQL code again
	go tool gqlgen generate

.PHONY: test
test: check-generated vet lint test-go test-web test-audit test-exports ## everything, over both stores and in a browser

# It compares before and after, not with git, so that it also works with changes not yet committed.
generated_sum = $$(find graph -path '*generated*' -name '*.go' -print0 | sort -z | xargs -0 cat | sha256sum)
.PHONY: check-generated
check-generated: ## is the generated code that of schema.graphqls?
	@before="$(generated_sum)"; go tool gqlgen generate; after="$(generated_sum)"; \
	if [ "$$before" != "$$after" ]; then echo "graph/generated was stale; it is up to date now: commit it" >&2; exit 1; fi

.PHONY: vet
vet:
	go vet ./...

.PHONY: lint
lint: ## golangci-lint; the first run builds it, which takes minutes
	$(TOOL) golangci-lint run ./...

# checkptr is off: it finds nothing in code without unsafe of its own, and SQLite, which is C made Go, runs many times
# slower with it. Every package that needs Neo4j finds or starts one itself: internal/neo4jtest. The simple compiler of the JVM leaves
# more of a small machine to the tests.
.PHONY: test-go
test-go: export NEO4J_JAVA_OPTS ?= -XX:TieredStopAtLevel=1
test-go: ## the Go tests with the race detector; REQUIRE_NEO4J=1 forbids skipping Neo4j
	mkdir -p $(results)
	$(TOOL) gotestsum --format standard-quiet --jsonfile $(results)/go.json -- -race -gcflags=all=-d=checkptr=0 -shuffle on -timeout 40m ./...

bin/exports-python/.installed: dev/exports/requirements.txt
	rm -rf $(@D)
	pip install --quiet --no-cache-dir --target $(@D) -r $<
	touch $@

.PHONY: test-exports
test-exports: bin/exports-python/.installed ## the exports, read by NetworkX and the validator of STIX
	mkdir -p $(results)
	PYTHONPATH=bin/exports-python python3 dev/exports/check.py | tee $(results)/exports.log

.PHONY: test-web
test-web: build ## the browser test
	mkdir -p $(results)
	cd web && npm run --if-present check
	cd web && npm test 2>&1 | tee ../$(results)/web.log

.PHONY: test-audit
test-audit: build ## the GraphQL-over-HTTP audits of graphql-http
	mkdir -p $(results)
	cd dev/audit && npm ci
	cd dev/audit && npm test 2>&1 | tee ../../$(results)/audit.log

.PHONY: bench
bench: export NEO4J_HEAP ?= 4g
bench: export NEO4J_PAGECACHE ?= 4g
bench: ## benchmarks, see bench/README.md; BENCH="select --store …" runs one of them
	go build -o bin/bench/ ./bench ./cmd/dragnet
	bin/bench/bench $(BENCH)

.PHONY: fuzz
fuzz: ## every fuzz target for $(FUZZTIME)
	grep -r --include='*_test.go' -o '^func Fuzz[A-Za-z0-9_]*' . | while IFS=: read -r file name; do \
	  go test -run '^$$' -fuzz "^$${name#func }$$" -fuzztime $(FUZZTIME) "./$$(dirname "$$file")"; \
	done

.PHONY: clean
clean: ## remove what was built
	rm -rf bin internal/web/dist/*
