//! Where the fuzzing begins: the examples of the rule pages and the fixtures.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::support::{self, examples};

/// Maximum size of a seed, in bytes: larger ones are slow and of the same kinds.
const LARGEST: usize = 8 * 1024;
/// The same for an archive, most of which is padding.
const LARGEST_ARCHIVE: usize = 64 * 1024;

/// Manifests, right and wrong.
pub fn texts() -> Vec<Vec<u8>> {
    let mut seeds = examples(".yml");
    for folder in ["manifests/valid", "manifests/invalid"] {
        seeds.extend(files(folder).map(|path| fs::read(path).unwrap()));
    }
    small(seeds, LARGEST)
}

/// Packages, and the archives inside them: a change of compressed bytes seldom gets further than their checksum.
pub fn packages() -> Vec<Vec<u8>> {
    let mut seeds = examples(".krt");
    seeds.push(support::package(&support::good()));
    seeds.extend(files("packages").map(|path| fs::read(path).unwrap()));
    let mut seeds = small(seeds, LARGEST);
    let archives: Vec<_> = seeds.iter().filter_map(|seed| unpacked(seed)).collect();
    seeds.extend(small(archives, LARGEST_ARCHIVE));
    seeds
}

fn examples(end: &str) -> Vec<Vec<u8>> {
    let of = |page: krt::rule_pages::Page| {
        [("wrong", page.wrong), ("right", page.right)]
            .map(|(which, example)| examples::file(page.code, which, &example))
    };
    examples::pages().flat_map(of).filter(|file| file.name.ends_with(end)).map(|file| file.bytes).collect()
}

fn files(folder: &str) -> impl Iterator<Item = PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    // The same seeds in the same order everywhere, so that an input can be made again.
    files.sort();
    files.into_iter()
}

fn small(mut seeds: Vec<Vec<u8>>, most: usize) -> Vec<Vec<u8>> {
    seeds.retain(|seed| seed.len() <= most);
    assert!(!seeds.is_empty(), "there are no seeds");
    seeds
}

fn unpacked(package: &[u8]) -> Option<Vec<u8>> {
    let mut archive = Vec::new();
    let most = LARGEST_ARCHIVE as u64 + 1;
    flate2::read::GzDecoder::new(package).take(most).read_to_end(&mut archive).ok().map(|_| archive)
}
