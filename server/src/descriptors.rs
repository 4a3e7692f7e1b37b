//! The limit of open file descriptors of this process, and the share of it that connections may use.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Minimum number of descriptors reserved for files, the cluster and connections that are being refused.
const RESERVE: u64 = 64;

/// Maximum number of connections; beyond this, memory is the bottleneck (some 20 KiB per connection).
const MOST: u64 = 16_384;

/// Minimum number of connections: with fewer, a browser cannot load a page.
const LEAST: u64 = 8;

/// Raises the soft limit to the hard limit. Systems keep it low for programs that use `select`; this one does not.
pub fn raise() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if limit.current != limit.maximum
        && let Err(error) = setrlimit(Resource::Nofile, raised)
    {
        tracing::warn!(%error, "the limit of open files remains {}", limit.current.unwrap_or_default());
    }
}

/// Maximum number of concurrent connections: all descriptors except an eighth of them, or except 64 if that is more.
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
    fn some_descriptors_are_reserved_for_everything_else() {
        let expected = [(0, 8), (64, 8), (100, 36), (1_024, 896), (4_096, 3_584), (u64::MAX, 16_384)];
        for (descriptors, connections) in expected {
            assert_eq!(connections_of(descriptors), connections, "of {descriptors}");
        }
    }
}
