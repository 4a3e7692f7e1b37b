#!/usr/bin/env bash
# Builds the browser's half of the console into target/site: WASM, its JavaScript glue, the style sheet, what lies in
# public/, and compressed siblings of all of them. Each step is left out when its input has not changed.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '• %s\n' "$*" >&2; }

.ci/wasm-toolchain.sh

# What makes the glue must be of exactly the version that the crate was locked to.
locked() { sed -n "/^name = \"$1\"\$/{n;s/version = \"\(.*\)\"/\1/p}" "$2"; }
version=$(locked wasm-bindgen Cargo.lock)
if [ "$(locked wasm-bindgen-cli-support .ci/bindgen/Cargo.lock)" != "$version" ]; then
  say "Cargo.lock has wasm-bindgen $version: set the version in .ci/bindgen/Cargo.toml to it, and run cargo update there"
  exit 1
fi
made_of=$(cat .ci/bindgen/Cargo.lock .ci/bindgen/Cargo.toml .ci/bindgen/src/main.rs | sha256sum)
if [ "$(cat .tools/bin/bindgen.made-of 2>/dev/null)" != "$made_of" ]; then
  say "compiling bindgen, which makes the WASM's JavaScript, into .tools (a minute, once)"
  CARGO_TARGET_DIR=.tools/target cargo build -q --release --locked --manifest-path .ci/bindgen/Cargo.toml
  mkdir -p .tools/bin
  cp .tools/target/release/bindgen .tools/bin/bindgen
  rm -rf .tools/target
  echo "$made_of" > .tools/bin/bindgen.made-of
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
