#!/usr/bin/env bash
# Finds or makes a Rust toolchain that can compile for the browser (wasm32-unknown-unknown), and writes the
# environment that uses it to .tools/wasm.env, which the Makefile reads.
#
# 1. A target that is already installed, or that `rustup target add` can fetch, is used as it is.
# 2. Where that download is closed, Debian's rustc-web has the compiler and the source of its standard library;
#    the library is built once (about a minute) into .tools/wasm-sysroot, and nothing outside of the project changes
#    but the Debian packages.
set -euo pipefail
cd "$(dirname "$0")/.."
target=wasm32-unknown-unknown
env_file=.tools/wasm.env
mkdir -p .tools

say() { printf '• %s\n' "$*" >&2; }

has_target() { [ -n "$(ls "$(dirname "$($1 --print target-libdir --target "$target" 2>/dev/null)")"/lib/libcore-*.rlib 2>/dev/null)" ]; }

if [ -f "$env_file" ]; then
  made_for=$(sed -n 's/^# for //p' "$env_file")
  rustc_now=$(sed -n 's/^RUSTC=//p' "$env_file")
  if [ "$made_for" = "$("${rustc_now:-rustc}" -V 2>/dev/null)" ]; then exit 0; fi
  rm -f "$env_file"
fi

if ! has_target rustc && command -v rustup >/dev/null; then
  say "asking rustup for the $target target (a minute at most)"
  timeout 60 rustup target add "$target" >/dev/null 2>&1 || say "rustup cannot download it here"
fi
if has_target rustc; then
  { echo "# for $(rustc -V)"; echo "CARGO=cargo"; } > "$env_file"
  exit 0
fi

rustc=/usr/bin/rustc cargo=/usr/bin/cargo
packages="rustc-web cargo-web rust-web-src rust-web-clippy lld-22"
if ! { [ -x $rustc ] && [ -x $cargo ] && [ -d /usr/lib/rustlib/src/rust/library/std ] && [ -x /usr/bin/wasm-ld-22 ] && [ -x /usr/bin/clippy-driver ]; }; then
  say "installing Debian's Rust for the web: $packages"
  sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq
  # shellcheck disable=SC2086 # one word a package
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi

say "building Rust's standard library for $target (about a minute)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/src"
printf '[package]\nname = "std-for-wasm"\nversion = "0.0.0"\nedition = "2021"\n[profile.release]\npanic = "abort"\n' > "$work/Cargo.toml"
: > "$work/src/lib.rs"
(cd "$work" && RUSTC=$rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes \
  $cargo build -q -Zbuild-std=std,panic_abort,test,proc_macro --target "$target" --release)
sysroot=.tools/wasm-sysroot
rm -rf "$sysroot"
mkdir -p "$sysroot/lib/rustlib/$target/lib"
cp "$work/target/$target/release/deps/"lib*.rlib "$sysroot/lib/rustlib/$target/lib/"
rm -f "$sysroot/lib/rustlib/$target/lib/"libstd_for_wasm-*
{
  echo "# for $($rustc -V)"
  echo "CARGO=$cargo"
  echo "RUSTC=$rustc"
  echo "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS=--sysroot=$PWD/$sysroot"
  echo "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=/usr/bin/wasm-ld-22"
} > "$env_file"
