//! Live updates of open pages: the newest state of every version that an event reported, the state of the connection to
//! the server, and the signals through which pages use both.
//!
//! Pages are complete as the server rendered them. One event stream per browser, shared by its tabs, carries the
//! changes since the position at which the page was rendered. Nothing polls.

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

/// The state of the connection to the server, as shown in the top bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Link {
    /// Not connected yet: the page shows what the server rendered.
    Rendered,
    Live,
    Reconnecting,
    /// Reconnecting has failed for a while; the page may be out of date.
    Stale,
}

/// How long the list of runtimes waits for more events before it reloads its counts.
const COUNT_AFTER: Duration = Duration::from_millis(500);

/// The live state of the console, in the context of every framed page.
#[derive(Clone, Copy)]
pub struct Live {
    pub link: RwSignal<Link>,
    observed: RwSignal<Observed>,
    /// Counts the gaps in the stream. After each gap, pages reload and earlier observations are ignored.
    generation: RwSignal<u32>,
    /// Counts the changes of each runtime's list of versions.
    lists: RwSignal<HashMap<String, u32>>,
    /// Counts the changes of the list of runtimes.
    runtimes: RwSignal<u32>,
    /// Whether an increase of that count is scheduled.
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

    /// Applies an event as one change of the signals, so that it renders in one frame.
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
                self.schedule_count();
            }
            LiveEvent::VersionList { runtime } => {
                self.lists.update(|lists| *lists.entry(runtime).or_default() += 1);
                self.runtimes.update(|count| *count += 1);
            }
            LiveEvent::RuntimeList => self.runtimes.update(|count| *count += 1),
            LiveEvent::Cluster { cluster } => self.observed.update(|observed| observed.cluster = Some(cluster)),
            LiveEvent::Resync => self.reload(),
        }
    }

    /// Schedules one reload of the counts in the list of runtimes, since a start causes a dozen events within seconds.
    fn schedule_count(self) {
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

    /// Makes every open page reload: after a gap in the stream, and after an action while the stream is not live.
    pub fn reload(&self) {
        self.observed.update(|observed| *observed = Observed::default());
        self.generation.update(|generation| *generation += 1);
    }

    /// The number of gaps so far, tracked by resources that reload after a gap; see [`Live::or`].
    pub fn generation(&self) -> u32 {
        self.generation.get()
    }

    /// Changes whenever the list of this runtime's versions must be reloaded.
    pub fn version_list(&self, runtime: &str) -> (u32, u32) {
        (self.generation.get(), self.lists.with(|lists| lists.get(runtime).copied().unwrap_or_default()))
    }

    /// Changes whenever the list of runtimes must be reloaded.
    pub fn runtime_list(&self) -> (u32, u32) {
        (self.generation.get(), self.runtimes.get())
    }

    /// The newest state of a version: from an event since the page was rendered, or else the rendered state.
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

    /// The status of a version as reported by events, if any; resources that depend on it reload when it changes.
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

    /// The name of the published version of a runtime, from events or as rendered.
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

    /// The state of the cluster, from events or as rendered.
    pub fn cluster_or(&self, rendered: ClusterState) -> Memo<ClusterState> {
        let observed = self.observed;
        Memo::new(move |_| observed.with(|observed| observed.cluster.clone().unwrap_or_else(|| rendered.clone())))
    }

    /// Stores a state that was reloaded after a gap; it replaces the rendered state.
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

/// The live state from context; outside of a framed page, a new one that receives no events.
pub fn use_live() -> Live {
    use_context::<Live>().unwrap_or_default()
}
