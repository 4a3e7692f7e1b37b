#!/usr/bin/env bash
# Finds or makes a Rust toolchain that can compile for the browser (wasm32-unknown-unknown), and writes the
# environment that uses it to .tools/wasm.env, which the build of the site and the WASM lint read.
#
# 1. A target that is already installed, or that `rustup target add` can fetch, is used as it is.
# 2. Where that download is closed, Debian's rustc-web has the compiler and the source of its standard library;
#    the library is built once (about a minute) into .tools/wasm-sysroot, and nothing outside of the project changes
#    but the Debian packages.
#
# KRT_CONSOLE_WASM_TOOLCHAIN=debian takes the second way even where the first one works, to try it out.
set -euo pipefail
cd "$(dirname "$0")/.."
target=wasm32-unknown-unknown
env_file=.tools/wasm.env
wanted=${KRT_CONSOLE_WASM_TOOLCHAIN:-any}
rustup_patience=90 # seconds; the download is 20 MB
mkdir -p .tools

say() { printf '• %s\n' "$*" >&2; }

# Whether this rustc has a standard library for the target.
has_target() {
  local folder
  folder=$("$1" --print target-libdir --target "$target" 2>/dev/null) && compgen -G "$folder/libcore-*.rlib" >/dev/null
}

# What an environment file was made for; another compiler, another project folder or another wish needs another one.
made_for() { printf '# for %s in %s (%s)\n' "$("$1" -V 2>/dev/null)" "$PWD" "$wanted"; }

if [ -f "$env_file" ]; then
  rustc_then=$(sed -n 's/^export RUSTC=//p' "$env_file")
  if [ "$(head -n 1 "$env_file")" = "$(made_for "${rustc_then:-rustc}")" ]; then exit 0; fi
  rm -f "$env_file"
fi

if [ "$wanted" != debian ]; then
  if ! has_target rustc && command -v rustup >/dev/null; then
    say "asking rustup for the $target target ($rustup_patience seconds at most)"
    timeout "$rustup_patience" rustup target add "$target" >&2 || say "rustup cannot download it here"
  fi
  if has_target rustc; then
    made_for rustc > "$env_file"
    exit 0
  fi
fi

rustc=/usr/bin/rustc cargo=/usr/bin/cargo linker=/usr/bin/wasm-ld-22
packages="rustc-web cargo-web rust-web-src rust-web-clippy lld-22"
has_debian_rust() {
  [ -x $rustc ] && [ -x $cargo ] && [ -x $linker ] && [ -x /usr/bin/cargo-clippy ] &&
    [ -d "$($rustc --print sysroot)/lib/rustlib/src/rust/library/std" ]
}
if ! has_debian_rust; then
  command -v apt-get >/dev/null || {
    say "the Rust target $target is missing, and cannot be downloaded: run \`rustup target add $target\` where the network is open"
    exit 1
  }
  say "installing Debian's Rust for the web: $packages (about a minute)"
  sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq >&2
  # shellcheck disable=SC2086 # one word a package
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi

say "building Rust's standard library for $target (about a minute)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/src"
cat > "$work/Cargo.toml" <<'MANIFEST'
[package]
name = "std-for-wasm"
version = "0.0.0"
edition = "2021"
[profile.release]
panic = "abort"
MANIFEST
: > "$work/src/lib.rs"
# RUSTC_BOOTSTRAP: -Zbuild-std on a stable compiler. Bitcode: fat LTO has nothing to work on without it.
(cd "$work" && PATH=/usr/bin:$PATH RUSTC=$rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes \
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$linker CARGO_TARGET_DIR="$work/target" \
  $cargo build -q -Zbuild-std=std,panic_abort,test,proc_macro --target "$target" --release >&2)
sysroot=.tools/wasm-sysroot
rm -rf "$sysroot"
mkdir -p "$sysroot/lib/rustlib/$target/lib"
cp "$work/target/$target/release/deps/"lib*.rlib "$sysroot/lib/rustlib/$target/lib/"
rm -f "$sysroot/lib/rustlib/$target/lib/"libstd_for_wasm-*
{
  made_for $rustc
  # First in PATH, so that cargo finds the clippy of this compiler.
  echo "export PATH=/usr/bin:\$PATH"
  echo "export RUSTC=$rustc"
  echo "export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS='--sysroot=$PWD/$sysroot'"
  echo "export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$linker"
} > "$env_file.new"
mv "$env_file.new" "$env_file"
