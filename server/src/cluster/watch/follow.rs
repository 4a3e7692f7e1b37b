//! Follows one kind: with one watch over all namespaces where that is allowed, or else with one in each runtime's
//! namespace. Permissions are found by trying: a 403 switches to watches of single namespaces, and a namespace watch
//! that is no longer forbidden triggers an attempt to switch back.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use kube::Api;
use kube::runtime::utils::Backoff;
use kube::runtime::watcher::{self, DefaultBackoff, Event, watcher as watch};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::changes::Change;
use crate::cluster::Start;
use crate::cluster::error::reason;
use crate::cluster::reach::{CALLS, reached, unreached};
use crate::cluster::reflector_store::Scope;
use crate::cluster::selection::{Followed, Narrow, Selection, lighten};

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Handles an event.
pub(super) type Sink<K> = Arc<dyn Fn(&Scope, Event<K>) + Send + Sync>;

/// One kind and the handler of its events.
pub(super) struct Follow<K> {
    pub(super) start: Start,
    pub(super) selection: Selection,
    pub(super) sink: Sink<K>,
}

impl<K> Clone for Follow<K> {
    fn clone(&self) -> Self {
        Follow { start: self.start.clone(), selection: self.selection.clone(), sink: self.sink.clone() }
    }
}

impl<K: Followed> Follow<K> {
    /// Runs forever.
    pub(super) async fn run(self) {
        loop {
            self.wide().await;
            self.start.seen.forget(&K::kind(&()));
            self.narrow().await;
            self.start.seen.forget(&K::kind(&()));
        }
    }

    /// Watches all namespaces at once, until that is forbidden.
    async fn wide(&self) {
        let api = Api::all(self.start.client.clone());
        let said = |result: Result<(), &watcher::Error>| match result {
            Err(error) if is_forbidden(error) => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        };
        self.watched(api, self.selection.watched(), &None, said).await;
        tracing::info!(kind = %K::kind(&()), "no permission to watch all namespaces; watching each runtime's namespace");
    }

    /// Watches the namespace of each runtime, until watching all namespaces is allowed again.
    async fn narrow(&self) {
        let mut namespaces = self.start.namespaces.subscribe();
        let mut known = BTreeSet::new();
        let mut watches = JoinSet::new();
        // Sent by a watch that was forbidden and no longer is.
        let (healed, mut news) = mpsc::channel(1);
        loop {
            let wanted = namespaces.borrow_and_update().clone();
            for namespace in wanted.into_keys() {
                if known.insert(namespace.clone()) {
                    let (follow, healed) = (self.clone(), healed.clone());
                    let one = move || follow.clone().one(namespace.clone(), healed.clone());
                    watches.spawn(self.start.kept("namespace watch", one));
                }
            }
            tokio::select! {
                changed = namespaces.changed() => if changed.is_err() {
                    return std::future::pending().await;
                },
                _ = news.recv() => {}
            }
            let api = Api::<K>::all(self.start.client.clone());
            if api.list_metadata(&self.selection.listed().limit(1)).await.is_ok() {
                return;
            }
        }
    }

    async fn one(self, namespace: String, healed: mpsc::Sender<()>) {
        let (api, config) =
            (K::Scope::api(self.start.client.clone(), &namespace), K::Scope::narrowed(&self.selection, &namespace));
        let mut was_forbidden = false;
        let said = |result: Result<(), &watcher::Error>| {
            match result {
                Err(error) => was_forbidden |= is_forbidden(error),
                // Full: another watch has sent it.
                Ok(()) if std::mem::take(&mut was_forbidden) => drop(healed.try_send(())),
                Ok(()) => {}
            }
            ControlFlow::Continue(())
        };
        self.watched(api, config, &Some(namespace), said).await;
    }

    /// Keeps one watch running, restarted whenever it fails, until `said` breaks.
    async fn watched(
        &self,
        api: Api<K>,
        config: watcher::Config,
        scope: &Scope,
        mut said: impl FnMut(Result<(), &watcher::Error>) -> ControlFlow<()>,
    ) {
        // Up to half a minute, with jitter.
        let mut backoff = DefaultBackoff::default();
        loop {
            let mut stream = std::pin::pin!(watch(api.clone(), config.clone()));
            while let Some(event) = stream.next().await {
                let error = match event {
                    Ok(event) => {
                        if matches!(event, Event::Apply(_) | Event::Delete(_)) {
                            backoff.reset();
                        }
                        self.note(scope, event);
                        let _ = said(Ok(()));
                        continue;
                    }
                    Err(error) => error,
                };
                if said(Err(&error)).is_break() {
                    return;
                }
                let is_away = self.failed(scope, &error);
                tokio::time::sleep(backoff.next().unwrap_or(LONGEST_PAUSE)).await;
                // A resumed watch is silent while nothing changes; a new list shows that the cluster is back.
                if is_away {
                    break;
                }
            }
        }
    }

    fn note(&self, scope: &Scope, event: Event<K>) {
        let Start { seen, changes, .. } = &self.start;
        let kind = K::kind(&());
        // `Init` is emitted before the first request: only later events are responses of the cluster.
        if !matches!(event, Event::Init) {
            reached(seen, changes, &place(&kind, scope));
            reached(seen, changes, CALLS);
        }
        let is_whole = matches!(event, Event::InitDone);
        (self.sink)(scope, event.modify(lighten));
        if is_whole {
            seen.has_read(&kind, scope);
            // A list of one namespace concerns its runtime only: with hundreds of runtimes, a pass over all of them
            // for each list would never finish.
            let runtime = scope.as_ref().map(|namespace| self.start.namespaces.borrow().get(namespace).cloned());
            match runtime {
                Some(runtime) => runtime.into_iter().for_each(|runtime| changes.notify(Change::Runtime(runtime))),
                None => changes.notify(Change::Everything),
            }
        }
        seen.turn();
    }

    /// Handles a failure; `true`: the cluster does not respond, or rejects the watch.
    fn failed(&self, scope: &Scope, error: &watcher::Error) -> bool {
        let kind = place(&K::kind(&()), scope);
        let source = match error {
            watcher::Error::InitialListFailed(source) | watcher::Error::WatchStartFailed(source) => source,
            // Watches end now and then and restart by themselves; when they cannot, another error follows.
            watcher::Error::WatchFailed(_) | watcher::Error::WatchError(_) | watcher::Error::NoResourceVersion => {
                tracing::debug!(kind, %error, "a watch was interrupted");
                return false;
            }
        };
        unreached(&self.start.seen, &self.start.changes, &kind, reason(source));
        true
    }
}

fn place(kind: &str, scope: &Scope) -> String {
    scope.as_ref().map_or(kind.to_owned(), |namespace| format!("{kind} in {namespace}"))
}

fn is_forbidden(error: &watcher::Error) -> bool {
    match error {
        watcher::Error::InitialListFailed(source)
        | watcher::Error::WatchStartFailed(source)
        | watcher::Error::WatchFailed(source) => {
            matches!(source, kube::Error::Api(status) if status.is_forbidden())
        }
        watcher::Error::WatchError(status) => status.is_forbidden(),
        watcher::Error::NoResourceVersion => false,
    }
}
