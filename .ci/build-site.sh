#!/usr/bin/env bash
# Builds the browser's half of the console into target/site: WASM, its JavaScript glue, the style sheet, what lies in
# public/, and compressed siblings of all of them. Each step is left out when its input has not changed.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '• %s\n' "$*" >&2; }

.ci/wasm-toolchain.sh
.ci/bindgen.sh

if [ ! -e target/wasm32-unknown-unknown/wasm-release/app.wasm ]; then
  say "compiling the browser's half (3 to 6 minutes the first time)"
fi
# Messages of panics name files: by the same paths on every machine, so that the same source makes the same bytes.
crates="${CARGO_HOME:-$HOME/.cargo}/registry/src/"
# The crate type on the command line: as cdylib and rlib together the crate would get no fat LTO.
(
  # shellcheck source=/dev/null
  . .tools/wasm.env
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="${CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS:-}"
  case "$crates" in *" "*) ;; *) CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS+=" --remap-path-prefix=$crates=" ;; esac
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS
  # Relocations: the step that splits the code needs them.
  cargo rustc -p app --lib --crate-type cdylib --target wasm32-unknown-unknown --profile wasm-release \
    --no-default-features --features hydrate -- -C link-arg=--emit-relocs
  # Sixteen bytes at a time: every browser that the pages are made for can do that (.ci/site.mjs).
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="$CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS -C target-feature=+simd128" \
    cargo build -p checker --target wasm32-unknown-unknown --profile wasm-checker
)

exec node .ci/site.mjs
