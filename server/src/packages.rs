//! Stored packages, by content: `packages/<sha256>`. A package is received into a file of its own, checked while its
//! bytes pass, made durable, and then moved to its name; anything else leaves nothing behind.

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

/// The folder of packages in the data folder.
pub const FOLDER: &str = "packages";

/// Where packages are while they are received, inside of [`FOLDER`].
const INCOMING: &str = "incoming";

/// The open store of packages; clones share it.
#[derive(Clone)]
pub struct Packages(Arc<Inner>);

struct Inner {
    files: LocalFileSystem,
    /// Bytes that all packages together may have.
    quota: u64,
    /// Bytes of all stored packages and of those being received.
    used: AtomicU64,
    /// Places for checks: each has a processor to itself.
    checks: Arc<Semaphore>,
    /// Held while a package gets or loses its name, so that nobody removes what another one just came to need.
    names: Arc<Mutex<()>>,
}

impl Packages {
    /// Opens the packages of a data folder, which the store's lock protects. `in_use`: the packages that versions refer
    /// to; others were left by a crash and are removed, as is everything that was being received.
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
                tracing::info!(package = name, "removing a package that no version refers to");
                files.delete(&package.location).await?;
            }
        }
        drop(stored);
        for package in missing {
            tracing::error!(package, "a package that a version refers to is missing; restore it from a backup");
        }
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let checks = Arc::new(Semaphore::new(processors));
        Ok(Packages(Arc::new(Inner { files, quota, used: AtomicU64::new(used), checks, names: Arc::default() })))
    }

    /// Bytes of all stored packages and of those being received.
    pub fn used(&self) -> u64 {
        self.0.used.load(Ordering::Relaxed)
    }

    /// The bytes of a stored package, and how many they are.
    pub async fn read(
        &self,
        sha256: &str,
    ) -> Result<(u64, BoxStream<'static, Result<Bytes, PackagesError>>), PackagesError> {
        let found = self.0.files.get(&Path::from(sha256)).await?;
        let size = found.meta.size;
        Ok((size, found.into_stream().map_err(PackagesError::from).boxed()))
    }
}

/// Makes a folder that only its owner may look into, and those above it.
async fn make(folder: &FilePath) -> std::io::Result<()> {
    tokio::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).await
}

#[cfg(test)]
pub(crate) mod tests;
