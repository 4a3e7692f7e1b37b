# The commands of the KRT console. `make` alone explains them.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:

# Passed on to the console: make run ARGS="--listen 0.0.0.0:3000"
ARGS ?=
# Passed on to the browser specs: make browser SPECS="sign-in --project=scripted"
SPECS ?=

SERVER := target/release/krt-console
NODE_PACKAGES := end2end/node_modules/.package-lock.json
# One build serves the unit tests, the kill tests and the browser specs; without its variable a fail point does nothing.
TEST_FEATURES := --features server/fail-points
STEP := .ci/step
# What was skipped, and why: the end of `make test` says how much.
SKIPS := $(CURDIR)/target/steps/skips.txt
# Test binaries say how long each test took.
TIMED = CARGO_TARGET_$(shell rustc -vV | sed -n 's/^host: //p' | tr 'a-z-' 'A-Z_')_RUNNER=$(CURDIR)/.ci/timed-test

.PHONY: help
help: ## This list
	@echo 'The KRT console. On a fresh machine: make run'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

.PHONY: run
run: build ## Build what is missing and serve http://127.0.0.1:3000 (options: make run ARGS="--help")
	@exec $(SERVER) $(ARGS)

.PHONY: dev
dev: tools ## For work on the console: serve it, compile what changes, reload the page (options: make dev ARGS="--help")
	@.ci/wasm-toolchain.sh
	@.ci/bindgen.sh
	@exec node .ci/dev.mjs $(ARGS)

.PHONY: build
build: tools site server ## Build the server and the site for release

.PHONY: tools
tools: $(NODE_PACKAGES)
	@command -v cargo >/dev/null || { echo 'Rust is missing: see https://rustup.rs' >&2; exit 1; }

$(NODE_PACKAGES): end2end/package.json end2end/package-lock.json
	@command -v npm >/dev/null || { echo 'Node.js 18 or newer, with npm, is missing' >&2; exit 1; }
	@echo '• installing wasm-opt and esbuild with npm into end2end/node_modules (seconds)' >&2
	@cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
	@touch $@

.PHONY: site
site: tools
	@.ci/build-site.sh

.PHONY: server
server:
	@[ -x $(SERVER) ] || echo '• compiling the server (5 to 15 minutes the first time)' >&2
	@cargo build --release -p server

.PHONY: test
test: ## Everything that must hold: format, lints, tests, kill tests, budget, browser specs
	@rm -rf target/steps
	@$(STEP) format $(MAKE) -s format
	@$(STEP) packages $(MAKE) -s tools
	@$(STEP) lint-server $(MAKE) -s lint-server
	@$(STEP) lint-app-ssr $(MAKE) -s lint-app-ssr
	@$(STEP) lint-app-wasm $(MAKE) -s lint-app-wasm
	@$(STEP) lint-end2end $(MAKE) -s lint-end2end
	@$(STEP) deny $(MAKE) -s deny
	@$(STEP) unused $(MAKE) -s unused
	@$(STEP) spelling $(MAKE) -s spelling
	@$(STEP) unit $(MAKE) -s unit
	@$(STEP) fuzz $(MAKE) -s fuzz
	@$(STEP) site $(MAKE) -s site
	@$(STEP) budget $(MAKE) -s budget
	@$(STEP) browser $(MAKE) -s browser
	@.ci/closing-lines

# Hours rather than minutes: what finds more the longer it runs, and what differs little from a run of `make test`.
NIGHTLY_EFFORT ?= 20
.PHONY: nightly
nightly: ## What takes too long for every change: property, kill, fault, publish and fuzz tests much longer, specs at 768 px and 200 % zoom
	@rm -rf target/steps
	@$(STEP) packages $(MAKE) -s tools
	@$(STEP) unit env KRT_CONSOLE_TEST_EFFORT=$(NIGHTLY_EFFORT) $(MAKE) -s unit
	@$(STEP) fuzz $(MAKE) -s fuzz FUZZ_SECONDS=120
	@$(STEP) browser env KRT_CONSOLE_SIZES=1 $(MAKE) -s browser SPECS="--project=tablet --project=zoomed"
	@.ci/closing-lines

.PHONY: lint
lint: format tools lint-server lint-app-ssr lint-app-wasm lint-end2end deny unused spelling ## Format, clippy three times, TypeScript, licences, unused crates, spelling

.PHONY: format
format:
	cargo fmt --all --check

# The app twice, once for each of its features: with both at once it would be a program that never runs.
.PHONY: lint-server lint-app-ssr lint-app-wasm lint-end2end
lint-server:
	cargo clippy -q --workspace --exclude app --all-targets $(TEST_FEATURES) -- -D warnings
lint-app-ssr:
	cargo clippy -q -p app --all-targets --features ssr -- -D warnings
lint-app-wasm:
	@.ci/wasm-toolchain.sh
	. .tools/wasm.env && cargo clippy -q -p app -p checker --lib --target wasm32-unknown-unknown --features app/hydrate -- -D warnings
lint-end2end: tools
	cd end2end && npx tsc --noEmit
	node --test --test-reporter=spec .ci/dev/tests/*.test.mjs

.PHONY: deny
deny:
	@.ci/deny.sh

.PHONY: unused spelling
unused:
	@.ci/tool cargo-shear
# Also writes target/visible-strings.txt, all texts that people read.
spelling:
	@.ci/tool typos
	@node .ci/words.mjs

.PHONY: unit
unit: ## Unit, property, integration, kill and tidy tests
	@mkdir -p $(dir $(SKIPS))
	KRT_CONSOLE_SKIPS=$(SKIPS) $(TIMED) cargo test --workspace $(TEST_FEATURES)

# Against a cluster outside: namespaces and cluster roles of its own, with the label krt-console.io/contract-test, which it
# removes again; nothing else there is touched.
.PHONY: test-cluster
test-cluster: ## The cluster's contract, and the main job in the browser, on a real cluster: KRT_CONSOLE_TEST_KUBECONFIG=FILE make test-cluster
	@[ -n "$$KRT_CONSOLE_TEST_KUBECONFIG" ] || { echo 'KRT_CONSOLE_TEST_KUBECONFIG is not set: name the kubeconfig of a cluster for tests, whose current context is its administrator' >&2; exit 1; }
	@[ -r "$$KRT_CONSOLE_TEST_KUBECONFIG" ] || { echo "KRT_CONSOLE_TEST_KUBECONFIG names $$KRT_CONSOLE_TEST_KUBECONFIG, which cannot be read" >&2; exit 1; }
	cargo test -p embedded-cluster --test contract -- on_real
	@$(MAKE) -s site
	cargo test -p server --test cluster -- on_real --nocapture

# How long each of the four fuzz targets runs, beside each other.
FUZZ_SECONDS ?= 7
.PHONY: fuzz
fuzz: ## Fuzz the check for some seconds, or longer: make fuzz FUZZ_SECONDS=600 (guided by coverage with nightly and cargo-fuzz)
	@.ci/fuzz.sh $(FUZZ_SECONDS)

.PHONY: budget
budget: site ## What the first load weighs, against end2end/budget.json
	@node .ci/budget.mjs

.PHONY: browser
browser: site ## Browser specs (Chromium), with JavaScript and without
	cargo build -q -p server $(TEST_FEATURES)
	cargo run -q -p krt --example rule_examples -- target/rule-examples --reports
	cd end2end && npx playwright test $(SPECS)

.PHONY: bench
bench: build ## Measure sizes, start-up, memory and speed: a table and target/bench.json; or one group: make bench ARGS=limits
	@cargo bench -q -p server --bench figures -- $(ARGS)
	@[ -n "$(ARGS)" ] || node end2end/bench/check.mjs

.PHONY: timings
timings: ## Where the time of a cold build of the server goes: the slowest crates, and a page about all
	cargo build --release -p server --timings --target-dir target/timings
	@echo "target/timings/cargo-timings/cargo-timing.html"

.PHONY: clean
clean: ## Remove all that was built and installed into the project; the data folder stays
	rm -rf target .tools end2end/node_modules end2end/test-results end2end/playwright-report
