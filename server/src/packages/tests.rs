//! Tests of the stored packages, on real folders.

pub(crate) mod fixture;

use std::collections::HashSet;
use std::convert::Infallible;
use std::path::PathBuf;

use bytes::Bytes;
use futures::stream::{self, Stream};
use futures::{StreamExt, TryStreamExt};
use tempfile::TempDir;

use self::fixture::{pack, package};
use super::{FOLDER, INCOMING, Packages, PackagesError, Received};

const QUOTA: u64 = 1 << 20;

async fn open(folder: &TempDir, quota: u64, in_use: &[&str]) -> Packages {
    let in_use: HashSet<String> = in_use.iter().map(|name| name.to_string()).collect();
    Packages::open(folder.path(), quota, &in_use).await.unwrap()
}

/// The bytes in pieces of a few hundred.
fn body(bytes: &[u8]) -> impl Stream<Item = Result<Bytes, Infallible>> + Send + use<> {
    let pieces: Vec<_> = bytes.chunks(300).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces)
}

/// All files in the package folder, including those being received, once background work is done.
async fn files(folder: &TempDir) -> Vec<PathBuf> {
    testing::eventually_async("nothing is being received", testing::DEADLINE, async || {
        Some(list(folder)).filter(|found| found.iter().all(|file| !file.starts_with(INCOMING)))
    })
    .await
}

fn list(folder: &TempDir) -> Vec<PathBuf> {
    let packages = folder.path().join(FOLDER);
    let of = |folder: PathBuf| std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let all = of(packages.clone()).chain(of(packages.join(INCOMING)));
    all.filter(|path| path.is_file()).map(|path| path.strip_prefix(&packages).unwrap().to_owned()).collect()
}

async fn receive(packages: &Packages, bytes: &[u8]) -> Received {
    packages.receive(body(bytes)).await.unwrap()
}

#[tokio::test]
async fn an_accepted_package_is_kept_under_its_hash_and_read_back() {
    let folder = TempDir::new().unwrap();
    let packages = open(&folder, QUOTA, &[]).await;
    let bytes = package("v1");
    let received = receive(&packages, &bytes).await;
    assert!(received.report.accepted(), "{:?}", received.report.diagnostics);
    let name = received.report.sha256.clone();
    drop(received.keep().await.unwrap());
    assert_eq!(files(&folder).await, [PathBuf::from(&name)]);
    let (size, stored) = packages.read(&name).await.unwrap();
    let stored: Vec<Bytes> = stored.try_collect().await.unwrap();
    assert_eq!((size, stored.concat()), (bytes.len() as u64, bytes.clone()));
    assert_eq!(packages.used(), bytes.len() as u64);

    let again = receive(&packages, &bytes).await;
    again.keep().await.unwrap().undo().await;
    assert_eq!(files(&folder).await, [PathBuf::from(&name)], "a package stored before is not removed");
    assert_eq!(packages.used(), bytes.len() as u64);
}

#[tokio::test]
async fn a_package_that_is_not_kept_leaves_no_file() {
    let folder = TempDir::new().unwrap();
    let packages = open(&folder, QUOTA, &[]).await;
    let refused = receive(&packages, &pack(&[("readme.txt", b"no manifest")])).await;
    assert!(!refused.report.accepted());
    drop(refused);
    drop(receive(&packages, &package("v1")).await);
    receive(&packages, &package("v1")).await.keep().await.unwrap().undo().await;
    let no_package = receive(&packages, b"PK\x03\x04 a zip, perhaps").await;
    assert!(!no_package.report.accepted());
    drop(no_package);
    assert_eq!(files(&folder).await, Vec::<PathBuf>::new());
    assert_eq!(packages.used(), 0);
}

#[tokio::test]
async fn an_interrupted_upload_leaves_no_file() {
    let folder = TempDir::new().unwrap();
    let packages = open(&folder, QUOTA, &[]).await;
    let bytes = package("v1");
    let half = body(&bytes[..bytes.len() / 2]).map(|piece| Ok(piece.unwrap()));
    let cut = half.chain(stream::once(async { Err(std::io::Error::other("reset by peer")) }));
    let error = packages.receive(cut).await.err().unwrap();
    assert!(matches!(error, PackagesError::Cut(_)), "{error:?}");

    let stalled = body(&bytes[..bytes.len() / 2]).chain(stream::pending());
    let begun = testing::eventually_async("a file is begun", testing::DEADLINE, async || list(&folder).pop());
    tokio::select! {
        _ = packages.receive(stalled) => panic!("it should wait for the rest"),
        _ = begun => {}
    }
    assert_eq!(files(&folder).await, Vec::<PathBuf>::new());
    assert_eq!(packages.used(), 0);
}

#[tokio::test]
async fn the_quota_holds_for_all_packages_together() {
    let folder = TempDir::new().unwrap();
    let (first, second) = (package("v1"), package("v2"));
    let packages = open(&folder, (first.len() + second.len() - 1) as u64, &[]).await;
    let name = {
        let received = receive(&packages, &first).await;
        let name = received.report.sha256.clone();
        drop(received.keep().await.unwrap());
        name
    };
    let error = packages.receive(body(&second)).await.err().unwrap();
    assert!(matches!(error, PackagesError::OverQuota { .. }), "{error:?}");
    assert_eq!(files(&folder).await, [PathBuf::from(&name)]);
    assert_eq!(packages.used(), first.len() as u64);

    // Stored packages count after a restart, too.
    let packages = open(&folder, first.len() as u64, &[&name]).await;
    let error = packages.receive(body(&second)).await.err().unwrap();
    assert!(matches!(error, PackagesError::OverQuota { .. }), "{error:?}");
}

#[tokio::test]
async fn only_their_owner_may_read_packages_even_those_that_were_open_to_all() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let packages = folder.path().join(FOLDER);
    std::fs::create_dir_all(&packages).unwrap();
    std::fs::write(packages.join("facade"), "bytes").unwrap();
    for (path, mode) in [(packages.clone(), 0o755), (packages.join("facade"), 0o644)] {
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    }
    open(&folder, QUOTA, &["facade"]).await;
    let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(packages.clone()), 0o700);
    assert_eq!(mode(packages.join(INCOMING)), 0o700);
    assert_eq!(mode(packages.join("facade")), 0o600);
}

#[tokio::test]
async fn files_left_by_a_crash_are_removed_at_the_next_start() {
    let folder = TempDir::new().unwrap();
    let packages = folder.path().join(FOLDER);
    std::fs::create_dir_all(packages.join(INCOMING)).unwrap();
    for unused in ["incoming/a#1", "incoming/b", "c0ffee"] {
        std::fs::write(packages.join(unused), "bytes").unwrap();
    }
    std::fs::write(packages.join("facade"), "bytes").unwrap();
    let packages = open(&folder, QUOTA, &["facade", "missing"]).await;
    assert_eq!(files(&folder).await, [PathBuf::from("facade")]);
    assert_eq!(packages.used(), 5);
    let error = packages.read("missing").await.err().unwrap();
    assert!(matches!(error, PackagesError::Missing(_)), "{error:?}");
}
