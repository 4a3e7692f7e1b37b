//! The garbage collector: deletes objects none of whose owners exist, and releases owners that wait for their
//! dependents, as Kubernetes' `pkg/controller/garbagecollector` does.

use serde_json::Value;

use super::Requeue;
use crate::meta;
use crate::registry::{self, DeleteOptions, FOREGROUND, ORPHAN, Propagation, UpdateOptions};
use crate::status::ApiError;
use crate::store::{Key, Store};

pub fn reconcile(store: &Store, key: &Key) -> Result<Requeue, ApiError> {
    let Some(object) = store.get(key) else { return Ok(None) };
    if meta::is_deleting(&object) {
        return release(store, key, &object);
    }
    collect(store, key, &object)?;
    Ok(None)
}

/// What an owner means for its dependent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    /// Exists, and keeps the dependent.
    Solid,
    /// Is deleted in the foreground, and waits for the dependent to be gone.
    Waiting,
    /// Does not exist, or is in another namespace, which does not count.
    Dangling,
}

impl Owner {
    fn of(store: &Store, reference: &Value, namespace: &str) -> Owner {
        let place = store.place(reference["uid"].as_str().unwrap_or_default());
        let place = place.filter(|place| place.namespace.is_empty() || place.namespace == namespace);
        match place.and_then(|place| store.get(&place)) {
            None => Owner::Dangling,
            Some(owner) if is_waiting(&owner) => Owner::Waiting,
            Some(_) => Owner::Solid,
        }
    }
}

/// Whether the object waits for its dependents to be gone.
fn is_waiting(object: &Value) -> bool {
    meta::is_deleting(object) && meta::finalizers(object).any(|one| one == FOREGROUND)
}

/// Deletes an object that no owner keeps any longer. One that another owner keeps loses its references to the owners
/// that are gone, and to those that wait for it: they would otherwise wait forever.
fn collect(store: &Store, key: &Key, object: &Value) -> Result<(), ApiError> {
    let owners: Vec<(Owner, &str)> = meta::owners(object)
        .iter()
        .map(|one| (Owner::of(store, one, &key.namespace), one["uid"].as_str().unwrap_or_default()))
        .collect();
    let is = |kind: Owner| owners.iter().any(|(owner, _)| *owner == kind);
    if owners.is_empty() {
        return Ok(());
    }
    if is(Owner::Solid) {
        let lost: Vec<&str> = owners.iter().filter(|(owner, _)| *owner != Owner::Solid).map(|(_, uid)| *uid).collect();
        return if lost.is_empty() { Ok(()) } else { disown(store, key, &lost) };
    }
    let dependents = store.dependents(meta::uid(object));
    if !is(Owner::Waiting) || dependents.is_empty() {
        return delete_as_seen(store, key, object, Propagation::Background);
    }
    // A dependent that waits too may wait for this object: in such a circle, one reference has to give way.
    if dependents.iter().any(|(_, dependent)| is_waiting(dependent)) {
        unblock(store, key)?;
    }
    delete_as_seen(store, key, object, Propagation::Foreground)
}

fn delete_as_seen(store: &Store, key: &Key, object: &Value, propagation: Propagation) -> Result<(), ApiError> {
    let mut options = DeleteOptions { propagation, ..DeleteOptions::default() };
    options.preconditions.uid = Some(meta::uid(object).to_owned());
    store.write(|write| match registry::delete(write, key.resource.kind(), key, &options) {
        Err(error) if error.code == axum::http::StatusCode::NOT_FOUND => Ok(()),
        other => other.map(|_| ()),
    })
}

/// Handles an object that is being deleted and waits for its dependents.
fn release(store: &Store, key: &Key, object: &Value) -> Result<Requeue, ApiError> {
    let has = |finalizer: &str| meta::finalizers(object).any(|one| one == finalizer);
    let dependents = store.dependents(meta::uid(object));
    if has(ORPHAN) {
        for (key, _) in &dependents {
            disown(store, key, &[meta::uid(object)])?;
        }
        return drop_finalizer(store, key, ORPHAN);
    }
    if has(FOREGROUND) {
        let blocking: Vec<_> = dependents
            .iter()
            .filter(|(_, dependent)| {
                let owner = meta::owners(dependent).iter().find(|owner| owner["uid"] == object["metadata"]["uid"]);
                owner.is_some_and(|owner| owner["blockOwnerDeletion"] == true)
            })
            .collect();
        for (key, dependent) in dependents.iter().filter(|(_, dependent)| !meta::is_deleting(dependent)) {
            collect(store, key, dependent)?;
        }
        if blocking.is_empty() {
            return drop_finalizer(store, key, FOREGROUND);
        }
    }
    Ok(None)
}

/// Removes the references to these owners.
fn disown(store: &Store, key: &Key, uids: &[&str]) -> Result<(), ApiError> {
    change(store, key, |object| {
        if let Some(owners) = object["metadata"]["ownerReferences"].as_array_mut() {
            owners.retain(|owner| !uids.iter().any(|uid| owner["uid"] == *uid));
        }
    })
}

/// Lets the owners of an object go before it.
fn unblock(store: &Store, key: &Key) -> Result<(), ApiError> {
    change(store, key, |object| {
        for owner in object["metadata"]["ownerReferences"].as_array_mut().into_iter().flatten() {
            owner["blockOwnerDeletion"] = false.into();
        }
    })
}

fn drop_finalizer(store: &Store, key: &Key, finalizer: &str) -> Result<Requeue, ApiError> {
    change(store, key, |object| {
        if let Some(finalizers) = object["metadata"]["finalizers"].as_array_mut() {
            finalizers.retain(|one| one != finalizer);
        }
    })?;
    Ok(None)
}

fn change(store: &Store, key: &Key, work: impl FnOnce(&mut Value)) -> Result<(), ApiError> {
    store.write(|write| {
        let Some(object) = write.get(key) else { return Ok(()) };
        let mut object = object.as_ref().clone();
        work(&mut object);
        let options = UpdateOptions { manager: None, status: false };
        registry::update(write, key.resource.kind(), key, object, options).map(|_| ())
    })
}
