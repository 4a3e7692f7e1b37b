//! The controllers, which reconcile objects toward their specs, in one task.
//!
//! Each controller is a function that takes the key of an object, writes what is needed, and returns the time of its
//! next run. It does not depend on why it was called, so it may run twice, or again after a restart. The task sleeps
//! until an object changes or a run is due; an idle cluster does nothing.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::fields::{self, Manager};
use crate::kinds::Resource;
use crate::status::ApiError;
use crate::store::{Change, Key, Store};

mod deployment;
mod deployment_status;
mod endpoints;
mod events;
mod garbage;
mod kubelet;
mod namespace;
mod quota;
mod replicaset;
mod rest;
mod rollout;
mod supervise;

pub use kubelet::image;
pub use supervise::ControllerSupervisor;

/// Interval at which unused memory is freed.
const TIDY: Duration = Duration::from_secs(60);

/// When to reconcile the same object again; `None` to wait for a change.
type Requeue = Option<Timestamp>;

/// The controllers; a controller and a key make a unit of [`Work`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Controller {
    Garbage,
    Namespace,
    Deployment,
    ReplicaSet,
    Kubelet,
    Endpoints,
    Quota,
    EventExpiry,
}

type Work = (Controller, Key);

/// Runs all controllers until the store is closed.
async fn run(store: Arc<Store>, rest: &rest::Rest) {
    let mut notifier = store.any_notifier();
    let mut closed = store.closed();
    let mut task = Task {
        store: store.clone(),
        position: 0,
        queue: BTreeSet::new(),
        due: HashMap::new(),
        kubelet: kubelet::Kubelet::default(),
    };
    let mut forget_at: Option<tokio::time::Instant> = None;
    loop {
        notifier.mark_unchanged();
        if task.learn() {
            forget_at.get_or_insert_with(|| tokio::time::Instant::now() + TIDY);
        }
        while let Some(work) = task.next() {
            task.perform(work);
            // Requests share their threads with this task.
            tokio::task::yield_now().await;
            if *closed.borrow() {
                return;
            }
            task.learn();
        }
        let next = task.queue.first().map(|(due, _)| *due);
        rest.begin(task.position, next);
        let forgetting = forget_at.unwrap_or_else(tokio::time::Instant::now);
        tokio::select! {
            _ = closed.changed() => return,
            _ = notifier.changed() => {}
            () = store.clock.sleep_until(next.unwrap_or(Timestamp::MAX)), if next.is_some() => {}
            () = tokio::time::sleep_until(forgetting), if forget_at.is_some() => {
                forget_at = store.tidy().then(|| tokio::time::Instant::now() + TIDY);
            }
        }
    }
}

struct Task {
    store: Arc<Store>,
    /// Changes up to this revision have been scheduled.
    position: u64,
    queue: BTreeSet<(Timestamp, Work)>,
    due: HashMap<Work, Timestamp>,
    kubelet: kubelet::Kubelet,
}

impl Task {
    /// Schedules work for new changes. Returns true when there were any.
    fn learn(&mut self) -> bool {
        let now = self.store.clock.now();
        match self.store.changes_since(self.position, None) {
            Ok((changes, revision)) => {
                self.position = revision;
                for change in &changes {
                    for work in concerned(&self.store, change) {
                        self.schedule(work, now);
                    }
                }
                !changes.is_empty()
            }
            // At startup, or when more changed than the log holds: reconcile every object.
            Err(_) => {
                self.position = self.store.revision();
                for key in self.store.keys() {
                    for controller in own(key.resource) {
                        self.schedule((*controller, key.clone()), now);
                    }
                }
                true
            }
        }
    }

    /// Schedules work for `due`, or keeps an earlier time it is already scheduled for.
    fn schedule(&mut self, work: Work, due: Timestamp) {
        match self.due.get(&work) {
            Some(earlier) if *earlier <= due => return,
            Some(later) => drop(self.queue.remove(&(*later, work.clone()))),
            None => {}
        }
        self.due.insert(work.clone(), due);
        self.queue.insert((due, work));
    }

    fn next(&mut self) -> Option<Work> {
        let (due, _) = self.queue.first()?;
        if *due > self.store.clock.now() {
            return None;
        }
        let (_, work) = self.queue.pop_first()?;
        self.due.remove(&work);
        Some(work)
    }

    fn perform(&mut self, work: Work) {
        let (controller, key) = &work;
        let store = &self.store;
        let answer = match controller {
            Controller::Garbage => garbage::reconcile(store, key),
            Controller::Namespace => namespace::reconcile(store, key),
            Controller::Deployment => deployment::reconcile(store, key),
            Controller::ReplicaSet => replicaset::reconcile(store, key),
            Controller::Kubelet => self.kubelet.reconcile(store, key),
            Controller::Endpoints => endpoints::reconcile(store, key),
            Controller::Quota => quota::reconcile(store, key),
            Controller::EventExpiry => events::expire(store, key),
        };
        let again = answer.unwrap_or_else(|error| {
            tracing::debug!(?controller, ?key, %error, "reconciliation failed; retrying");
            Some(store.clock.now() + SignedDuration::from_millis(500))
        });
        if let Some(again) = again {
            self.schedule(work, again);
        }
    }
}

/// The controllers that reconcile objects of a kind.
fn own(resource: Resource) -> &'static [Controller] {
    match resource {
        Resource::Namespaces => &[Controller::Namespace],
        Resource::Deployments => &[Controller::Garbage, Controller::Deployment],
        Resource::ReplicaSets => &[Controller::Garbage, Controller::ReplicaSet],
        Resource::Pods => &[Controller::Garbage, Controller::Kubelet],
        Resource::Services => &[Controller::Garbage, Controller::Endpoints],
        Resource::Quotas => &[Controller::Garbage, Controller::Quota],
        Resource::Events => &[Controller::EventExpiry],
        _ => &[Controller::Garbage],
    }
}

/// Everything to reconcile after a change: the object itself, its owners and dependents, and the objects that select
/// it.
fn concerned(store: &Store, change: &Change) -> Vec<Work> {
    let key = &change.key;
    let mut work: Vec<Work> = own(key.resource).iter().map(|controller| (*controller, key.clone())).collect();
    for object in [Some(&change.object), change.before.as_ref()].into_iter().flatten() {
        for owner in &object.owners {
            if let Some(place) = store.place(owner) {
                work.extend(own(place.resource).iter().map(|controller| (*controller, place.clone())));
            }
        }
    }
    if change.kind == crate::store::ChangeKind::Deleted {
        for (key, _) in store.dependents(&change.object.uid) {
            work.push((Controller::Garbage, key));
        }
        if key.resource != Resource::Namespaces && !key.namespace.is_empty() {
            // Matters only for a terminating namespace, which the controller checks.
            work.push((Controller::Namespace, Key::new(Resource::Namespaces, "", &key.namespace)));
        }
    }
    if key.resource == Resource::Pods {
        work.extend(endpoints::selecting(store, change).into_iter().map(|key| (Controller::Endpoints, key)));
    }
    if key.resource == Resource::EndpointSlices {
        let label = change.object.labels.as_ref().and_then(|labels| labels.get(endpoints::SERVICE));
        let owner = label.and_then(serde_json::Value::as_str).unwrap_or_default();
        work.push((Controller::Endpoints, Key::new(Resource::Services, &key.namespace, owner)));
    }
    work.extend(quota::counting(store, change).into_iter().map(|key| (Controller::Quota, key)));
    work
}

/// Replaces the status of an object; does nothing when the status is unchanged or the object no longer exists.
fn write_status(store: &Store, key: &Key, status: serde_json::Value) -> Result<(), ApiError> {
    store.write(|write| {
        let Some(object) = write.get(key) else { return Ok(()) };
        if object["status"] != status {
            let mut new = object.as_ref().clone();
            new["status"] = status;
            let manager = Manager { name: "kube-controller-manager".to_owned(), subresource: "status".to_owned() };
            let new = fields::updated(&object, new, &manager, write.now());
            write.put(key.clone(), new);
        }
        Ok(())
    })
}
