//! Who may act on a runtime: of all processes with one instance ID, the one that holds the Lease in its namespace. It
//! is renewed while there is something to look after, handed back at the end, and taken over when its holder is silent.
//!
//! Whether a holder is silent is judged as client-go does: by changes of the Lease seen here, on this machine's own
//! clock that never jumps. The times written into it are for people; no two machines have to agree on them.

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

use super::cache::ClusterCache;
use super::error::reason;
use super::labels::RUNTIME;
use super::watch::{CALLS, Start, reached, unreached};
use super::{ClusterError, ConsoleIdentity};
use crate::changes::{Change, ChangeBus};
use crate::supervise::Supervisor;
use record::{Record, Verdict};
use table::LeaseTable;

/// The Lease in the namespace of each runtime.
pub const NAME: &str = "krt-console";

/// How long a Lease holds, and how often it is renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// A holder that is not heard of for so long has lost it. Whole seconds, since the API counts in them.
    pub duration: Duration,
    /// Between two renewals: a third of it, so that one may be lost on the way.
    pub renew: Duration,
}

impl Default for Timing {
    /// client-go's fifteen seconds: a runtime is looked after again well within half a minute.
    fn default() -> Timing {
        Timing { duration: Duration::from_secs(15), renew: Duration::from_secs(5) }
    }
}

/// Whether this process may act on a runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LeaseHolder {
    Ours,
    /// The namespace is not there, or going: nobody can hold it, and there is nothing to write to.
    Nobody,
    /// Another process does; look again after this time, or when the bell rings.
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

    /// Takes the Lease of a runtime's namespace if it is free, and keeps renewing it; nothing is asked while it is held.
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
                // It went from hand to hand just now.
                Verdict::Free => Ok(LeaseHolder::Elsewhere(self.0.timing.renew)),
            },
            calls::Taken::NoNamespace => Ok(LeaseHolder::Nobody),
        }
    }

    /// Does a write only while the Lease is fresh, and cuts it off when it would be another one's turn.
    pub(super) async fn guard<T>(
        &self,
        namespace: &str,
        write: impl Future<Output = Result<T, kube::Error>>,
    ) -> Result<Result<T, kube::Error>, ClusterError> {
        let refused = || {
            let why = self.table().why(namespace);
            ClusterError::NotHeld { namespace: namespace.to_owned(), why }
        };
        // A statement of its own: the books stay locked to its end.
        let left = self.table().left(namespace, Instant::now());
        let left = left.ok_or_else(refused)?;
        // A write begins in the first two thirds of the Lease's time and ends within the last one.
        tokio::time::timeout(left + self.0.timing.duration / 3, write).await.map_err(|_| refused())
    }

    /// Hands a Lease back, so that nobody has to wait for its end.
    pub(super) async fn release(&self, namespace: &str) {
        let was_held = self.table().end(namespace);
        if was_held && let Err(error) = self.hand_back(namespace).await {
            tracing::debug!(namespace, error = &error as &dyn std::error::Error, "the Lease was not handed back");
        }
    }

    /// Hands all of them back.
    pub(super) async fn release_all(&self) {
        let held = self.table().held();
        futures::future::join_all(held.iter().map(|namespace| self.release(namespace))).await;
    }

    /// Takes note of a Lease as it was seen.
    pub(super) fn note(&self, lease: &Lease) {
        let Some(namespace) = lease.namespace() else { return };
        if lease.name_any() != NAME {
            return;
        }
        let news = self.table().note(&namespace, Record::of(lease), Instant::now());
        if news {
            self.ring(lease.labels().get(RUNTIME));
        }
    }

    /// Takes note of one that is gone.
    pub(super) fn note_gone(&self, lease: &Lease) {
        let Some(namespace) = lease.namespace() else { return };
        if lease.name_any() == NAME {
            self.table().gone(&namespace);
            self.ring(lease.labels().get(RUNTIME));
        }
    }

    /// Runtimes that another process acts on though there is something to do; the first of the holders.
    pub(super) fn elsewhere_now(&self) -> Option<Elsewhere> {
        self.table().elsewhere()
    }

    /// An answer, or that there was none in time; in each case it is known whether the cluster can be reached. Also a
    /// cluster that is only silent is found so, since Leases are renewed all the time.
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
            tracing::info!(runtime, holder = self.table().holder(namespace), "another process acts on this runtime");
            self.0.changes.notify(Change::Cluster);
        }
        LeaseHolder::Elsewhere(left)
    }

    fn ring(&self, runtime: Option<&String>) {
        if let Some(runtime) = runtime {
            self.0.changes.notify(Change::Runtime(runtime.clone()));
        }
    }

    fn table(&self) -> MutexGuard<'_, LeaseTable> {
        self.0.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long after its renewal began a Lease counts as fresh: two thirds, which is client-go's ratio too.
fn fresh_for(timing: Timing) -> Duration {
    timing.duration * 2 / 3
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::{Request, Response};

    use super::*;
    use crate::cluster::watch::Namespaces;

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
        let write = async { panic!("it was written") };
        let refused = leases.guard::<()>("kre-demo", write).await.unwrap_err().to_string();
        assert!(refused.contains("kre-demo"), "{refused}");
    }
}
