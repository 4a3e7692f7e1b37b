//! What can go wrong with stored packages, with the disk's troubles told apart.

use std::error::Error;
use std::io;

#[derive(Debug, thiserror::Error)]
pub enum PackagesError {
    /// All packages together would pass the limit.
    #[error("all packages together would have more than {quota} bytes")]
    OverQuota { quota: u64 },
    #[error("the disk that holds the packages is full")]
    Full(#[source] Box<dyn Error + Send + Sync>),
    #[error("the folder of packages cannot be written")]
    ReadOnly(#[source] Box<dyn Error + Send + Sync>),
    /// Others get their names, and wait for the store with it.
    #[error("the packages are busy")]
    Busy,
    #[error("the package is not there")]
    Missing(#[source] Box<dyn Error + Send + Sync>),
    /// The sender went away or broke its own framing.
    #[error("the upload was cut off")]
    Cut(#[source] Box<dyn Error + Send + Sync>),
    #[error("the packages cannot be read or written")]
    Storage(#[source] Box<dyn Error + Send + Sync>),
    #[error("checking the package was stopped before its end")]
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

/// Looks for the system's own error at the bottom of the chain.
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
