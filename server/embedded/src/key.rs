//! The key of an object.

use serde_json::Value;

use crate::kinds::Resource;
use crate::meta;

/// Identifies an object; sorts in the order of lists.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub resource: Resource,
    /// Empty for cluster-wide kinds.
    pub namespace: String,
    pub name: String,
}

impl Key {
    /// The key of `name` in `namespace`.
    pub fn new(resource: Resource, namespace: &str, name: &str) -> Key {
        Key { resource, namespace: namespace.to_owned(), name: name.to_owned() }
    }

    /// The key under which `object` is stored.
    pub fn of(resource: Resource, object: &Value) -> Key {
        Key::new(resource, meta::namespace(object), meta::name(object))
    }
}
