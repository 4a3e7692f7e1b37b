//! How many files and sockets this process may have open, and how many of them connections may take.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Kept for files, the cluster and what is being refused: the least.
const RESERVE: u64 = 64;

/// More connections would cost more memory than descriptors: some 20 KiB each.
const MOST: u64 = 16_384;

/// With less than this a browser cannot even load a page.
const LEAST: u64 = 8;

/// Raises the soft limit to the hard one: systems keep it low for programs that use `select`, and this one does not.
pub fn raise() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if limit.current != limit.maximum
        && let Err(error) = setrlimit(Resource::Nofile, raised)
    {
        tracing::warn!(%error, "the limit of open files stays at {}", limit.current.unwrap_or_default());
    }
}

/// Connections at the same time: all descriptors but an eighth, or 64 where that is more.
pub fn for_connections() -> usize {
    connections_of(getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX))
}

fn connections_of(descriptors: u64) -> usize {
    let left = descriptors.saturating_sub(RESERVE.max(descriptors / 8));
    usize::try_from(left.clamp(LEAST, MOST)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_descriptors_are_kept_for_everything_else() {
        let expected = [(0, 8), (64, 8), (100, 36), (1_024, 896), (4_096, 3_584), (u64::MAX, 16_384)];
        for (descriptors, connections) in expected {
            assert_eq!(connections_of(descriptors), connections, "of {descriptors}");
        }
    }
}
