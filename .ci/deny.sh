#!/usr/bin/env bash
# Bans, licences and sources of all crates, by deny.toml; and advisories where their database can be reached. What is
# skipped is said.
set -euo pipefail
cd "$(dirname "$0")/.."
patience=60 # seconds for the database of advisories; it has some megabytes

deny=".ci/tool cargo-deny"
$deny --locked --log-level error check bans licenses sources
if GIT_TERMINAL_PROMPT=0 timeout $patience $deny --log-level off fetch db >/dev/null 2>&1; then
  $deny --locked --log-level error check --disable-fetch advisories
else
  .ci/skip advisories 'their database cannot be reached from here'
fi
