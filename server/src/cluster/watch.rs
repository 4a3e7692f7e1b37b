//! The watches: one for each kind that we need, over all namespaces, selected by our instance's label. Each keeps its
//! shelf, rings the bell, and says whether the cluster can be reached. Nothing here polls.

use std::sync::Arc;

use app::model::Timestamp;
use futures::StreamExt;
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::Event;
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Api, Resource, ResourceExt};
use serde::de::DeserializeOwned;
use tokio::task::JoinSet;

use super::error::reason;
use super::labels::{INSTANCE, RUNTIME};
use super::lease::Leases;
use super::seen::Seen;
use super::shelf::{Shelf, Touched};
use crate::changes::{Change, Changes};

/// Starts every watch; they end when the set is dropped.
pub(super) fn start(
    client: &kube::Client,
    instance: &str,
    seen: &Arc<Seen>,
    leases: &Leases,
    changes: &Changes,
) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let start = Start { client, instance, seen, changes };
    start.kind(&mut tasks, |seen| &seen.namespaces);
    start.kind(&mut tasks, |seen| &seen.config_maps);
    start.kind(&mut tasks, |seen| &seen.secrets);
    start.kind(&mut tasks, |seen| &seen.services);
    start.kind(&mut tasks, |seen| &seen.slices);
    start.kind(&mut tasks, |seen| &seen.deployments);
    start.kind(&mut tasks, |seen| &seen.pods);
    start.kind(&mut tasks, |seen| &seen.ingresses);
    start.warnings(&mut tasks);
    start.leases(&mut tasks, leases.clone());
    tasks
}

/// How many watches have to bring their first list before anything can be said about what is not there; warnings only
/// explain.
pub(super) const NEEDED: usize = 8;

struct Start<'a> {
    client: &'a kube::Client,
    instance: &'a str,
    seen: &'a Arc<Seen>,
    changes: &'a Changes,
}

impl Start<'_> {
    fn kind<K>(&self, tasks: &mut JoinSet<()>, shelf: fn(&Seen) -> &Shelf<K>)
    where
        K: Resource<DynamicType = ()> + Light + Clone + std::fmt::Debug + DeserializeOwned + Send + Sync + 'static,
    {
        let (seen, changes) = (self.seen.clone(), self.changes.clone());
        let config = watcher::Config::default().labels(&format!("{INSTANCE}={}", self.instance));
        let stream = watcher(Api::<K>::all(self.client.clone()), config).default_backoff();
        let name = K::kind(&());
        tasks.spawn(async move {
            let mut stream = std::pin::pin!(stream);
            let mut is_first = true;
            while let Some(event) = stream.next().await {
                let event = match event {
                    Ok(event) => event.modify(Light::lighten),
                    Err(error) => {
                        unreachable(&seen, &changes, &name, &error);
                        continue;
                    }
                };
                reached(&seen, &changes, &name);
                match shelf(&seen).note(event) {
                    Touched::Nothing => continue,
                    Touched::Runtime(runtime) => changes.notify(Change::Runtime(runtime)),
                    Touched::Everything => {
                        if std::mem::take(&mut is_first) {
                            seen.read_one_more();
                        }
                        changes.notify(Change::Everything);
                    }
                }
                seen.turn();
            }
        });
    }

    /// Holders of runtimes; ours come back too, and say nothing new.
    fn leases(&self, tasks: &mut JoinSet<()>, leases: Leases) {
        let config = watcher::Config::default().labels(&format!("{INSTANCE}={}", self.instance));
        let stream = watcher(Api::<Lease>::all(self.client.clone()), config).default_backoff();
        tasks.spawn(async move {
            let mut stream = std::pin::pin!(stream);
            while let Some(event) = stream.next().await {
                match event {
                    Ok(watcher::Event::Apply(lease) | watcher::Event::InitApply(lease)) => leases.note(&lease),
                    Ok(watcher::Event::Delete(lease)) => leases.note_gone(&lease),
                    Ok(_) => {}
                    Err(error) => tracing::debug!(%error, "the watch of Leases was interrupted"),
                }
            }
        });
    }

    fn warnings(&self, tasks: &mut JoinSet<()>) {
        let (seen, changes) = (self.seen.clone(), self.changes.clone());
        let config = watcher::Config::default().fields("type=Warning");
        let stream = watcher(Api::<Event>::all(self.client.clone()), config).default_backoff();
        tasks.spawn(async move {
            let mut stream = std::pin::pin!(stream);
            while let Some(event) = stream.next().await {
                match event {
                    Ok(watcher::Event::Apply(event) | watcher::Event::InitApply(event)) => {
                        let namespace = event.involved_object.namespace.clone().unwrap_or_default();
                        let ours = seen.namespaces.get("", &namespace);
                        let runtime = ours.and_then(|namespace| namespace.labels().get(RUNTIME).cloned());
                        // Other people's warnings are not kept.
                        if let Some(runtime) = runtime {
                            seen.warnings.note(event);
                            changes.notify(Change::Runtime(runtime));
                        }
                    }
                    Ok(_) => {}
                    Err(error) => tracing::debug!(%error, "the watch of warnings was interrupted"),
                }
            }
        });
    }
}

fn unreachable(seen: &Seen, changes: &Changes, kind: &str, error: &watcher::Error) {
    let source = match error {
        watcher::Error::InitialListFailed(source) | watcher::Error::WatchStartFailed(source) => source,
        // A watch ends now and then; it starts again by itself, and says so when it cannot.
        watcher::Error::WatchFailed(_) | watcher::Error::WatchError(_) | watcher::Error::NoResourceVersion => {
            tracing::debug!(kind, %error, "a watch was interrupted");
            return;
        }
    };
    let now = Timestamp(jiff::Timestamp::now().as_millisecond());
    if seen.is_unreachable(kind, now, reason(source)) {
        tracing::warn!(kind, error = %reason(source), "the cluster cannot be read");
        changes.notify(Change::Cluster);
    }
}

fn reached(seen: &Seen, changes: &Changes, kind: &str) {
    if seen.is_reached(kind) {
        tracing::info!(kind, "the cluster can be read again");
        changes.notify(Change::Cluster);
    }
}

/// Drops what is never looked at before an object is kept.
trait Light {
    fn lighten(&mut self);
}

macro_rules! light {
    ($($kind:ty),*) => {
        $(impl Light for $kind {
            fn lighten(&mut self) {
                self.metadata.managed_fields = None;
            }
        })*
    };
}

light!(
    k8s_openapi::api::apps::v1::Deployment,
    k8s_openapi::api::core::v1::ConfigMap,
    k8s_openapi::api::core::v1::Namespace,
    k8s_openapi::api::core::v1::Pod,
    k8s_openapi::api::core::v1::Service,
    k8s_openapi::api::discovery::v1::EndpointSlice,
    k8s_openapi::api::networking::v1::Ingress
);

impl Light for k8s_openapi::api::core::v1::Secret {
    /// Values are not kept in memory, only what shows that they changed.
    fn lighten(&mut self) {
        self.metadata.managed_fields = None;
        super::secrets::seal(self);
    }
}
