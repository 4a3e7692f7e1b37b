//! Turns errors of lower layers into messages for the caller. An internal error is logged; its message has the log ID.

use std::error::Error as StdError;

use app::error::{Error, ErrorKind};
use app::labels::size;

use crate::cluster::ClusterError;
use crate::packages::PackagesError;
use crate::store::StoreError;

/// Logs the error with its causes and returns an error that contains only the log ID.
pub(super) fn internal(error: &dyn StdError) -> Error {
    let id = uuid::Uuid::new_v4().simple().to_string()[..8].to_owned();
    tracing::error!(id, error = chain(error), "internal error");
    Error::new(
        ErrorKind::Internal,
        format!("Internal error. Try again; if the problem persists, ask your admin to look up error {id} in the log."),
    )
}

/// The message for an error of the store. The failed operation changed nothing.
pub fn store(error: StoreError) -> Error {
    match error {
        StoreError::Busy => busy(),
        StoreError::Full(_) => Error::new(
            ErrorKind::StorageFull,
            "The server's disk is full; nothing was changed. Ask your admin to free disk space.",
        ),
        StoreError::ReadOnly(_) => Error::new(
            ErrorKind::Unavailable,
            "The server's data folder is not writable; nothing was changed. Ask your admin to check it.",
        ),
        error => internal(&error),
    }
}

pub(super) fn packages(error: PackagesError) -> Error {
    match error {
        PackagesError::OverQuota { quota } => Error::new(
            ErrorKind::StorageFull,
            format!(
                "The package does not fit: the limit for all packages is {}. Ask your admin to raise --max-storage.",
                size(quota)
            ),
        ),
        PackagesError::Full(_) => Error::new(
            ErrorKind::StorageFull,
            "The server's disk is full; the package was not stored. Ask your admin to free disk space.",
        ),
        PackagesError::ReadOnly(_) => Error::new(
            ErrorKind::Unavailable,
            "The server's package folder is not writable. Ask your admin to check it.",
        ),
        PackagesError::Busy => busy(),
        PackagesError::Cut(error) => {
            tracing::debug!(error = chain(error.as_ref()), "an upload was interrupted");
            Error::new(ErrorKind::Invalid, "Upload interrupted. Nothing was stored; send the file again.")
        }
        error => internal(&error),
    }
}

/// The request waited too long for its turn.
pub fn busy() -> Error {
    Error::new(ErrorKind::Unavailable, "The console is busy. Nothing was changed; try again in a moment.")
}

/// An idempotency key was reused with different content.
pub(super) fn key_reused() -> Error {
    Error::new(
        ErrorKind::Conflict,
        "This form was already sent with different content. Nothing was changed. Reload the page to send it again.",
    )
}

/// A request to the cluster failed; the message includes the cluster's error.
pub(super) fn cluster(error: &ClusterError) -> Error {
    let words = chain(error);
    tracing::warn!(error = words, "the cluster did not answer a page's request");
    Error::new(ErrorKind::Unavailable, format!("The request to the cluster failed: {words}. Try again in a moment."))
}

/// The error and its causes, joined by colons.
pub(super) fn chain(error: &dyn StdError) -> String {
    let mut words = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        words += ": ";
        words += &error.to_string();
        below = error.source();
    }
    words
}

pub(super) fn no_runtime(runtime: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("Runtime {runtime} not found. Check the list of runtimes."))
}

pub(super) fn no_version(runtime: &str, version: &str) -> Error {
    Error::new(
        ErrorKind::NotFound,
        format!("Version {version} not found in runtime {runtime}. Check the versions on the runtime's page."),
    )
}
