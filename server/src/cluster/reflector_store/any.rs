//! Objects and their reflector stores without their type, for what is the same for every kind.

use std::sync::Arc;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Resource;
use serde::Serialize;
use serde_json::Value;

use super::ReflectorStore;

/// An object of any kind.
pub(in crate::cluster) trait AnyObject {
    fn metadata(&self) -> &ObjectMeta;
    fn json(&self) -> Value;
}

/// A reflector store of any kind.
pub(in crate::cluster) trait AnyStore {
    fn object(&self, namespace: &str, name: &str) -> Option<Arc<dyn AnyObject>>;
    /// All objects labeled with this version's uid, by namespace and name.
    fn objects_of(&self, version_uid: &str) -> Vec<Arc<dyn AnyObject>>;
    /// Uids of a runtime's versions that have an object here.
    fn versions_of(&self, runtime: &str) -> Vec<String>;

    /// Whether a version has an object here.
    fn has_version(&self, version_uid: &str) -> bool {
        !self.objects_of(version_uid).is_empty()
    }
}

impl<K: Resource + Serialize> AnyObject for K {
    fn metadata(&self) -> &ObjectMeta {
        self.meta()
    }

    fn json(&self) -> Value {
        // Objects of k8s-openapi consist of strings, numbers, lists and maps with text keys: serializing cannot fail.
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl<K: Resource + Serialize + 'static> AnyStore for ReflectorStore<K> {
    fn object(&self, namespace: &str, name: &str) -> Option<Arc<dyn AnyObject>> {
        self.get(namespace, name).map(|object| object as Arc<dyn AnyObject>)
    }

    fn objects_of(&self, version_uid: &str) -> Vec<Arc<dyn AnyObject>> {
        self.of_version(version_uid).into_iter().map(|object| object as Arc<dyn AnyObject>).collect()
    }

    fn versions_of(&self, runtime: &str) -> Vec<String> {
        self.versions_of(runtime)
    }
}
