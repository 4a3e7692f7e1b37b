#!/usr/bin/env bash
# Builds the browser's half of the console into target/site: WASM, its JavaScript glue, the style sheet, what lies in
# public/, and compressed siblings of all of them. Each step is left out when its input has not changed.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '• %s\n' "$*" >&2; }

.ci/wasm-toolchain.sh

# The command-line tool must be of exactly the version that the crate was locked to.
version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
if [ "$(.tools/bin/wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $version" ]; then
  say "installing wasm-bindgen $version into .tools (2 to 4 minutes, once)"
  # Not --locked: its lock file may ask for crates that were withdrawn since.
  CARGO_TARGET_DIR=.tools/target cargo install -q wasm-bindgen-cli --version "$version" --root .tools
  rm -rf .tools/target
fi

if [ ! -e target/wasm32-unknown-unknown/wasm-release/app.wasm ]; then
  say "compiling the browser's half (3 to 6 minutes the first time)"
fi
# The crate type on the command line: as cdylib and rlib together the crate would get no fat LTO.
(
  # shellcheck source=/dev/null
  . .tools/wasm.env
  cargo rustc -p app --lib --crate-type cdylib --target wasm32-unknown-unknown --profile wasm-release \
    --no-default-features --features hydrate
  # Sixteen bytes at a time: every browser that the pages are made for can do that (.ci/site.mjs).
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="${CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS:-} -C target-feature=+simd128" \
    cargo build -p checker --target wasm32-unknown-unknown --profile wasm-checker
)

exec node .ci/site.mjs
