//! Receives one package: its bytes go to a file and through the reader in one pass, within the quota.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt};
use krt::package::{Reader, Report};
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStoreExt, PutPayload};
use tokio::sync::OwnedMutexGuard;

use super::{INCOMING, Inner, Packages, PackagesError};

/// Bytes collected before they are written and checked: enough to make the cost of a task negligible, few enough for a
/// thousand uploads at once.
const CHUNK: usize = 256 * 1024;

/// How long a package may wait for its name: the package before it may wait for the store, as long as a write may.
const NAMES_WAIT: Duration = Duration::from_secs(5);

/// A received package in a file of its own, not yet under its name. Removed when dropped without [`Received::keep`].
pub struct Received {
    pub report: Report,
    file: Incoming,
}

impl Packages {
    /// Receives a package to its end, or until the check shows that it cannot be accepted. After an error, and when the
    /// future is dropped, no file is left.
    pub async fn receive<E>(&self, body: impl Stream<Item = Result<Bytes, E>> + Send) -> Result<Received, PackagesError>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut body = std::pin::pin!(body);
        let mut file = Incoming::new(self.0.clone());
        let mut upload = self.0.files.put_multipart(&file.path).await?;
        let mut reader = Reader::new();
        let mut fatal = false;
        let mut last = false;
        while !last && !fatal {
            let (chunk, ended) = collect(&mut body).await?;
            last = ended;
            file.reserve(chunk.iter().map(Bytes::len).sum::<usize>() as u64)?;
            let pushed = chunk.clone();
            let reading = self.check(move || {
                let fatal = pushed.iter().any(|bytes| reader.push(bytes).is_err());
                (reader, fatal)
            });
            // In parallel: the chunk is checked while it is written.
            let reading = tokio::spawn(reading);
            if !chunk.is_empty() {
                upload.put_part(PutPayload::from_iter(chunk)).await?;
            }
            (reader, fatal) = reading.await??;
        }
        let report = self.check(move || reader.finish_with_fixes()).await?;
        if report.accepted() {
            upload.complete().await?;
        } else {
            upload.abort().await?;
        }
        Ok(Received { report, file })
    }

    /// Runs a part of a check on a blocking thread: at most one for each processor at a time, in call order.
    pub fn check<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> impl Future<Output = Result<T, PackagesError>> + Send + 'static {
        let checks = self.0.checks.clone();
        async move {
            // The semaphore is never closed.
            let place = checks.acquire_owned().await;
            let done = tokio::task::spawn_blocking(move || {
                let _place = place;
                work()
            });
            Ok(done.await?)
        }
    }
}

/// Returns the next bytes, about [`CHUNK`] of them, and whether these are the last.
async fn collect<E>(
    body: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
) -> Result<(Vec<Bytes>, bool), PackagesError>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut chunk = Vec::new();
    let mut size = 0;
    while size < CHUNK {
        match body.next().await {
            None => return Ok((chunk, true)),
            Some(Err(error)) => return Err(PackagesError::Cut(error.into())),
            Some(Ok(bytes)) => {
                size += bytes.len();
                chunk.push(bytes);
            }
        }
    }
    Ok((chunk, false))
}

impl Received {
    /// Gives an accepted package its name. Until the [`Kept`] is dropped or undone, no other package gets or loses its
    /// name. Call this in a task of its own, so that it completes together with the work that must follow.
    pub async fn keep(self) -> Result<Kept, PackagesError> {
        let Received { report, mut file } = self;
        let inner = file.inner.clone();
        let names = tokio::time::timeout(NAMES_WAIT, inner.names.clone().lock_owned()).await;
        let names = names.map_err(|_| PackagesError::Busy)?;
        let name = Path::from(report.sha256);
        let known = inner.files.head(&name).await.is_ok();
        if !known {
            inner.files.rename(&file.path, &name).await?;
            file.moved = true;
        }
        Ok(Kept { inner, name, fresh: file.moved.then_some(file.reserved), _names: names })
    }
}

/// A package under its name, about to be referred to.
pub struct Kept {
    inner: Arc<Inner>,
    name: Path,
    /// The bytes added to the stored ones; `None` when the same package was stored before.
    fresh: Option<u64>,
    _names: OwnedMutexGuard<()>,
}

impl Kept {
    /// Removes the package again, unless it was stored before.
    pub async fn undo(self) {
        let Some(bytes) = self.fresh else { return };
        match self.inner.files.delete(&self.name).await {
            Ok(()) => drop(self.inner.used.fetch_sub(bytes, Ordering::Relaxed)),
            Err(error) => {
                tracing::warn!(%error, package = %self.name, "could not remove an unreferenced package");
            }
        }
    }
}

/// The file and the reserved part of the quota of one upload; both are released on drop, unless the file was moved.
struct Incoming {
    inner: Arc<Inner>,
    path: Path,
    reserved: u64,
    moved: bool,
}

impl Incoming {
    fn new(inner: Arc<Inner>) -> Incoming {
        let path = Path::from_iter([INCOMING, &uuid::Uuid::new_v4().to_string()]);
        Incoming { inner, path, reserved: 0, moved: false }
    }

    fn reserve(&mut self, bytes: u64) -> Result<(), PackagesError> {
        let quota = self.inner.quota;
        let fits = |used: u64| used.checked_add(bytes).filter(|sum| *sum <= quota);
        match self.inner.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits) {
            Ok(_) => {
                self.reserved += bytes;
                Ok(())
            }
            Err(_) => Err(PackagesError::OverQuota { quota }),
        }
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if self.moved {
            return;
        }
        self.inner.used.fetch_sub(self.reserved, Ordering::Relaxed);
        let (inner, path) = (self.inner.clone(), std::mem::take(&mut self.path));
        // Outside of a tokio runtime (at the end of the program), the next start removes the file.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                // Fails when the upload was refused before its file was created.
                let _ = inner.files.delete(&path).await;
            });
        }
    }
}
