//! Runs one behavior: on its own embedded cluster, or in its own namespace of a real one.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Once;

use futures::FutureExt;

use crate::support::Cluster;

/// The environment variable with the path of the real cluster's kubeconfig, whose current context is used.
pub const KUBECONFIG: &str = "KRT_CONSOLE_TEST_KUBECONFIG";

/// Runs the behavior on an embedded cluster.
pub async fn embedded(behavior: impl AsyncFnOnce(&Cluster)) {
    behavior(&Cluster::embedded().await).await;
}

/// Runs the behavior on the real cluster, if one is configured. Removes the created objects even when the test fails.
pub async fn real(behavior: impl AsyncFnOnce(&Cluster)) {
    static ONCE: Once = Once::new();
    let Some(path) = std::env::var_os(KUBECONFIG).filter(|path| !path.is_empty()) else {
        ONCE.call_once(|| testing::skip("every behavior on a real cluster", &format!("{KUBECONFIG} is not set")));
        return;
    };
    let cluster = Cluster::real(path.as_ref()).await;
    let shown = AssertUnwindSafe(behavior(&cluster)).catch_unwind().await;
    cluster.clean().await;
    if let Err(panic) = shown {
        resume_unwind(panic);
    }
}

/// Reports a behavior that a real cluster cannot show as skipped.
pub fn left_out(name: &str, why: &str) {
    if std::env::var_os(KUBECONFIG).is_some_and(|path| !path.is_empty()) {
        testing::skip(&format!("{} on a real cluster", name.replace('_', " ")), why);
    }
}
