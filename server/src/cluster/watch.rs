//! The watches: one for every kind that we need, selected by our instance's label. Each fills its reflector store,
//! notifies of changes, and records whether the cluster can be reached. Nothing here polls.

mod follow;

use std::sync::Arc;

use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::Event as Warning;
use kube::ResourceExt;
use kube::runtime::watcher::Event;
use tokio::task::JoinSet;

use follow::Follow;

use super::Start;
use super::kinds::{EachStore, ReflectorStores};
use super::labels::{INSTANCE, RUNTIME};
use super::lease::Leases;
use super::reflector_store::{ReflectorStore, Scope, Touched};
use super::selection::{Followed, Selection};
use crate::changes::Change;

/// Starts every watch; they end when the set is dropped.
pub(super) fn start(start: &Start, instance: &str, leases: &Leases) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let ours = Selection { labels: Some(format!("{INSTANCE}={instance}")), fields: None };
    ReflectorStores::each(&mut Watches { start, tasks: &mut tasks, ours: &ours });
    start.warnings(&mut tasks);
    start.leases(&mut tasks, ours, leases.clone());
    tasks
}

/// Watches each cached kind.
struct Watches<'a> {
    start: &'a Start,
    tasks: &'a mut JoinSet<()>,
    ours: &'a Selection,
}

impl EachStore for Watches<'_> {
    fn visit<K: Followed>(&mut self, store: fn(&ReflectorStores) -> &ReflectorStore<K>) {
        let (seen, changes) = (self.start.seen.clone(), self.start.changes.clone());
        let sink = move |scope: &Scope, event| match store(&seen.stores).note(scope, event) {
            Touched::Nothing => {}
            Touched::Runtime(runtime) => changes.notify(Change::Runtime(runtime)),
        };
        self.start.follow(self.tasks, self.ours.clone(), sink);
    }
}

impl Start {
    /// Keeps warnings about the namespaces of our runtimes only.
    fn warnings(&self, tasks: &mut JoinSet<()>) {
        let (seen, changes) = (self.seen.clone(), self.changes.clone());
        let warnings = Selection { labels: None, fields: Some("type=Warning".to_owned()) };
        self.follow(tasks, warnings, move |_, event: Event<Warning>| {
            let (Event::Apply(event) | Event::InitApply(event)) = event else { return };
            let namespace = event.involved_object.namespace.clone().unwrap_or_default();
            let ours = seen.stores.namespaces.get("", &namespace);
            if let Some(runtime) = ours.and_then(|namespace| namespace.labels().get(RUNTIME).cloned()) {
                seen.warnings.note(event);
                changes.notify(Change::Runtime(runtime));
            }
        });
    }

    /// Follows the Leases of all runtimes; our own writes come back too and change nothing.
    fn leases(&self, tasks: &mut JoinSet<()>, ours: Selection, leases: Leases) {
        self.follow(tasks, ours, move |_, event: Event<Lease>| match event {
            Event::Apply(lease) | Event::InitApply(lease) => leases.note(&lease),
            Event::Delete(lease) => leases.note_gone(&lease),
            Event::Init | Event::InitDone => {}
        });
    }

    fn follow<K: Followed>(
        &self,
        tasks: &mut JoinSet<()>,
        selection: Selection,
        sink: impl Fn(&Scope, Event<K>) + Send + Sync + 'static,
    ) {
        let follow = Follow { start: self.clone(), selection, sink: Arc::new(sink) };
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
