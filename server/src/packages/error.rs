//! Errors of the stored packages. Problems of the disk have variants of their own, since people can fix them.

use std::error::Error;
use std::io;

#[derive(Debug, thiserror::Error)]
pub enum PackagesError {
    /// All packages together would exceed the limit.
    #[error("all packages together would exceed the limit of {quota} bytes")]
    OverQuota { quota: u64 },
    #[error("the disk with the package folder is full")]
    Full(#[source] Box<dyn Error + Send + Sync>),
    #[error("the package folder is not writable")]
    ReadOnly(#[source] Box<dyn Error + Send + Sync>),
    /// Another package is getting its name, and waits for the store meanwhile.
    #[error("the package store is busy")]
    Busy,
    #[error("the package is missing")]
    Missing(#[source] Box<dyn Error + Send + Sync>),
    /// The sender disconnected or broke its own framing.
    #[error("the upload was interrupted")]
    Cut(#[source] Box<dyn Error + Send + Sync>),
    #[error("the package folder cannot be read or written")]
    Storage(#[source] Box<dyn Error + Send + Sync>),
    #[error("the check of the package was stopped before it finished")]
    Stopped(#[from] tokio::task::JoinError),
}

impl From<object_store::Error> for PackagesError {
    fn from(error: object_store::Error) -> PackagesError {
        match error {
            object_store::Error::NotFound { .. } => PackagesError::Missing(Box::new(error)),
            error => classified(Box::new(error)),
        }
    }
}

impl From<io::Error> for PackagesError {
    fn from(error: io::Error) -> PackagesError {
        classified(Box::new(error))
    }
}

/// Chooses a variant by the system's own error at the bottom of the chain.
fn classified(error: Box<dyn Error + Send + Sync>) -> PackagesError {
    match io_kind(error.as_ref()) {
        Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => PackagesError::Full(error),
        Some(io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied) => PackagesError::ReadOnly(error),
        _ => PackagesError::Storage(error),
    }
}

fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return Some(io.kind());
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_found_at_the_bottom_of_the_chain() {
        for (kind, full) in [(io::ErrorKind::StorageFull, true), (io::ErrorKind::Other, false)] {
            let error = object_store::Error::Generic { store: "test", source: Box::new(io::Error::from(kind)) };
            assert_eq!(matches!(PackagesError::from(error), PackagesError::Full(_)), full, "{kind:?}");
        }
    }
}
