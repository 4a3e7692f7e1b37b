#!/usr/bin/env bash
# Fuzzes the check: every target for so many seconds, from the examples of the rules' pages. On stable Rust always
# (app/krt/tests/fuzz); where there are a nightly toolchain and cargo-fuzz, also guided by coverage, which finds more and
# limits the memory, too. What that finds is kept in app/krt/fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-7}

# Optimized code tries many more inputs, which is worth its compilation only in a longer run.
profile=
[ "$seconds" -lt 60 ] || profile='--profile fuzz'
# shellcheck disable=SC2086
KRT_CONSOLE_FUZZ_SECONDS=$seconds cargo test -q -p krt $profile --test fuzz -- --nocapture

if ! command -v cargo-fuzz >/dev/null || ! cargo +nightly --version >/dev/null 2>&1; then exit; fi

seeds=$PWD/target/fuzz-seeds
mkdir -p "$seeds/yml" "$seeds/krt"
cargo run -q -p krt --example rule_examples -- "$seeds"
mv "$seeds"/*.yml "$seeds/yml"
mv "$seeds"/*.krt "$seeds/krt"
# The archives inside, too: a change of compressed bytes seldom gets further than their checksum.
for package in "$seeds"/krt/*.krt; do
  gzip -dc < "$package" 2>/dev/null | head -c 65536 > "${package%.krt}.tar" || true
done

cd app/krt
for target in $(cargo +nightly fuzz list); do
  # Short texts reach as much of the check as long ones, and many more of them are tried.
  kind=yml longest=4096
  [ "$target" != package ] || kind=krt longest=65536
  mkdir -p "fuzz/corpus/$target"
  if ! cargo +nightly fuzz run "$target" "fuzz/corpus/$target" "$seeds/$kind" -- \
    -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 -max_len=$longest -print_final_stats=1 >"$seeds/$target.log" 2>&1; then
    tail -40 "$seeds/$target.log"
    exit 1
  fi
  runs=$(grep -o 'number_of_executed_units: [0-9]*' "$seeds/$target.log" | grep -o '[0-9]*')
  coverage=$(grep -o 'cov: [0-9]*' "$seeds/$target.log" | tail -1)
  echo "$target: $runs runs, $coverage, nothing found"
done
