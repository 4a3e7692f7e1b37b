//! Renews a held Lease until it is released or lost.

use std::sync::{Arc, PoisonError, Weak};
use std::time::Instant;

use k8s_openapi::api::coordination::v1::Lease;

use super::record::Record;
use super::{Inner, Leases, fresh_for};
use crate::changes::Change;

impl Leases {
    /// Starts renewing a Lease that was taken. `begin`: when the call to take it was started.
    pub(super) fn began(&self, namespace: &str, runtime: &str, begin: Instant, lease: &Lease) {
        let (leases, supervisor) = (Arc::downgrade(&self.0), self.0.supervisor.clone());
        let (of_namespace, of_runtime, last) = (namespace.to_owned(), runtime.to_owned(), lease.clone());
        // A restarted renewal finds the Lease changed and gives it up; the next pass takes it again.
        let keep = move || keep(leases.clone(), of_namespace.clone(), of_runtime.clone(), last.clone());
        let keep = async move { supervisor.until_done("Lease renewal", keep).await };
        let renewal = {
            let mut renewals = self.0.renewals.lock().unwrap_or_else(PoisonError::into_inner);
            while renewals.try_join_next().is_some() {}
            renewals.spawn(keep)
        };
        let waited = self.table().began(namespace, Record::of(lease), begin + fresh_for(self.0.timing), renewal);
        if waited {
            tracing::info!(runtime, "this process now manages the runtime");
            self.0.changes.notify(Change::Cluster);
        }
    }

    /// Ends a lost Lease. The renewal itself calls this and is aborted by it, so it may not await anything afterwards.
    fn lost(&self, namespace: &str, runtime: String) {
        self.table().end(namespace);
        self.0.changes.notify(Change::Runtime(runtime));
    }
}

/// Renews until the Lease is lost; aborted when the Lease is released.
async fn keep(leases: Weak<Inner>, namespace: String, runtime: String, mut last: Lease) {
    // A strong reference would keep this task alive forever.
    let Some(timing) = leases.upgrade().map(|leases| leases.timing) else { return };
    // After a failure, retries sooner: twice before the Lease stops being fresh.
    let (mut pause, retry) = (timing.renew, timing.renew / 2);
    loop {
        tokio::time::sleep(pause).await;
        let Some(leases) = leases.upgrade().map(Leases) else { return };
        let begin = Instant::now();
        let renewed = tokio::time::timeout(timing.renew, leases.renew(&last)).await;
        match leases.answered(renewed) {
            Ok(Some(lease)) => {
                leases.table().renewed(&namespace, Record::of(&lease), begin + fresh_for(timing));
                last = lease;
                pause = timing.renew;
            }
            Ok(None) => {
                tracing::warn!(runtime, namespace, "the Lease was lost to another process");
                return leases.lost(&namespace, runtime);
            }
            Err(error) => {
                tracing::debug!(runtime, error = &error as &dyn std::error::Error, "the Lease was not renewed");
                pause = retry;
            }
        }
        // A Lease that was not renewed in time is no longer held; the next pass takes it again.
        if pause == retry && leases.table().left(&namespace, Instant::now()).is_none() {
            tracing::warn!(runtime, namespace, "the Lease could not be renewed in time");
            return leases.lost(&namespace, runtime);
        }
    }
}
