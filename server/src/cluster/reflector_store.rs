//! The objects of one kind on the cluster, kept up to date by a watch and read without a call.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use kube::ResourceExt;
use kube::runtime::watcher::Event;

use super::labels::{RUNTIME, VERSION_UID};

mod any;
pub(super) use any::{AnyObject, AnyStore};

/// What a watch covers: one namespace, or all.
pub(super) type Scope = Option<String>;

/// Namespace (empty for cluster-scoped objects) and name.
type Key = (String, String);

/// The objects of one kind, indexed by name and by the version they belong to.
#[derive(Debug)]
pub(super) struct ReflectorStore<K>(RwLock<Contents<K>>);

#[derive(Debug)]
struct Contents<K> {
    present: Content<K>,
    /// Incomplete new lists; each replaces the present content of its scope once it is complete.
    arriving: HashMap<Scope, Content<K>>,
}

#[derive(Debug)]
struct Content<K> {
    objects: HashMap<Key, Arc<K>>,
    /// By version uid, which is empty for objects of a runtime.
    by_version: HashMap<String, BTreeMap<Key, Arc<K>>>,
}

/// The runtime that an event concerns.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Touched {
    Nothing,
    Runtime(String),
}

impl<K: ResourceExt> ReflectorStore<K> {
    pub(super) fn note(&self, scope: &Scope, event: Event<K>) -> Touched {
        let mut contents = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Init => {
                contents.arriving.insert(scope.clone(), Content::default());
                Touched::Nothing
            }
            Event::InitApply(object) => {
                contents.arriving.entry(scope.clone()).or_default().put(object);
                Touched::Nothing
            }
            Event::InitDone => {
                let arrived = contents.arriving.remove(scope).unwrap_or_default();
                match scope {
                    None => contents.present = arrived,
                    Some(namespace) => contents.present.replace(namespace, arrived),
                }
                Touched::Nothing
            }
            Event::Apply(object) => {
                let touched = touched(&object);
                contents.present.put(object);
                touched
            }
            Event::Delete(object) => {
                contents.present.take(&key(&object));
                touched(&object)
            }
        }
    }

    pub(super) fn get(&self, namespace: &str, name: &str) -> Option<Arc<K>> {
        let contents = self.0.read().unwrap_or_else(PoisonError::into_inner);
        contents.present.objects.get(&(namespace.to_owned(), name.to_owned())).cloned()
    }

    pub(super) fn names(&self) -> Vec<String> {
        let contents = self.0.read().unwrap_or_else(PoisonError::into_inner);
        contents.present.objects.keys().map(|(_, name)| name.clone()).collect()
    }

    /// All objects labeled with this version's uid, by namespace and name.
    pub(super) fn of_version(&self, uid: &str) -> Vec<Arc<K>> {
        let contents = self.0.read().unwrap_or_else(PoisonError::into_inner);
        contents.present.by_version.get(uid).map(|objects| objects.values().cloned().collect()).unwrap_or_default()
    }

    /// Uids of a runtime's versions that have an object here.
    pub(super) fn versions_of(&self, runtime: &str) -> Vec<String> {
        let contents = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let is_of = |object: &Arc<K>| object.labels().get(RUNTIME).is_some_and(|other| other == runtime);
        let versions = contents.present.by_version.iter().filter(|(uid, _)| !uid.is_empty());
        versions.filter(|(_, objects)| objects.values().any(is_of)).map(|(uid, _)| uid.clone()).collect()
    }
}

impl<K: ResourceExt> Content<K> {
    fn put(&mut self, object: K) {
        let key = key(&object);
        self.take(&key);
        let object = Arc::new(object);
        self.by_version.entry(version(&*object)).or_default().insert(key.clone(), object.clone());
        self.objects.insert(key, object);
    }

    /// Replaces the objects of one namespace with a new list.
    fn replace(&mut self, namespace: &str, arrived: Content<K>) {
        // A Namespace is cluster-scoped, and is listed by its own name.
        let is_of = |key: &&Key| key.0 == namespace || (key.0.is_empty() && key.1 == namespace);
        let before: Vec<_> = self.objects.keys().filter(is_of).cloned().collect();
        before.iter().for_each(|key| self.take(key));
        for (version, objects) in arrived.by_version {
            self.by_version.entry(version).or_default().extend(objects);
        }
        self.objects.extend(arrived.objects);
    }

    fn take(&mut self, key: &Key) {
        let Some(object) = self.objects.remove(key) else { return };
        let version = version(&*object);
        if let Some(objects) = self.by_version.get_mut(&version) {
            objects.remove(key);
            if objects.is_empty() {
                self.by_version.remove(&version);
            }
        }
    }
}

fn key<K: ResourceExt>(object: &K) -> Key {
    (object.namespace().unwrap_or_default(), object.name_any())
}

fn version<K: ResourceExt>(object: &K) -> String {
    object.labels().get(VERSION_UID).cloned().unwrap_or_default()
}

fn touched<K: ResourceExt>(object: &K) -> Touched {
    object.labels().get(RUNTIME).map_or(Touched::Nothing, |runtime| Touched::Runtime(runtime.clone()))
}

impl<K> Default for ReflectorStore<K> {
    fn default() -> Self {
        ReflectorStore(RwLock::new(Contents { present: Content::default(), arriving: HashMap::new() }))
    }
}

impl<K> Default for Content<K> {
    fn default() -> Self {
        Content { objects: HashMap::new(), by_version: HashMap::new() }
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::ConfigMap;
    use serde_json::json;

    use super::*;

    fn object(name: &str, uid: &str) -> ConfigMap {
        let labels = json!({RUNTIME: "demo", VERSION_UID: uid});
        serde_json::from_value(json!({"metadata": {"name": name, "namespace": "kre-demo", "labels": labels}})).unwrap()
    }

    #[test]
    fn a_new_list_replaces_everything_only_once_it_is_complete() {
        let reflector_store = ReflectorStore::default();
        reflector_store.note(&None, Event::Apply(object("old", "u1")));
        reflector_store.note(&None, Event::Init);
        reflector_store.note(&None, Event::InitApply(object("new", "u2")));
        assert!(reflector_store.get("kre-demo", "old").is_some() && reflector_store.get("kre-demo", "new").is_none());
        reflector_store.note(&None, Event::InitDone);
        assert!(reflector_store.get("kre-demo", "old").is_none() && reflector_store.get("kre-demo", "new").is_some());
        assert_eq!(reflector_store.versions_of("demo"), ["u2"]);
    }

    #[test]
    fn an_object_that_changes_its_version_is_found_under_the_new_one_only() {
        let reflector_store = ReflectorStore::default();
        assert_eq!(reflector_store.note(&None, Event::Apply(object("a", "u1"))), Touched::Runtime("demo".to_owned()));
        reflector_store.note(&None, Event::Apply(object("a", "u2")));
        assert!(reflector_store.of_version("u1").is_empty());
        assert_eq!(reflector_store.of_version("u2").len(), 1);
        reflector_store.note(&None, Event::Delete(object("a", "u2")));
        assert!(reflector_store.of_version("u2").is_empty() && reflector_store.versions_of("demo").is_empty());
    }

    #[test]
    fn a_list_of_one_namespace_replaces_that_one_only() {
        let reflector_store = ReflectorStore::default();
        let here = Some("kre-demo".to_owned());
        let mut elsewhere = object("a", "u3");
        elsewhere.metadata.namespace = Some("kre-other".to_owned());
        reflector_store.note(&Some("kre-other".to_owned()), Event::Apply(elsewhere));
        reflector_store.note(&here, Event::Apply(object("a", "u1")));
        reflector_store.note(&here, Event::Init);
        reflector_store.note(&here, Event::InitApply(object("b", "u2")));
        reflector_store.note(&here, Event::InitDone);
        assert!(reflector_store.get("kre-demo", "a").is_none() && reflector_store.get("kre-other", "a").is_some());
        assert!(reflector_store.of_version("u1").is_empty());
        assert_eq!(reflector_store.of_version("u2").len(), 1);
    }
}
