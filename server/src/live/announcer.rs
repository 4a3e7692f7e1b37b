//! Turns change notifications into events: reads the current state, compares it with the last announced state and
//! publishes the differences.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use app::model::{ClusterState, LiveEvent, VersionLive};
use tokio_util::sync::CancellationToken;

use super::{Hub, version_live};
use crate::changes::{Change, ChangeBus, Listener};
use crate::cluster::Cluster;
use crate::store::{Store, StoreError};

/// Debounce time of changes: shorter than two frames of a screen, longer than a burst of a watch.
const COLLECT: Duration = Duration::from_millis(20);

/// Pause before retrying when the store cannot be read.
const RETRY: Duration = Duration::from_secs(1);

/// Announces changes until `shutdown`. Subscribes when called, so that no change before the first poll is missed.
pub fn announce(
    store: Store,
    cluster: Cluster,
    hub: Hub,
    changes: ChangeBus,
    shutdown: CancellationToken,
) -> impl Future<Output = ()> + Send {
    let listener = changes.listen();
    let announcer = Announcer { store, cluster, hub, runtimes: HashMap::new(), state: None };
    async move {
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = announcer.run(listener) => {}
        }
    }
}

struct Announcer {
    store: Store,
    cluster: Cluster,
    hub: Hub,
    /// The last announced state, by the runtime's ID.
    runtimes: HashMap<String, Announced>,
    state: Option<ClusterState>,
}

#[derive(Default)]
struct Announced {
    published: Option<String>,
    versions: HashMap<String, VersionLive>,
}

/// What to compare next.
#[derive(Default)]
struct Pending {
    runtimes: HashSet<String>,
    /// Whether the list of runtimes may have changed.
    list: bool,
    everything: bool,
}

impl Announcer {
    async fn run(mut self, mut listener: Listener) {
        let mut pending = Pending { everything: true, ..Pending::default() };
        let mut is_first = true;
        loop {
            if let Err(error) = self.look(&mut pending, is_first).await {
                tracing::warn!(%error, "the live stream cannot read the store; retrying");
                tokio::time::sleep(RETRY).await;
                continue;
            }
            if is_first {
                // The first pass only records the state. Pages rendered before it may have missed changes.
                self.hub.publish(LiveEvent::Resync);
                is_first = false;
            }
            if !collect(&mut pending, &mut listener).await {
                return;
            }
        }
    }

    /// Compares everything that is pending. After an error, the rest stays pending.
    async fn look(&mut self, pending: &mut Pending, is_first: bool) -> Result<(), StoreError> {
        let state = self.cluster.state();
        if self.state.as_ref() != Some(&state) {
            self.state = Some(state.clone());
            if !is_first {
                self.hub.publish(LiveEvent::Cluster { cluster: state });
            }
        }
        if pending.list || pending.everything {
            let ids: Vec<_> = self.store.runtimes().await?.into_iter().map(|runtime| runtime.id).collect();
            let is_longer = ids.iter().any(|id| !self.runtimes.contains_key(id));
            pending.runtimes.extend(ids.into_iter().filter(|id| pending.everything || !self.runtimes.contains_key(id)));
            (pending.list, pending.everything) = (false, false);
            if is_longer && !is_first {
                self.hub.publish(LiveEvent::RuntimeList);
            }
        }
        while let Some(runtime) = pending.runtimes.iter().next().cloned() {
            self.look_at(&runtime, is_first).await?;
            pending.runtimes.remove(&runtime);
        }
        Ok(())
    }

    async fn look_at(&mut self, id: &str, is_first: bool) -> Result<(), StoreError> {
        let Some((runtime, versions)) = self.store.present_versions(id).await? else { return Ok(()) };
        let before = self.runtimes.entry(id.to_owned()).or_default();
        let mut now = HashMap::new();
        let mut changed = Vec::new();
        let mut is_another_list = false;
        for version in &versions {
            let live = version_live(&self.cluster, &runtime, version);
            let known = before.versions.get(&live.version);
            is_another_list |= known.is_none();
            if known != Some(&live) {
                changed.push(live.clone());
            }
            now.insert(live.version.clone(), live);
        }
        // A version that is no longer listed was archived: announced once, then forgotten.
        for name in before.versions.keys().filter(|name| !now.contains_key(*name)) {
            is_another_list = true;
            if let Some((runtime, version)) = self.store.version(id, name).await? {
                changed.push(version_live(&self.cluster, &runtime, &version));
            }
        }
        let is_switched = before.published != runtime.published_name;
        before.versions = now;
        before.published.clone_from(&runtime.published_name);
        if is_first {
            return Ok(());
        }
        if is_switched || !changed.is_empty() {
            let (runtime, published) = (id.to_owned(), runtime.published_name);
            self.hub.publish(LiveEvent::Versions { runtime, published, versions: changed });
        }
        if is_another_list {
            self.hub.publish(LiveEvent::VersionList { runtime: id.to_owned() });
        }
        Ok(())
    }
}

/// Waits for a change and then for [`COLLECT`]. Returns `false` when the last [`ChangeBus`] is gone.
async fn collect(pending: &mut Pending, listener: &mut Listener) -> bool {
    let Some(change) = listener.next().await else { return false };
    pending.add(change);
    let collected = tokio::time::sleep(COLLECT);
    tokio::pin!(collected);
    loop {
        tokio::select! {
            () = &mut collected => return true,
            change = listener.next() => match change {
                Some(change) => pending.add(change),
                None => return false,
            },
        }
    }
}

impl Pending {
    /// Notifications only trigger a comparison; which lists changed, and the cluster's state, result from comparing.
    fn add(&mut self, change: Change) {
        match change {
            Change::Runtime(runtime) | Change::VersionList(runtime) => drop(self.runtimes.insert(runtime)),
            Change::RuntimeList => self.list = true,
            Change::Cluster => {}
            Change::Everything => self.everything = true,
        }
    }
}
