#!/usr/bin/env bash
# Makes .tools/bin/bindgen, unless it is there: the program that makes the JavaScript glue of a WASM module.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '• %s\n' "$*" >&2; }

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
