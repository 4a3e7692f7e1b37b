//! Namespaces: deletes the contents of a terminating namespace and then the namespace; gives a new one its default
//! objects.

use serde_json::json;

use super::Requeue;
use crate::kinds::{KINDS, Resource};
use crate::meta;
use crate::registry::{self, DeleteOptions};
use crate::status::ApiError;
use crate::store::{Key, Store};

pub fn reconcile(store: &Store, key: &Key) -> Result<Requeue, ApiError> {
    let Some(namespace) = store.get(key) else { return Ok(None) };
    if meta::is_deleting(&namespace) { terminate(store, key) } else { bootstrap(store, &key.name) }
}

/// Creates the service account and the certificate bundle that every namespace has.
fn bootstrap(store: &Store, namespace: &str) -> Result<Requeue, ApiError> {
    let furniture = [
        (Resource::ServiceAccounts, "default", json!({})),
        (Resource::ConfigMaps, "kube-root-ca.crt", json!({ "ca.crt": "" })),
    ];
    for (resource, name, data) in furniture {
        if store.get(&Key::new(resource, namespace, name)).is_some() {
            continue;
        }
        let mut object = json!({ "metadata": { "name": name, "namespace": namespace } });
        if resource == Resource::ConfigMaps {
            object["data"] = data;
        }
        store.write(|write| registry::create_internal(write, resource, namespace, object))?;
    }
    Ok(None)
}

fn terminate(store: &Store, key: &Key) -> Result<Requeue, ApiError> {
    let mut left = 0_usize;
    for kind in KINDS.iter().filter(|kind| kind.namespaced) {
        let (objects, _) = store.list(kind.id, Some(&key.name));
        for object in objects {
            left += 1;
            if meta::is_deleting(&object) {
                continue;
            }
            let inner = Key::of(kind.id, &object);
            let deleted = store.write(|write| registry::delete(write, kind, &inner, &DeleteOptions::default()));
            if deleted.is_ok_and(|(_, gone)| gone) {
                left -= 1;
            }
        }
    }
    if left > 0 {
        return Ok(None);
    }
    store.write(|write| {
        let Some(namespace) = write.get(key) else { return Ok(()) };
        let mut namespace = namespace.as_ref().clone();
        namespace["spec"]["finalizers"] = json!([]);
        registry::finish_if_final(write, key, namespace);
        Ok(())
    })?;
    Ok(None)
}
