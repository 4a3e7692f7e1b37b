//! Running one behaviour: on a cluster of its own in the process, or in a namespace of its own on a real one.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Once;

use futures::FutureExt;

use crate::support::Cluster;

/// Names the kubeconfig of the real cluster; its current context is taken.
pub const KUBECONFIG: &str = "KRT_CONSOLE_TEST_KUBECONFIG";

/// On an embedded cluster.
pub async fn embedded(behaviour: impl AsyncFnOnce(&Cluster)) {
    behaviour(&Cluster::embedded().await).await;
}

/// On the real cluster, when there is one. What was created is removed, whether the behaviour was shown or not.
pub async fn real(behaviour: impl AsyncFnOnce(&Cluster)) {
    static ONCE: Once = Once::new();
    let Some(path) = std::env::var_os(KUBECONFIG).filter(|path| !path.is_empty()) else {
        ONCE.call_once(|| testing::skip("every behaviour on a real cluster", &format!("{KUBECONFIG} names none")));
        return;
    };
    let cluster = Cluster::real(path.as_ref()).await;
    let shown = AssertUnwindSafe(behaviour(&cluster)).catch_unwind().await;
    cluster.clean().await;
    if let Err(panic) = shown {
        resume_unwind(panic);
    }
}

/// A behaviour that a real cluster cannot show.
pub fn left_out(name: &str, why: &str) {
    if std::env::var_os(KUBECONFIG).is_some_and(|path| !path.is_empty()) {
        testing::skip(&format!("{} on a real cluster", name.replace('_', " ")), why);
    }
}
