//! An observed Lease, and whether it can be taken.

use std::time::{Duration, Instant};

use k8s_openapi::api::coordination::v1::Lease;

/// The longest wait for a holder that stopped renewing, whatever duration its Lease has.
const LONGEST: Duration = Duration::from_secs(60);

/// The relevant fields of a Lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Empty: the Lease was released.
    pub(super) holder: String,
    pub(super) resource_version: String,
    pub(super) duration: Duration,
}

/// Whether a Lease can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Free,
    /// Its holder renewed it, and has this long for the next renewal.
    Taken(Duration),
}

impl Record {
    pub(super) fn of(lease: &Lease) -> Record {
        let spec = lease.spec.clone().unwrap_or_default();
        let seconds = spec.lease_duration_seconds.and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or_default();
        Record {
            holder: spec.holder_identity.unwrap_or_default(),
            resource_version: lease.metadata.resource_version.clone().unwrap_or_default(),
            duration: Duration::from_secs(seconds).min(LONGEST),
        }
    }

    /// Judges a record that has not changed since `at`. A Lease of this process's own name is free: an earlier process
    /// of that name on the same data folder is dead, since otherwise this one could not have locked the folder.
    pub(super) fn verdict(&self, process: &str, at: Instant, now: Instant) -> Verdict {
        if self.holder.is_empty() || self.holder == process {
            return Verdict::Free;
        }
        match self.duration.saturating_sub(now.duration_since(at)) {
            Duration::ZERO => Verdict::Free,
            left => Verdict::Taken(left),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_is_free_when_released_ours_or_expired() {
        let second = Duration::from_secs;
        let record =
            |holder: &str| Record { holder: holder.to_owned(), resource_version: "1".to_owned(), duration: second(15) };
        let (seen, later) = (Instant::now(), |seconds| Instant::now() + second(seconds));
        assert_eq!(record("").verdict("us", seen, seen), Verdict::Free);
        assert_eq!(record("us").verdict("us", seen, seen), Verdict::Free);
        assert_eq!(record("them").verdict("us", seen, seen), Verdict::Taken(second(15)));
        assert!(matches!(record("them").verdict("us", seen, later(14)), Verdict::Taken(_)));
        assert_eq!(record("them").verdict("us", seen, later(16)), Verdict::Free);
    }
}
