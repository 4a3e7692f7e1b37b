//! Keeps a Lease that is held: renewed until it is ended or lost.

use std::sync::{Arc, PoisonError, Weak};
use std::time::Instant;

use k8s_openapi::api::coordination::v1::Lease;

use super::record::Record;
use super::{Inner, Leases, fresh_for};
use crate::changes::Change;

impl Leases {
    /// It is ours from `begin` on, when it was asked for.
    pub(super) fn began(&self, namespace: &str, runtime: &str, begin: Instant, lease: &Lease) {
        let (leases, supervisor) = (Arc::downgrade(&self.0), self.0.supervisor.clone());
        let (of_namespace, of_runtime, last) = (namespace.to_owned(), runtime.to_owned(), lease.clone());
        // Begun again, it finds the Lease changed since, and gives it up: the next pass asks for it anew.
        let keep = move || keep(leases.clone(), of_namespace.clone(), of_runtime.clone(), last.clone());
        let keep = async move { supervisor.until_done("renewal of a Lease", keep).await };
        let renewal = {
            let mut renewals = self.0.renewals.lock().unwrap_or_else(PoisonError::into_inner);
            while renewals.try_join_next().is_some() {}
            renewals.spawn(keep)
        };
        let waited = self.table().began(namespace, Record::of(lease), begin + fresh_for(self.0.timing), renewal);
        if waited {
            tracing::info!(runtime, "this process acts on the runtime now");
            self.0.changes.notify(Change::Cluster);
        }
    }

    /// Called by the renewal itself, which ending aborts: nothing may be awaited after it.
    fn lost(&self, namespace: &str, runtime: String) {
        self.table().end(namespace);
        self.0.changes.notify(Change::Runtime(runtime));
    }
}

/// Renews until the Lease is lost; who ends it aborts this.
async fn keep(leases: Weak<Inner>, namespace: String, runtime: String, mut last: Lease) {
    // A task that held on to them would keep itself alive.
    let Some(timing) = leases.upgrade().map(|leases| leases.timing) else { return };
    // After a failure it is tried again sooner: twice before the Lease stops to be fresh.
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
        // Who has not renewed it within its time does not hold it; the next pass asks for it again.
        if pause == retry && leases.table().left(&namespace, Instant::now()).is_none() {
            tracing::warn!(runtime, namespace, "the Lease could not be renewed in time");
            return leases.lost(&namespace, runtime);
        }
    }
}
