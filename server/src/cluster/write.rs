//! Writes to the cluster: forced server-side apply by one field manager, and only of objects that differ from what was
//! observed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use kube::ResourceExt;
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, Preconditions, PropagationPolicy};
use serde_json::{Value, json};

use super::cache::ClusterCache;
use super::drift::projection;
use super::kinds::ObjectKind;
use super::labels::{APPLIED, INSTANCE, MANAGER};
use super::objects::Built;
use super::reflector_store::AnyObject;
use super::{Cluster, ClusterError, secrets};

/// Objects written at the same time: what an API server accepts from one client without queueing.
const AT_ONCE: usize = 16;

/// How long our own writes may take to come back through the watches. After that, the next pass decides again, and at
/// worst repeats the write; nothing is concluded from older observations.
const COMES_BACK: Duration = Duration::from_secs(5);

/// Objects that the cluster stores differently from what was written (a quantity in another unit), by hash, so that
/// the same object is not written again and again.
pub(super) type Accepted = Mutex<HashMap<String, Value>>;

/// Objects known to match what was built: by kind, namespace and name, the resource version and the hash. Spares the
/// comparison of an object that did not change since.
pub(super) type Current = Mutex<HashMap<(ObjectKind, String, String), (String, String)>>;

/// When the dependents of a deleted object are removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owned {
    /// After the object, in the background.
    Later,
    /// Before the object, which stays, marked as being deleted, until all of them are gone.
    First,
}

/// An observed object, deleted only if it is still the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ObservedObject {
    pub(crate) kind: ObjectKind,
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) uid: Option<String>,
    pub(crate) resource_version: Option<String>,
    /// Whether it is being deleted.
    pub(crate) is_leaving: bool,
}

impl Cluster {
    /// Whether the object on the cluster matches this one.
    pub(crate) fn is_current(&self, built: &Built) -> bool {
        let Some(found) = self.find(built.kind, &built.namespace, &built.name) else { return false };
        let key = (built.kind, built.namespace.clone(), built.name.clone());
        let state = (found.resource_version.unwrap_or_default(), built.hash.clone());
        let known =
            |current: &Current| current.lock().unwrap_or_else(PoisonError::into_inner).get(&key) == Some(&state);
        if known(&self.0.current) {
            return true;
        }
        let is_current = is_current(&self.0.seen, &self.0.accepted, built);
        if is_current {
            self.0.current.lock().unwrap_or_else(PoisonError::into_inner).insert(key, state);
        }
        is_current
    }

    /// Writes the objects that differ, kind after kind and the objects of one kind in parallel, and waits until the
    /// watches have observed them. `true`: something was written.
    pub(crate) async fn ensure(&self, all: &[Built]) -> Result<bool, ClusterError> {
        let stale: Vec<_> = all.iter().filter(|built| !self.is_current(built)).collect();
        if stale.is_empty() {
            return Ok(false);
        }
        self.refuse_foreign(&stale).await?;
        let mut by_kind = BTreeMap::<ObjectKind, Vec<&Built>>::new();
        for built in &stale {
            by_kind.entry(built.kind).or_default().push(built);
        }
        for of_kind in by_kind.into_values() {
            // Owned, since futures that borrow from a closure's argument cannot be sent between threads.
            let writes = of_kind.into_iter().cloned().map(|built| {
                let cluster = self.clone();
                async move { cluster.apply(&built, None).await.map(drop) }
            });
            stream::iter(writes).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
        }
        let has_arrived = |seen: &ClusterCache| stale.iter().all(|built| is_applied(seen, built));
        if !self.0.seen.until(COMES_BACK, has_arrived).await {
            return Err(ClusterError::NotRead);
        }
        Ok(true)
    }

    /// Writes one object; with a guard, only if the object still has that resource version. Returns the written object.
    pub(crate) async fn apply(&self, built: &Built, guard: Option<&str>) -> Result<Value, ClusterError> {
        let mut body = built.body.clone();
        if let Some(resource_version) = guard {
            body["metadata"]["resourceVersion"] = json!(resource_version);
        }
        let api = self.api(&built.namespace, &built.kind.resource());
        let what = format!("apply the {} {}", built.kind.name(), built.name);
        let parameters = PatchParams::apply(MANAGER).force();
        let (patch, leases) = (Patch::Apply(&body), &self.0.leases);
        let write = api.patch(&built.name, &parameters, &patch);
        let applied = match built.kind {
            // The Lease is inside of it, so it is written without; every process writes the same.
            ObjectKind::Namespace => write.await,
            _ => leases.guard(&built.namespace, write).await?,
        };
        let applied = applied.map_err(|error| match built.kind {
            ObjectKind::Secret => secrets::without_values(error, &built.body),
            _ => error,
        });
        let applied = applied.map_err(ClusterError::from_kube(what))?;
        let answer = comparable(built.kind, serde_json::to_value(&applied).unwrap_or_default());
        let expected = expected(built);
        let kept = projection(&expected, &answer);
        let mut accepted = self.0.accepted.lock().unwrap_or_else(PoisonError::into_inner);
        if kept == expected {
            accepted.remove(&built.hash);
        } else {
            accepted.insert(built.hash.clone(), kept);
        }
        Ok(answer)
    }

    /// Deletes an object if it is still the one that was found; succeeds when it is gone already.
    pub(crate) async fn delete(&self, found: &ObservedObject, owned: Owned) -> Result<(), ClusterError> {
        let parameters = DeleteParams {
            propagation_policy: Some(match owned {
                Owned::Later => PropagationPolicy::Background,
                Owned::First => PropagationPolicy::Foreground,
            }),
            preconditions: Some(Preconditions { uid: found.uid.clone(), resource_version: None }),
            ..DeleteParams::default()
        };
        let api = self.api(&found.namespace, &found.kind.resource());
        match self.0.leases.guard(&found.namespace, api.delete(&found.name, &parameters)).await? {
            Err(kube::Error::Api(status)) if status.is_not_found() => Ok(()),
            Err(error) => {
                Err(ClusterError::from_kube(format!("delete the {} {}", found.kind.name(), found.name))(error))
            }
            Ok(_) => {
                let key = (found.kind, found.namespace.clone(), found.name.clone());
                self.0.current.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
                // The next pass must not take it for an object that still exists.
                let is_away = |seen: &ClusterCache| {
                    find(seen, found.kind, &found.namespace, &found.name)
                        .is_none_or(|other| other.is_leaving || other.uid != found.uid)
                };
                self.0.seen.until(COMES_BACK, is_away).await;
                Ok(())
            }
        }
    }

    /// An object of ours as last observed.
    pub(crate) fn find(&self, kind: ObjectKind, namespace: &str, name: &str) -> Option<ObservedObject> {
        find(&self.0.seen, kind, namespace, name)
    }

    /// The observed objects of a version, of the kinds that we write.
    pub(crate) fn found_of(&self, version_uid: &str) -> Vec<ObservedObject> {
        let stores = &self.0.seen.stores;
        let of_kind = |kind| stores.of(kind).objects_of(version_uid).into_iter().map(move |one| found(kind, &*one));
        ObjectKind::of_version().flat_map(of_kind).collect()
    }

    /// Fails when an object that is not ours has the name of one of these: such objects are never written. The watches
    /// know all of our own objects, so that only the names of unseen ones are looked up on the cluster.
    async fn refuse_foreign(&self, stale: &[&Built]) -> Result<(), ClusterError> {
        let is_new = |built: &&&Built| self.find(built.kind, &built.namespace, &built.name).is_none();
        let new: Vec<_> = stale.iter().filter(is_new).filter(|built| built.kind != ObjectKind::Namespace).collect();
        let places: HashSet<_> = new.iter().map(|built| (built.kind, built.namespace.as_str())).collect();
        let not_ours = ListParams::default().labels(&format!("{INSTANCE}!={}", self.0.instance));
        for (kind, namespace) in places {
            let api = self.api(namespace, &kind.resource());
            let what = format!("list the {}", kind.resource().plural);
            let others = api.list_metadata(&not_ours).await.map_err(ClusterError::from_kube(what))?;
            let names: HashSet<_> = new
                .iter()
                .filter(|built| built.kind == kind && built.namespace == namespace)
                .map(|built| &built.name)
                .collect();
            if let Some(clash) = others.items.iter().find(|other| names.contains(&other.name_any())) {
                return Err(ClusterError::Foreign {
                    kind: kind.name(),
                    name: clash.name_any(),
                    namespace: namespace.to_owned(),
                    owner: clash.labels().get(INSTANCE).cloned(),
                });
            }
        }
        Ok(())
    }
}

/// Whether this was the last object applied under its name.
fn is_applied(seen: &ClusterCache, built: &Built) -> bool {
    let annotation = observed(seen, built).map(|observed| observed["metadata"]["annotations"][APPLIED] == built.hash);
    annotation.unwrap_or(false)
}

fn is_current(seen: &ClusterCache, accepted: &Accepted, built: &Built) -> bool {
    let Some(observed) = observed(seen, built) else { return false };
    let metadata = &observed["metadata"];
    if !metadata["deletionTimestamp"].is_null() || metadata["annotations"][APPLIED] != built.hash {
        return false;
    }
    let expected = expected(built);
    let kept = projection(&expected, &observed);
    kept == expected || accepted.lock().unwrap_or_else(PoisonError::into_inner).get(&built.hash) == Some(&kept)
}

/// The object as the watches should observe it: they do not keep `apiVersion` and `kind`.
fn expected(built: &Built) -> Value {
    comparable(built.kind, built.body.clone())
}

fn comparable(kind: ObjectKind, mut object: Value) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.remove("apiVersion");
        fields.remove("kind");
    }
    if kind == ObjectKind::Secret
        && let Ok(mut secret) = serde_json::from_value::<k8s_openapi::api::core::v1::Secret>(object.clone())
    {
        secrets::seal(&mut secret);
        let mut sealed = serde_json::to_value(&secret).unwrap_or_default();
        if let Some(fields) = sealed.as_object_mut() {
            fields.remove("apiVersion");
            fields.remove("kind");
        }
        return sealed;
    }
    object
}

/// The object of this name as the watches observed it.
fn observed(seen: &ClusterCache, built: &Built) -> Option<Value> {
    Some(seen.stores.of(built.kind).object(&built.namespace, &built.name)?.json())
}

fn find(seen: &ClusterCache, kind: ObjectKind, namespace: &str, name: &str) -> Option<ObservedObject> {
    Some(found(kind, &*seen.stores.of(kind).object(namespace, name)?))
}

fn found(kind: ObjectKind, object: &dyn AnyObject) -> ObservedObject {
    let metadata = object.metadata();
    ObservedObject {
        kind,
        namespace: metadata.namespace.clone().unwrap_or_default(),
        name: metadata.name.clone().unwrap_or_default(),
        uid: metadata.uid.clone(),
        resource_version: metadata.resource_version.clone(),
        is_leaving: metadata.deletion_timestamp.is_some(),
    }
}
