//! The garbage collector: deletes objects none of whose owners exist, and releases owners that wait for their
//! dependents.

use serde_json::Value;

use super::Requeue;
use crate::meta;
use crate::registry::{self, DeleteOptions, FOREGROUND, ORPHAN, UpdateOptions};
use crate::status::ApiError;
use crate::store::{Key, Store};

pub fn reconcile(store: &Store, key: &Key) -> Result<Requeue, ApiError> {
    let Some(object) = store.get(key) else { return Ok(None) };
    if meta::is_deleting(&object) {
        return release(store, key, &object);
    }
    let owners = meta::owners(&object);
    let exists = |owner: &Value| {
        let place = store.place(owner["uid"].as_str().unwrap_or_default());
        // An owner reference to another namespace does not count.
        place.is_some_and(|place| place.namespace.is_empty() || place.namespace == key.namespace)
    };
    let waiting = |owner: &Value| {
        let place = store.place(owner["uid"].as_str().unwrap_or_default());
        place
            .and_then(|place| store.get(&place))
            .is_some_and(|owner| meta::is_deleting(&owner) && meta::finalizers(&owner).any(|one| one == FOREGROUND))
    };
    let kept = owners.iter().any(|owner| exists(owner) && !waiting(owner));
    if owners.is_empty() || kept {
        return Ok(None);
    }
    delete_as_seen(store, key, &object)?;
    Ok(None)
}

fn delete_as_seen(store: &Store, key: &Key, object: &Value) -> Result<(), ApiError> {
    let mut options = DeleteOptions::default();
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
            disown(store, key, meta::uid(object))?;
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
            if meta::owners(dependent).len() == 1 {
                delete_as_seen(store, key, dependent)?;
            }
        }
        if blocking.is_empty() {
            return drop_finalizer(store, key, FOREGROUND);
        }
    }
    Ok(None)
}

fn disown(store: &Store, key: &Key, uid: &str) -> Result<(), ApiError> {
    change(store, key, |object| {
        if let Some(owners) = object["metadata"]["ownerReferences"].as_array_mut() {
            owners.retain(|owner| owner["uid"] != uid);
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
