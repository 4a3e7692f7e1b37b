//! Crash points for the kill tests: with the feature `fail-points`, the process kills itself with SIGKILL right after
//! its n-th write to the store or the cluster, where n is `KRT_CONSOLE_FAIL_AFTER_WRITES`. No-op without the feature.

/// Called right after every commit to the store and every acknowledged write to the cluster.
pub fn written() {
    #[cfg(feature = "fail-points")]
    count();
}

#[cfg(feature = "fail-points")]
fn count() {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    static LIMIT: LazyLock<u64> = LazyLock::new(|| {
        std::env::var("KRT_CONSOLE_FAIL_AFTER_WRITES").ok().and_then(|n| n.parse().ok()).unwrap_or(u64::MAX)
    });
    static WRITES: AtomicU64 = AtomicU64::new(0);
    if WRITES.fetch_add(1, Ordering::SeqCst) + 1 >= *LIMIT {
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}
