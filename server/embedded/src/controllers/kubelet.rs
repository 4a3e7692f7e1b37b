//! Scheduler and kubelet in one: pods start within about a second, run no code, and fail when their image tag asks for
//! a failure.
//!
//! The progress of a pod is stored only in its status. The kubelet keeps no more than the time of the next step, so
//! that pods continue where they were after a restart.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde_json::Value;

use super::{Requeue, events};
use crate::kinds::Resource;
use crate::meta;
use crate::status::ApiError;
use crate::store::{Key, Store};
use stage::Stage;

pub mod image;

mod conditions;
mod delays;
mod references;
mod stage;
mod steps;

/// A step that is not due yet.
#[derive(Debug)]
struct Waiting {
    stage: Stage,
    due: Timestamp,
    /// Number of failed attempts at this step.
    tries: u32,
}

/// The simulated node.
#[derive(Debug, Default)]
pub struct Kubelet {
    waiting: HashMap<Key, (String, HashMap<String, Waiting>)>,
    /// Images present on the node, which are not pulled again.
    images: HashSet<String>,
}

impl Kubelet {
    pub fn reconcile(&mut self, store: &Store, key: &Key) -> Result<Requeue, ApiError> {
        let Some(pod) = store.get(key) else {
            self.waiting.remove(key);
            return Ok(None);
        };
        let stages = stage::stages(&pod);
        let now = store.clock.now();
        let (uid, waiting) = self.waiting.entry(key.clone()).or_default();
        if uid != meta::uid(&pod) {
            *uid = meta::uid(&pod).to_owned();
            waiting.clear();
        }
        waiting.retain(|part, one| stages.iter().any(|(name, stage)| name == part && *stage == one.stage));
        let mut due_now = Vec::new();
        let mut again: Requeue = None;
        for (part, stage) in stages {
            let known = waiting.entry(part.clone()).or_insert_with(|| {
                let delay = delays::before(&pod, &part, &stage, &self.images);
                Waiting { stage: stage.clone(), due: now + delay, tries: 0 }
            });
            if known.due <= now {
                due_now.push((part, stage));
            } else {
                again = Some(again.map_or(known.due, |again| again.min(known.due)));
            }
        }
        for (part, stage) in due_now {
            let retry = self.perform(store, key, &part, &stage)?;
            again = match (again, retry) {
                (Some(again), Some(retry)) => Some(again.min(retry)),
                (again, retry) => again.or(retry),
            };
        }
        if self.waiting.get(key).is_some_and(|(_, waiting)| waiting.is_empty()) {
            self.waiting.remove(key);
        }
        Ok(again)
    }

    /// Takes one step. Returns the time of the next attempt when it must be retried.
    fn perform(&mut self, store: &Store, key: &Key, part: &str, stage: &Stage) -> Result<Requeue, ApiError> {
        let Some(pod) = store.get(key) else { return Ok(None) };
        if *stage == Stage::Ending {
            steps::end(store, key)?;
            return Ok(None);
        }
        if let Some(missing) = stage.needs_references().then(|| references::missing(store, &pod, part)).flatten() {
            return self.hold(store, key, part, missing);
        }
        let pulled = image::of(&pod, part).is_some_and(|image| self.images.contains(image));
        let (notes, last) = store.write(|write| {
            let Some(pod) = write.get(key) else { return Ok((Vec::new(), None)) };
            let mut pod = pod.as_ref().clone();
            let notes = steps::take(&mut pod, part, stage, write.now(), pulled);
            conditions::refresh(&mut pod, write.now());
            Ok((notes, Some(write.put(key.clone(), pod))))
        })?;
        if matches!(stage, Stage::Start { .. }) {
            self.images.extend(image::of(&pod, part).map(str::to_owned));
        }
        if let Some((_, waiting)) = self.waiting.get_mut(key) {
            waiting.remove(part);
        }
        for note in notes {
            events::record(store, Resource::Pods, last.as_deref().unwrap_or(&pod), note)?;
        }
        Ok(None)
    }

    /// Records a missing Secret or ConfigMap in the status and in an event. Returns the time of the next attempt, which
    /// backs off.
    fn hold(
        &mut self,
        store: &Store,
        key: &Key,
        part: &str,
        missing: references::Missing,
    ) -> Result<Requeue, ApiError> {
        let Some((_, waiting)) = self.waiting.get_mut(key) else { return Ok(None) };
        let Some(known) = waiting.get_mut(part) else { return Ok(None) };
        known.due = store.clock.now() + delays::retry(known.tries);
        known.tries += 1;
        let due = known.due;
        let pod = store.write(|write| {
            let Some(pod) = write.get(key) else { return Ok(Value::Null) };
            let mut pod = pod.as_ref().clone();
            if let Some((reason, message)) = missing.waiting() {
                steps::wait(&mut pod, part, reason, message);
            }
            write.put(key.clone(), pod.clone());
            Ok(pod)
        })?;
        if !pod.is_null() {
            events::record(store, Resource::Pods, &pod, missing.note(part))?;
        }
        Ok(Some(due))
    }
}
