//! Who may act on a runtime: of all processes with one instance ID, the one that holds the Lease in the runtime's
//! namespace. The Lease is renewed while the runtime has something to reconcile, released at the end, and taken over
//! when its holder stops renewing it.
//!
//! Expiry is judged as in client-go: by changes of the Lease observed here, on this machine's monotonic clock. The
//! times written into the Lease are informational; clocks of different machines need not agree.

mod calls;
mod record;
mod renewal;
mod table;

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app::model::Elsewhere;
use k8s_openapi::api::coordination::v1::Lease;
use kube::ResourceExt;
use tokio::task::JoinSet;
use tokio::time::error::Elapsed;

use super::Start;
use super::cache::ClusterCache;
use super::error::{ClusterError, reason};
use super::labels::RUNTIME;
use super::reach::{CALLS, reached, unreached};
use crate::changes::{Change, ChangeBus};
use crate::state::ConsoleIdentity;
use crate::supervise::Supervisor;
use record::{Record, Verdict};
use table::LeaseTable;

/// The Lease in the namespace of each runtime.
pub const NAME: &str = "krt-console";

/// How long a Lease holds, and how often it is renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// A holder that does not renew for this long has lost the Lease. Whole seconds, as in the API.
    pub duration: Duration,
    /// Time between two renewals: a third of `duration`, so that one renewal may fail.
    pub renew: Duration,
}

impl Default for Timing {
    /// client-go's fifteen seconds: a runtime is taken over well within half a minute.
    fn default() -> Timing {
        Timing { duration: Duration::from_secs(15), renew: Duration::from_secs(5) }
    }
}

/// Whether this process may act on a runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LeaseHolder {
    Ours,
    /// The namespace does not exist or is being deleted: the Lease cannot exist, and nothing can be written there.
    Nobody,
    /// Another process does; check again after this time, or when notified.
    Elsewhere(Duration),
}

/// The Leases of all runtimes; clones share them.
#[derive(Clone)]
pub(super) struct Leases(Arc<Inner>);

struct Inner {
    client: kube::Client,
    identity: ConsoleIdentity,
    timing: Timing,
    seen: Arc<ClusterCache>,
    changes: ChangeBus,
    table: Mutex<LeaseTable>,
    renewals: Mutex<JoinSet<()>>,
    supervisor: Supervisor,
}

impl Leases {
    pub(super) fn new(start: &Start, identity: ConsoleIdentity, timing: Timing) -> Leases {
        let Start { client, seen, changes, supervisor, .. } = start.clone();
        let (table, renewals) = (Mutex::default(), Mutex::default());
        Leases(Arc::new(Inner { client, identity, timing, seen, changes, table, renewals, supervisor }))
    }

    /// Takes the Lease of a runtime's namespace if it is free, and keeps renewing it; makes no call while it is held.
    pub(super) async fn hold_lease(&self, namespace: &str, runtime: &str) -> Result<LeaseHolder, ClusterError> {
        if self.table().left(namespace, Instant::now()).is_some() {
            return Ok(LeaseHolder::Ours);
        }
        if let Verdict::Taken(left) = self.verdict(namespace) {
            return Ok(self.elsewhere(namespace, runtime, left));
        }
        let begin = Instant::now();
        let take = tokio::time::timeout(self.0.timing.duration, self.take(namespace, runtime));
        let taken = self.answered(take.await);
        if let Err(error) = &taken {
            self.table().refused(namespace, error);
        }
        match taken? {
            calls::Taken::Yes(lease) => {
                self.began(namespace, runtime, begin, &lease);
                Ok(LeaseHolder::Ours)
            }
            calls::Taken::No => match self.verdict(namespace) {
                Verdict::Taken(left) => Ok(self.elsewhere(namespace, runtime, left)),
                // Its holder changed during the attempt.
                Verdict::Free => Ok(LeaseHolder::Elsewhere(self.0.timing.renew)),
            },
            calls::Taken::NoNamespace => Ok(LeaseHolder::Nobody),
        }
    }

    /// Runs a write only while the Lease is fresh, and cancels it before another process could take the Lease over.
    pub(super) async fn guard<T>(
        &self,
        namespace: &str,
        write: impl Future<Output = Result<T, kube::Error>>,
    ) -> Result<Result<T, kube::Error>, ClusterError> {
        let refused = || {
            let why = self.table().why(namespace);
            ClusterError::NotHeld { namespace: namespace.to_owned(), why }
        };
        // In a statement of its own, since the table stays locked to the statement's end.
        let left = self.table().left(namespace, Instant::now());
        let left = left.ok_or_else(refused)?;
        // A write begins in the first two thirds of the Lease's time and ends within the last one.
        tokio::time::timeout(left + self.0.timing.duration / 3, write).await.map_err(|_| refused())
    }

    /// Releases a Lease, so that no process has to wait for its expiry.
    pub(super) async fn release(&self, namespace: &str) {
        let was_held = self.table().end(namespace);
        if was_held && let Err(error) = self.hand_back(namespace).await {
            tracing::debug!(namespace, error = &error as &dyn std::error::Error, "could not release the Lease");
        }
    }

    /// Releases all held Leases.
    pub(super) async fn release_all(&self) {
        let held = self.table().held();
        futures::future::join_all(held.iter().map(|namespace| self.release(namespace))).await;
    }

    /// Records an observed Lease.
    pub(super) fn note(&self, lease: &Lease) {
        let Some(namespace) = lease.namespace() else { return };
        if lease.name_any() != NAME {
            return;
        }
        let news = self.table().note(&namespace, Record::of(lease), Instant::now());
        if news {
            self.notify(lease.labels().get(RUNTIME));
        }
    }

    /// Records that a Lease was deleted.
    pub(super) fn note_gone(&self, lease: &Lease) {
        let Some(namespace) = lease.namespace() else { return };
        if lease.name_any() == NAME {
            self.table().gone(&namespace);
            self.notify(lease.labels().get(RUNTIME));
        }
    }

    /// The runtimes that wait for another process, with the holder of the one that has waited longest.
    pub(super) fn elsewhere_now(&self) -> Option<Elsewhere> {
        self.table().elsewhere()
    }

    /// Turns a timeout into an error, and records whether the cluster can be reached. Renewals are frequent enough to
    /// detect a cluster that merely stopped responding, too.
    fn answered<T>(&self, answer: Result<Result<T, ClusterError>, Elapsed>) -> Result<T, ClusterError> {
        let answer = answer.unwrap_or_else(|late| Err(ClusterError::Unreachable(kube::Error::Service(late.into()))));
        match &answer {
            Err(ClusterError::Unreachable(error)) => {
                unreached(&self.0.seen, &self.0.changes, CALLS, reason(error));
            }
            _ => reached(&self.0.seen, &self.0.changes, CALLS),
        }
        answer
    }

    fn verdict(&self, namespace: &str) -> Verdict {
        self.table().verdict(namespace, &self.0.identity.process, Instant::now())
    }

    fn elsewhere(&self, namespace: &str, runtime: &str, left: Duration) -> LeaseHolder {
        let is_news = self.table().waits(namespace, runtime);
        if is_news {
            tracing::info!(runtime, holder = self.table().holder(namespace), "another process manages the runtime");
            self.0.changes.notify(Change::Cluster);
        }
        LeaseHolder::Elsewhere(left)
    }

    fn notify(&self, runtime: Option<&String>) {
        if let Some(runtime) = runtime {
            self.0.changes.notify(Change::Runtime(runtime.clone()));
        }
    }

    fn table(&self) -> MutexGuard<'_, LeaseTable> {
        self.0.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long after the start of its renewal a Lease counts as fresh: two thirds of its duration, as in client-go.
fn fresh_for(timing: Timing) -> Duration {
    timing.duration * 2 / 3
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::{Request, Response};

    use super::*;
    use crate::cluster::Namespaces;

    #[tokio::test]
    async fn nothing_is_written_without_a_lease() {
        let silent = tower::service_fn(|_: Request<kube::client::Body>| {
            std::future::pending::<Result<Response<Body>, std::convert::Infallible>>()
        });
        let client = kube::Client::new(silent, "default");
        let (seen, changes, namespaces) = (Arc::default(), ChangeBus::default(), Namespaces::default());
        let start = Start { client, seen, changes, namespaces, supervisor: Supervisor::default() };
        let identity = ConsoleIdentity { instance: "i".to_owned(), process: "p".to_owned() };
        let leases = Leases::new(&start, identity, Timing::default());
        let write = async { panic!("the write was executed") };
        let refused = leases.guard::<()>("kre-demo", write).await.unwrap_err().to_string();
        assert!(refused.contains("kre-demo"), "{refused}");
    }
}
