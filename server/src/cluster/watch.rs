//! The watches: one for every kind that we need, selected by our instance's label. Each fills its reflector store,
//! notifies of changes, and records whether the cluster can be reached. Nothing here polls.

mod follow;
mod light;

use std::sync::Arc;

use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::Event as Warning;
use kube::ResourceExt;
use kube::runtime::watcher::Event;
use tokio::task::JoinSet;

use follow::{Follow, Followed, Narrow, Selection, inside, itself};

use super::Start;
use super::cache::ClusterCache;
use super::labels::{INSTANCE, RUNTIME};
use super::lease::Leases;
use super::reflector_store::{ReflectorStore, Scope, Touched};
use crate::changes::Change;

/// Starts every watch; they end when the set is dropped.
pub(super) fn start(start: &Start, instance: &str, leases: &Leases) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let ours = Selection { labels: Some(format!("{INSTANCE}={instance}")), fields: None };
    start.kind(&mut tasks, &ours, itself, |seen| &seen.namespaces);
    start.kind(&mut tasks, &ours, inside, |seen| &seen.config_maps);
    start.kind(&mut tasks, &ours, inside, |seen| &seen.secrets);
    start.kind(&mut tasks, &ours, inside, |seen| &seen.services);
    start.kind(&mut tasks, &ours, inside, |seen| &seen.slices);
    start.kind(&mut tasks, &ours, inside, |seen| &seen.deployments);
    start.kind(&mut tasks, &ours, inside, |seen| &seen.pods);
    start.kind(&mut tasks, &ours, inside, |seen| &seen.ingresses);
    start.warnings(&mut tasks);
    start.leases(&mut tasks, ours, leases.clone());
    tasks
}

impl Start {
    fn kind<K: Followed>(
        &self,
        tasks: &mut JoinSet<()>,
        ours: &Selection,
        narrow: Narrow<K>,
        reflector_store: fn(&ClusterCache) -> &ReflectorStore<K>,
    ) {
        let (seen, changes) = (self.seen.clone(), self.changes.clone());
        self.follow(tasks, ours.clone(), narrow, move |scope, event| match reflector_store(&seen).note(scope, event) {
            Touched::Nothing => {}
            Touched::Runtime(runtime) => changes.notify(Change::Runtime(runtime)),
        });
    }

    /// Keeps warnings about the namespaces of our runtimes only.
    fn warnings(&self, tasks: &mut JoinSet<()>) {
        let (seen, changes) = (self.seen.clone(), self.changes.clone());
        let warnings = Selection { labels: None, fields: Some("type=Warning".to_owned()) };
        self.follow(tasks, warnings, inside, move |_, event: Event<Warning>| {
            let (Event::Apply(event) | Event::InitApply(event)) = event else { return };
            let namespace = event.involved_object.namespace.clone().unwrap_or_default();
            let ours = seen.namespaces.get("", &namespace);
            if let Some(runtime) = ours.and_then(|namespace| namespace.labels().get(RUNTIME).cloned()) {
                seen.warnings.note(event);
                changes.notify(Change::Runtime(runtime));
            }
        });
    }

    /// Follows the Leases of all runtimes; our own writes come back too and change nothing.
    fn leases(&self, tasks: &mut JoinSet<()>, ours: Selection, leases: Leases) {
        self.follow(tasks, ours, inside, move |_, event: Event<Lease>| match event {
            Event::Apply(lease) | Event::InitApply(lease) => leases.note(&lease),
            Event::Delete(lease) => leases.note_gone(&lease),
            Event::Init | Event::InitDone => {}
        });
    }

    fn follow<K: Followed>(
        &self,
        tasks: &mut JoinSet<()>,
        selection: Selection,
        narrow: Narrow<K>,
        sink: impl Fn(&Scope, Event<K>) + Send + Sync + 'static,
    ) {
        let follow = Follow { start: self.clone(), selection, narrow, sink: Arc::new(sink) };
        tasks.spawn(self.kept("cluster watch", move || follow.clone().run()));
    }

    /// Runs work forever, restarting it should it end.
    pub(super) fn kept<W: Future<Output = ()> + Send, F: FnMut() -> W + Send>(
        &self,
        name: &'static str,
        work: F,
    ) -> impl Future<Output = ()> + Send + use<W, F> {
        let supervisor = self.supervisor.clone();
        async move { supervisor.forever(name, work).await }
    }
}
