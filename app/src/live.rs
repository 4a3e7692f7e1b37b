//! What changes while people look: the newest state of every version that an event spoke of, the state of the link to
//! the server, and how pages take both in.
//!
//! Pages are complete as the server rendered them. In the browser one event stream per browser, shared by its tabs,
//! carries what happens from the position that the page was rendered at. Nothing polls.

use std::collections::HashMap;
use std::time::Duration;

use krt::lifecycle::Status;
use leptos::prelude::*;

use crate::model::{ClusterState, LiveEvent, VersionLive};

pub mod position;

pub mod tab;

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
pub use browser::connect;

/// How the link to the server is, as the top bar says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Link {
    /// Not tried yet: what is shown is what the server rendered.
    Rendered,
    Live,
    Reconnecting,
    /// Reconnecting has failed for a while; what is shown may be old.
    Stale,
}

/// How long the list of runtimes waits for more events before its counts are read again.
const COUNT_AFTER: Duration = Duration::from_millis(500);

/// The live part of the console, in context of every framed page.
#[derive(Clone, Copy)]
pub struct Live {
    pub link: RwSignal<Link>,
    observed: RwSignal<Observed>,
    /// Counts the gaps in the stream: after each, pages read again, and what was observed before is not used any more.
    generation: RwSignal<u32>,
    /// Counts, per runtime, how often its list of versions changed.
    lists: RwSignal<HashMap<String, u32>>,
    /// Counts how often the list of runtimes changed.
    runtimes: RwSignal<u32>,
    /// Whether that count is about to grow.
    counting_soon: StoredValue<bool>,
}

#[derive(Default)]
struct Observed {
    versions: HashMap<String, HashMap<String, (u32, VersionLive)>>,
    published: HashMap<String, (u32, Option<String>)>,
    cluster: Option<ClusterState>,
}

impl Live {
    pub fn new() -> Live {
        Live {
            link: RwSignal::new(Link::Rendered),
            observed: RwSignal::default(),
            generation: RwSignal::new(0),
            lists: RwSignal::default(),
            runtimes: RwSignal::new(0),
            counting_soon: StoredValue::new(false),
        }
    }

    /// One event: one change of the store, and so one paint.
    pub fn apply(&self, event: LiveEvent) {
        let generation = self.generation.get_untracked();
        match event {
            LiveEvent::Versions { runtime, published, versions } => {
                self.observed.update(|observed| {
                    observed.published.insert(runtime.clone(), (generation, published));
                    let of_runtime = observed.versions.entry(runtime).or_default();
                    for version in versions {
                        of_runtime.insert(version.version.clone(), (generation, version));
                    }
                });
                self.count_again_soon();
            }
            LiveEvent::VersionList { runtime } => {
                self.lists.update(|lists| *lists.entry(runtime).or_default() += 1);
                self.runtimes.update(|count| *count += 1);
            }
            LiveEvent::RuntimeList => self.runtimes.update(|count| *count += 1),
            LiveEvent::Cluster { cluster } => self.observed.update(|observed| observed.cluster = Some(cluster)),
            LiveEvent::Resync => self.read_again(),
        }
    }

    /// What the list of runtimes counts may have changed. A start is a dozen events within seconds: they are one reading.
    fn count_again_soon(self) {
        if self.counting_soon.get_value() {
            return;
        }
        self.counting_soon.set_value(true);
        let count = move || {
            self.counting_soon.try_set_value(false);
            self.runtimes.try_update(|count| *count += 1);
        };
        set_timeout(count, COUNT_AFTER);
    }

    /// Makes every page on screen read again: after a gap in the stream, and after an action while it is not live.
    pub fn read_again(&self) {
        self.observed.update(|observed| *observed = Observed::default());
        self.generation.update(|generation| *generation += 1);
    }

    /// What a page that reads again asks with; compare with [`Live::or`].
    pub fn generation(&self) -> u32 {
        self.generation.get()
    }

    /// Changes when the list of this runtime's versions is to be read again.
    pub fn version_list(&self, runtime: &str) -> (u32, u32) {
        (self.generation.get(), self.lists.with(|lists| lists.get(runtime).copied().unwrap_or_default()))
    }

    /// Changes when the list of runtimes is to be read again.
    pub fn runtime_list(&self) -> (u32, u32) {
        (self.generation.get(), self.runtimes.get())
    }

    /// The newest state of a version: what an event said since, or else what the page was rendered with.
    pub fn or(&self, runtime: &str, rendered: VersionLive) -> Memo<VersionLive> {
        let (observed, runtime) = (self.observed, runtime.to_owned());
        let since = self.generation.get_untracked();
        Memo::new(move |_| {
            observed.with(|observed| match observed.versions.get(&runtime).and_then(|of| of.get(&rendered.version)) {
                Some((generation, live)) if *generation >= since => live.clone(),
                _ => rendered.clone(),
            })
        })
    }

    /// The status that events told of a version, if any did: what depends on it is read again when it changes.
    pub fn observed_status(&self, runtime: Memo<String>, version: Memo<String>) -> Memo<Option<(Status, bool)>> {
        let observed = self.observed;
        Memo::new(move |_| {
            observed.with(|observed| {
                let live = runtime.with(|runtime| observed.versions.get(runtime));
                let (_, live) = live.and_then(|of| version.with(|version| of.get(version)))?;
                Some((live.status(), live.situation.unpublishing))
            })
        })
    }

    /// The name of the published version of a runtime, in the same way.
    pub fn published_or(&self, runtime: &str, rendered: Option<String>) -> Memo<Option<String>> {
        let (observed, runtime) = (self.observed, runtime.to_owned());
        let since = self.generation.get_untracked();
        Memo::new(move |_| {
            observed.with(|observed| match observed.published.get(&runtime) {
                Some((generation, published)) if *generation >= since => published.clone(),
                _ => rendered.clone(),
            })
        })
    }

    /// The state of the cluster, in the same way.
    pub fn cluster_or(&self, rendered: ClusterState) -> Memo<ClusterState> {
        let observed = self.observed;
        Memo::new(move |_| observed.with(|observed| observed.cluster.clone().unwrap_or_else(|| rendered.clone())))
    }

    /// Puts what was read again after a gap in the place of what the page was rendered with.
    pub fn put(&self, runtime: &str, live: VersionLive) {
        let generation = self.generation.get_untracked();
        self.observed.update(|observed| {
            let of_runtime = observed.versions.entry(runtime.to_owned()).or_default();
            of_runtime.insert(live.version.clone(), (generation, live));
        });
    }
}

impl Default for Live {
    fn default() -> Self {
        Live::new()
    }
}

/// The live part from context; outside of a framed page one that nothing ever feeds.
pub fn use_live() -> Live {
    use_context::<Live>().unwrap_or_default()
}
