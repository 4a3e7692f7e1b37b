//! All objects in memory, one resourceVersion sequence for all of them, and the change log that watches and controllers
//! read.
//!
//! Every write is one [`Store::write`]: it sees a consistent state, is persisted in one transaction, and then notifies
//! watches and controllers. The store knows nothing about the meaning of objects.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::kinds::{KINDS, Resource};
use crate::persist::{Persist, Saved};
use crate::random::Random;
use crate::status::ApiError;

use live::Live;

pub use log::{Change, ChangeKind};
pub use version::Version;
pub use write::Write;

mod live;
mod log;
mod version;
mod write;

pub use crate::key::Key;

/// An object at one resourceVersion.
pub type Object = Arc<Value>;

/// The state of the cluster.
#[derive(Debug)]
pub struct Store {
    state: Mutex<State>,
    /// One notification channel per resource, which carries the new revision; watches wait on it.
    notifiers: Vec<watch::Sender<u64>>,
    /// Notified at every write; the controllers wait on it.
    any: watch::Sender<u64>,
    /// True once the cluster is shut down; ends watches and controllers.
    closed: watch::Sender<bool>,
    pub clock: Clock,
    /// The minor release of Kubernetes whose rules apply.
    pub minor: u32,
}

#[derive(Debug)]
struct State {
    objects: BTreeMap<Key, Live>,
    /// UID of an owner → the objects whose owner references name it, including owners that do not exist.
    dependents: HashMap<Box<str>, BTreeSet<Key>>,
    /// UID → key of the object.
    places: HashMap<Box<str>, Key>,
    revision: u64,
    log: log::Log,
    persist: Option<Persist>,
    random: Random,
    minor: u32,
}

impl Store {
    /// A store with the saved objects.
    pub fn new(saved: Saved, persist: Option<Persist>, clock: Clock, seed: u64, minor: u32) -> Store {
        let mut state = State {
            objects: BTreeMap::new(),
            dependents: HashMap::new(),
            places: HashMap::new(),
            // 0 means "any version" in the protocol, so the first revision must be larger.
            revision: saved.revision.max(1),
            log: log::Log::starting_at(saved.revision.max(1)),
            persist,
            random: Random::new(seed ^ saved.revision),
            minor,
        };
        for (key, object) in saved.objects {
            state.replace(key, Some(Live::resting(Arc::new(Version::of(&object)))));
        }
        let notifiers = KINDS.iter().map(|_| watch::channel(state.revision).0).collect();
        let any = watch::channel(state.revision).0;
        Store { state: Mutex::new(state), notifiers, any, closed: watch::channel(false).0, clock, minor }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while holding the lock leaves the state consistent: changes are applied only after all checks.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The current object.
    pub fn get(&self, key: &Key) -> Option<Object> {
        self.state().objects.get(key).map(Live::object)
    }

    /// The resourceVersion of the last write.
    pub fn revision(&self) -> u64 {
        self.state().revision
    }

    /// All objects of a resource, in one namespace or in all (`None`), sorted, with the revision they were read at.
    pub fn list(&self, resource: Resource, namespace: Option<&str>) -> (Vec<Object>, u64) {
        let state = self.state();
        (state.range(resource, namespace).map(|(_, object)| object).collect(), state.revision)
    }

    /// The same list at an earlier `revision`; `Err` with the oldest known revision when that one was compacted.
    pub fn list_at(&self, resource: Resource, namespace: Option<&str>, revision: u64) -> Result<Vec<Object>, u64> {
        let state = self.state();
        let mut then: BTreeMap<Key, Object> =
            state.range(resource, namespace).map(|(key, object)| (key.clone(), object)).collect();
        for change in state.log.since(revision, Some(resource))?.iter().rev() {
            if namespace.is_some_and(|namespace| namespace != change.key.namespace) {
                continue;
            }
            match &change.before {
                Some(before) => then.insert(change.key.clone(), Arc::new(before.object())),
                None => then.remove(&change.key),
            };
        }
        Ok(then.into_values().collect())
    }

    /// The objects whose owner references name the object with this UID.
    pub fn dependents(&self, uid: &str) -> Vec<(Key, Object)> {
        let state = self.state();
        let keys = state.dependents.get(uid).into_iter().flatten();
        keys.filter_map(|key| state.objects.get(key).map(|live| (key.clone(), live.object()))).collect()
    }

    /// The key of the object with this UID, while it exists.
    pub fn place(&self, uid: &str) -> Option<Key> {
        self.state().places.get(uid).cloned()
    }

    /// The keys of all objects.
    pub fn keys(&self) -> Vec<Key> {
        self.state().objects.keys().cloned().collect()
    }

    /// The changes after `revision`, of one resource or of all; `Err` with the oldest known revision when they were
    /// compacted.
    pub fn changes_since(&self, revision: u64, resource: Option<Resource>) -> Result<(Vec<Arc<Change>>, u64), u64> {
        let state = self.state();
        state.log.since(revision, resource).map(|changes| (changes, state.revision))
    }

    /// Drops changes older than watches need and the trees of objects not in use. Returns true when something remains
    /// to be dropped next time.
    pub fn tidy(&self) -> bool {
        let state = &mut *self.state();
        state.log.forget_old();
        let awake = state.objects.values().filter(|live| !live.rest()).count();
        awake > 0 || !state.log.is_empty()
    }

    /// Runs one atomic write.
    ///
    /// # Errors
    /// Those of `work`, and 500 when the file cannot be written.
    pub fn write<T>(&self, work: impl FnOnce(&mut Write<'_>) -> Result<T, ApiError>) -> Result<T, ApiError> {
        self.run(work, false)
    }

    /// Runs one write and discards its changes.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn dry_run<T>(&self, work: impl FnOnce(&mut Write<'_>) -> Result<T, ApiError>) -> Result<T, ApiError> {
        self.run(work, true)
    }

    fn run<T>(&self, work: impl FnOnce(&mut Write<'_>) -> Result<T, ApiError>, dry: bool) -> Result<T, ApiError> {
        let (answer, changes) = {
            let mut state = self.state();
            let mut write = Write::new(&mut state, self.clock.now());
            let answer = work(&mut write)?;
            let changes = if dry { Vec::new() } else { write.commit()? };
            (answer, changes)
        };
        let Some(last) = changes.last() else { return Ok(answer) };
        for change in &changes {
            self.notifiers[change.key.resource as usize].send_replace(change.revision);
        }
        self.any.send_replace(last.revision);
        Ok(answer)
    }

    /// Notified when an object of the resource changes.
    pub fn notifier(&self, resource: Resource) -> watch::Receiver<u64> {
        self.notifiers[resource as usize].subscribe()
    }

    /// Notified when any object changes.
    pub fn any_notifier(&self) -> watch::Receiver<u64> {
        self.any.subscribe()
    }

    /// Becomes true when the cluster shuts down.
    pub fn closed(&self) -> watch::Receiver<bool> {
        self.closed.subscribe()
    }

    /// Ends watches and controllers, and closes the file.
    pub fn close(&self) {
        self.closed.send_replace(true);
        let mut state = self.state();
        let (revision, now) = (state.revision, self.clock.now());
        if let Some(mut persist) = state.persist.take() {
            // Saves the clock, so that it continues from here; a kill only loses the time since the last write.
            if let Err(error) = persist.write(&[], revision, now) {
                tracing::warn!(%error, "cannot save the embedded cluster's clock");
            }
        }
    }
}

impl State {
    fn range(&self, resource: Resource, namespace: Option<&str>) -> impl Iterator<Item = (&Key, Object)> {
        let from = Key::new(resource, namespace.unwrap_or_default(), "");
        let within =
            move |key: &Key| key.resource == resource && namespace.is_none_or(|namespace| key.namespace == namespace);
        self.objects
            .range((Bound::Included(from), Bound::Unbounded))
            .take_while(move |(key, _)| within(key))
            .map(|(key, live)| (key, live.object()))
    }

    /// Puts or removes an object and updates the indexes. Returns the previous object.
    fn replace(&mut self, key: Key, live: Option<Live>) -> Option<Live> {
        let after = live.as_ref().map(|live| live.version.clone());
        let before = match live {
            Some(live) => self.objects.insert(key.clone(), live),
            None => self.objects.remove(&key),
        };
        for uid in before.iter().flat_map(|live| &live.version.owners) {
            if let Some(keys) = self.dependents.get_mut(uid) {
                keys.remove(&key);
                if keys.is_empty() {
                    self.dependents.remove(uid);
                }
            }
        }
        for uid in after.iter().flat_map(|version| &version.owners) {
            self.dependents.entry(uid.clone()).or_default().insert(key.clone());
        }
        if let Some(before) = &before {
            self.places.remove(&before.version.uid);
        }
        if let Some(after) = &after {
            self.places.insert(after.uid.clone(), key);
        }
        before
    }
}
