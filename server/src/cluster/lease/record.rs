//! A Lease as it was seen, and what to make of it.

use std::time::{Duration, Instant};

use k8s_openapi::api::coordination::v1::Lease;

/// The longest that a silent holder is waited for, whatever its Lease says.
const LONGEST: Duration = Duration::from_secs(60);

/// What a Lease says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Empty: it was handed back.
    pub(super) holder: String,
    pub(super) resource_version: String,
    pub(super) duration: Duration,
}

/// Whether a Lease can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Free,
    /// Its holder was heard of, and has this long to be heard of again.
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

    /// Judges a record that has not changed since `at`. One's own is free: the process before this one, on the same
    /// data folder, is dead, or the folder could not be held.
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
    fn a_lease_is_free_when_handed_back_ours_or_silent_for_its_whole_time() {
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
