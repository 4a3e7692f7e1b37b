//! Stored packages, addressed by content: `packages/<sha256>`. A package is received into a file of its own, checked
//! while it arrives, made durable, and then moved to its name; a failed upload leaves no file.

use std::collections::HashSet;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::sync::{Mutex, Semaphore};

use crate::private;

mod error;
mod receive;

pub use error::PackagesError;
pub use receive::{Kept, Received};

/// The package folder in the data folder.
pub const FOLDER: &str = "packages";

/// The folder in [`FOLDER`] for packages being received.
const INCOMING: &str = "incoming";

/// The open store of packages; clones share it.
#[derive(Clone)]
pub struct Packages(Arc<Inner>);

struct Inner {
    files: LocalFileSystem,
    /// Maximum bytes of all packages together.
    quota: u64,
    /// Bytes of all stored packages and of those being received.
    used: AtomicU64,
    /// One permit for each processor: how many checks run at a time.
    checks: Arc<Semaphore>,
    /// Held while a package gets or loses its name, so that no task removes a package that another one refers to.
    names: Arc<Mutex<()>>,
}

impl Packages {
    /// Opens the packages of a data folder, which the store's lock protects. `in_use`: the packages that versions refer
    /// to. All others remain from a crash and are removed, as are unfinished uploads.
    pub async fn open(data: &FilePath, quota: u64, in_use: &HashSet<String>) -> Result<Packages, PackagesError> {
        let folder = data.join(FOLDER);
        let incoming = folder.join(INCOMING);
        make(&folder).await?;
        match tokio::fs::remove_dir_all(&incoming).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => make(&incoming).await?,
        }
        let all = folder.clone();
        tokio::task::spawn_blocking(move || private::close_folder(&all)).await?;
        let files = LocalFileSystem::new_with_prefix(&folder)?.with_fsync(true);
        let mut used = 0;
        let mut stored = files.list(None);
        let mut missing: HashSet<&String> = in_use.iter().collect();
        while let Some(package) = stored.try_next().await? {
            let name = package.location.as_ref().to_owned();
            if in_use.contains(&name) {
                missing.remove(&name);
                used += package.size;
            } else {
                tracing::info!(package = name, "removing an unreferenced package");
                files.delete(&package.location).await?;
            }
        }
        drop(stored);
        for package in missing {
            tracing::error!(package, "the package of a version is missing; restore it from a backup");
        }
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let checks = Arc::new(Semaphore::new(processors));
        Ok(Packages(Arc::new(Inner { files, quota, used: AtomicU64::new(used), checks, names: Arc::default() })))
    }

    /// Bytes of all stored packages and of those being received.
    pub fn used(&self) -> u64 {
        self.0.used.load(Ordering::Relaxed)
    }

    /// Returns the size of a stored package in bytes, and a stream of its bytes.
    pub async fn read(
        &self,
        sha256: &str,
    ) -> Result<(u64, BoxStream<'static, Result<Bytes, PackagesError>>), PackagesError> {
        let found = self.0.files.get(&Path::from(sha256)).await?;
        let size = found.meta.size;
        Ok((size, found.into_stream().map_err(PackagesError::from).boxed()))
    }
}

/// Creates a folder that only its owner may access, and its parents.
async fn make(folder: &FilePath) -> std::io::Result<()> {
    tokio::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).await
}

#[cfg(test)]
pub(crate) mod tests;
