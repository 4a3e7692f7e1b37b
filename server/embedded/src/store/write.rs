//! A write in progress: its reads see its own changes, and nothing is stored before the commit.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::{Change, ChangeKind, Key, Live, Object, State, Version};
use crate::kinds::Resource;
use crate::meta;
use crate::random::Random;
use crate::status::ApiError;

/// A write in progress; see [`super::Store::write`].
pub struct Write<'s> {
    state: &'s mut State,
    staged: Vec<(Key, Staged)>,
    now: Timestamp,
}

enum Staged {
    Put(Object),
    Gone(Object),
}

impl<'s> Write<'s> {
    pub(super) fn new(state: &'s mut State, now: Timestamp) -> Write<'s> {
        Write { state, staged: Vec::new(), now }
    }

    /// The time of this write.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The minor release of Kubernetes whose rules apply.
    pub fn minor(&self) -> u32 {
        self.state.minor
    }

    /// The source of UIDs and name suffixes.
    pub fn random(&mut self) -> &mut Random {
        &mut self.state.random
    }

    /// The object as this write sees it.
    pub fn get(&self, key: &Key) -> Option<Object> {
        match self.staged.iter().rev().find(|(staged, _)| staged == key) {
            Some((_, Staged::Put(object))) => Some(object.clone()),
            Some((_, Staged::Gone(_))) => None,
            None => self.state.objects.get(key).map(Live::object),
        }
    }

    /// All objects of a resource as they were before this write.
    pub fn list(&self, resource: Resource, namespace: Option<&str>) -> impl Iterator<Item = Object> {
        self.state.range(resource, namespace).map(|(_, object)| object)
    }

    /// Stages the object with the resourceVersion it will have. When nothing else would change, stages nothing and
    /// returns the present object, as the real server does for no-op writes.
    pub fn put(&mut self, key: Key, mut object: Value) -> Object {
        if let Some(present) = self.get(&key) {
            object["metadata"]["resourceVersion"] = present["metadata"]["resourceVersion"].clone();
            if *present == object {
                return present;
            }
        }
        object["metadata"]["resourceVersion"] = self.next_revision().to_string().into();
        let object = Arc::new(object);
        self.staged.push((key, Staged::Put(object.clone())));
        object
    }

    /// Stages the removal; `object` is the last state that watches see.
    pub fn remove(&mut self, key: Key, mut object: Value) -> Object {
        object["metadata"]["resourceVersion"] = self.next_revision().to_string().into();
        let object = Arc::new(object);
        self.staged.push((key, Staged::Gone(object.clone())));
        object
    }

    fn next_revision(&self) -> u64 {
        self.state.revision + self.staged.len() as u64 + 1
    }

    /// Writes to the file, then to memory and the log.
    pub(super) fn commit(self) -> Result<Vec<Arc<Change>>, ApiError> {
        let Write { state, staged, now } = self;
        if staged.is_empty() {
            return Ok(Vec::new());
        }
        let revision = state.revision + staged.len() as u64;
        let staged: Vec<(Key, Arc<Version>, Option<Object>, u64)> = staged
            .into_iter()
            .map(|(key, staged)| {
                let (object, kept) = match staged {
                    Staged::Put(object) => (object.clone(), Some(object)),
                    Staged::Gone(object) => (object, None),
                };
                (key, Arc::new(Version::of(&object)), kept, meta::revision(&object))
            })
            .collect();
        if let Some(persist) = &mut state.persist {
            let rows: Vec<_> =
                staged.iter().map(|(key, version, kept, _)| (key, kept.as_ref().map(|_| version.text()))).collect();
            persist.write(&rows, revision, now).map_err(|error| {
                tracing::error!(%error, "cannot write the embedded cluster's database");
                ApiError::internal(&format!("cannot write the cluster's database: {error}"))
            })?;
        }
        state.revision = revision;
        let mut changes = Vec::with_capacity(staged.len());
        for (key, version, kept, revision) in staged {
            let deleted = kept.is_none();
            let live = kept.map(|object| Live::used(object, version.clone()));
            let before = state.replace(key.clone(), live).map(|live| live.version);
            let kind = match (&before, deleted) {
                (_, true) => ChangeKind::Deleted,
                (None, false) => ChangeKind::Added,
                (Some(_), false) => ChangeKind::Modified,
            };
            let change = Arc::new(Change { revision, kind, key, object: version, before });
            state.log.push(change.clone());
            changes.push(change);
        }
        Ok(changes)
    }
}
