//! The fuzz targets on stable Rust: mutated seeds, without the guidance of coverage. `make fuzz` gives each target some
//! seconds (`KRT_CONSOLE_FUZZ_SECONDS`); otherwise each tries a fixed number of inputs.
//!
//! Whatever is found is minimized and printed with its seed, which makes the same input again:
//! `KRT_CONSOLE_FUZZ_SEED=N cargo test -p krt --test fuzz TARGET`.

mod bodies;
mod harness;
mod minimize;
mod mutate;
mod random;
mod seeds;
#[path = "../support/mod.rs"]
mod support;

use harness::Target;

/// Short texts reach as much of the check as long ones, and many more of them are tried.
const TEXT: usize = 4 * 1024;
const PACKAGE: usize = 64 * 1024;

#[test]
fn manifest() {
    let body = |bytes: &[u8]| bodies::manifest::run(bytes);
    Target { name: "manifest", seeds: seeds::texts(), mutate: mutate::text, longest: TEXT, body }.run();
}

#[test]
fn fixes() {
    let body = |bytes: &[u8]| bodies::fixes::run(&String::from_utf8_lossy(bytes));
    Target { name: "fixes", seeds: seeds::texts(), mutate: mutate::text, longest: TEXT, body }.run();
}

#[test]
fn conversion() {
    let body = |bytes: &[u8]| bodies::conversion::run(&String::from_utf8_lossy(bytes));
    Target { name: "conversion", seeds: seeds::texts(), mutate: mutate::text, longest: TEXT, body }.run();
}

#[test]
fn package() {
    let body = |bytes: &[u8]| bodies::package::run(bytes);
    Target { name: "package", seeds: seeds::packages(), mutate: mutate::archive, longest: PACKAGE, body }.run();
}

#[test]
fn every_coverage_guided_target_also_runs_here() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<_> = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    assert_eq!(names, ["conversion", "fixes", "manifest", "package"]);
}

#[test]
fn what_is_found_is_minimized_and_its_seed_makes_it_again() {
    let body = |bytes: &[u8]| assert!(!bytes.windows(2).any(|pair| pair == b"::"), "two colons");
    let target = Target { name: "colons", seeds: seeds::texts(), mutate: mutate::text, longest: TEXT, body };
    let found = target.search(1, 100_000, None).expect_err("two colons in a row are found");
    assert_eq!(found.input, b"::");
    assert!(found.words.contains("two colons"), "{}", found.words);
    let again = target.search(found.seed, 1, None).expect_err("its seed makes it again");
    assert_eq!((again.seed, again.input), (found.seed, found.input));
}
