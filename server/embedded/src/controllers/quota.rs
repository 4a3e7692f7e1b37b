//! ResourceQuotas: their usage is written to their status.

use serde_json::{Map, Value, json};

use super::{Requeue, write_status};
use crate::kinds::{KINDS, Resource};
use crate::quantity::Quantity;
use crate::quota::usage;
use crate::status::ApiError;
use crate::store::{Change, Key, Store};

pub fn reconcile(store: &Store, key: &Key) -> Result<Requeue, ApiError> {
    let Some(quota) = store.get(key) else { return Ok(None) };
    let hard = quota["spec"]["hard"].as_object().cloned().unwrap_or_default();
    let mut used = Map::new();
    for name in hard.keys() {
        let mut sum = Quantity::ZERO;
        for kind in KINDS.iter().filter(|kind| kind.namespaced) {
            let (objects, _) = store.list(kind.id, Some(&key.namespace));
            sum = objects.iter().fold(sum, |sum, object| sum + usage(name, kind.id, object));
        }
        used.insert(name.clone(), Value::String(sum.to_string()));
    }
    write_status(store, key, json!({ "hard": hard, "used": used }))?;
    Ok(None)
}

/// The quotas to which the changed object may count.
pub fn counting(store: &Store, change: &Change) -> Vec<Key> {
    // Events and quota status updates are frequent and never count against a quota.
    if matches!(change.key.resource, Resource::Events | Resource::Quotas) || change.key.namespace.is_empty() {
        return Vec::new();
    }
    let (quotas, _) = store.list(Resource::Quotas, Some(&change.key.namespace));
    quotas.iter().map(|quota| Key::of(Resource::Quotas, quota)).collect()
}
