//! What goes wrong below becomes words for the caller. What he cannot mend is logged once, under an ID that he is told.

use std::error::Error as StdError;

use app::error::{Error, ErrorKind};

use crate::cluster::ClusterError;
use crate::packages::PackagesError;
use crate::store::StoreError;

/// Logs the error with everything below it, and answers with the ID.
pub(super) fn internal(error: &dyn StdError) -> Error {
    let id = uuid::Uuid::new_v4().simple().to_string()[..8].to_owned();
    tracing::error!(id, error = chain(error), "internal error");
    Error::new(
        ErrorKind::Internal,
        format!(
            "Something went wrong on our side. Try again; if it stays, ask your admin to look for error {id} in the log."
        ),
    )
}

/// What the store could not do, in the same words wherever it was asked. Nothing was changed then.
pub fn store(error: StoreError) -> Error {
    match error {
        StoreError::Busy => busy(),
        StoreError::Full(_) => Error::new(
            ErrorKind::StorageFull,
            "The server's disk is full, so nothing was changed. Ask your admin to free some space.",
        ),
        StoreError::ReadOnly(_) => Error::new(
            ErrorKind::Unavailable,
            "The server's data folder cannot be written, so nothing was changed. Ask your admin to look at it.",
        ),
        error => internal(&error),
    }
}

pub(super) fn packages(error: PackagesError) -> Error {
    match error {
        PackagesError::OverQuota { quota } => Error::new(
            ErrorKind::StorageFull,
            format!(
                "All packages together may have {}, and this one does not fit any more. Ask your admin for a larger --max-storage.",
                size(quota)
            ),
        ),
        PackagesError::Full(_) => Error::new(
            ErrorKind::StorageFull,
            "The server's disk is full, so the package was not kept. Ask your admin to free some space.",
        ),
        PackagesError::ReadOnly(_) => Error::new(
            ErrorKind::Unavailable,
            "The server's folder of packages cannot be written. Ask your admin to look at it.",
        ),
        PackagesError::Busy => busy(),
        PackagesError::Cut(error) => {
            tracing::debug!(error = chain(error.as_ref()), "an upload was cut off");
            Error::new(
                ErrorKind::Invalid,
                "The upload broke off before its end, and nothing was kept. Send the file again.",
            )
        }
        error => internal(&error),
    }
}

/// What was asked for had to wait too long for its turn.
pub fn busy() -> Error {
    Error::new(ErrorKind::Unavailable, "The console is busy. Nothing was changed; try again in a moment.")
}

/// A form's ID that came back with other content.
pub(super) fn key_reused() -> Error {
    Error::new(
        ErrorKind::Conflict,
        "This form was already sent with other content. Nothing was changed. Reload the page to send it again.",
    )
}

/// The cluster did not do what a page asked for: the page says so with the cluster's own words.
pub(super) fn cluster(error: &ClusterError) -> Error {
    let words = chain(error);
    tracing::warn!(error = words, "the cluster did not answer a page");
    Error::new(ErrorKind::Unavailable, format!("The cluster cannot be asked now: {words}. Try again in a moment."))
}

/// The error and what lies below it, each once.
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

/// Bytes as people read them.
pub(super) fn size(bytes: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match units.into_iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) if bytes.is_multiple_of(unit) => format!("{} {name}", bytes / unit),
        Some((unit, name)) => format!("{:.1} {name}", bytes as f64 / unit as f64),
        None => format!("{bytes} bytes"),
    }
}

pub(super) fn no_runtime(runtime: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("There is no runtime {runtime}. Look for it in the list of runtimes."))
}

pub(super) fn no_version(runtime: &str, version: &str) -> Error {
    Error::new(
        ErrorKind::NotFound,
        format!("There is no version {version} in runtime {runtime}. Look for it on the page of the runtime."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_in_the_largest_unit_that_fits() {
        let said: Vec<_> = [512, 1024, 1536, 10 << 30, (1 << 20) + (1 << 19)].into_iter().map(size).collect();
        assert_eq!(said, ["512 bytes", "1 KiB", "1.5 KiB", "10 GiB", "1.5 MiB"]);
    }
}
