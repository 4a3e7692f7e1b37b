//! The Secrets and ConfigMaps that a container needs before it can start.

use serde_json::Value;

use crate::controllers::events::Note;
use crate::kinds::Resource;
use crate::meta;
use crate::store::{Key, Store};

/// A missing reference and what it prevents.
pub enum Missing {
    /// The volume cannot be mounted.
    Volume { volume: String, what: String },
    /// The environment cannot be set up.
    Environment { what: String },
}

impl Missing {
    /// The reason and message of the waiting container; `None` for a missing volume, which leaves it in
    /// ContainerCreating.
    pub fn waiting(&self) -> Option<(&'static str, String)> {
        match self {
            Missing::Volume { .. } => None,
            Missing::Environment { what } => Some(("CreateContainerConfigError", what.clone())),
        }
    }

    /// The event that reports the missing reference.
    pub fn note(&self, part: &str) -> Note<'static> {
        let (reason, message, field) = match self {
            Missing::Volume { volume, what } => {
                ("FailedMount", format!("MountVolume.SetUp failed for volume \"{volume}\" : {what}"), String::new())
            }
            Missing::Environment { what } => ("Failed", format!("Error: {what}"), format!("spec.containers{{{part}}}")),
        };
        Note { kind: "Warning", reason, message, source: "kubelet", field }
    }
}

/// The first missing reference of `part`.
pub fn missing(store: &Store, pod: &Value, part: &str) -> Option<Missing> {
    let namespace = meta::namespace(pod);
    for volume in pod["spec"]["volumes"].as_array().into_iter().flatten() {
        let sources = [
            (Resource::Secrets, &volume["secret"]["secretName"], &volume["secret"]),
            (Resource::ConfigMaps, &volume["configMap"]["name"], &volume["configMap"]),
        ];
        for (resource, name, source) in sources {
            if let Some(what) = lacks(store, namespace, resource, name, source, None) {
                let volume = volume["name"].as_str().unwrap_or_default().to_owned();
                return Some(Missing::Volume { volume, what });
            }
        }
    }
    let lists = ["initContainers", "containers"].iter().filter_map(|list| pod["spec"][*list].as_array());
    let container = lists.flatten().find(|container| container["name"] == part)?;
    for source in container["envFrom"].as_array().into_iter().flatten() {
        for (resource, reference) in
            [(Resource::Secrets, &source["secretRef"]), (Resource::ConfigMaps, &source["configMapRef"])]
        {
            if let Some(what) = lacks(store, namespace, resource, &reference["name"], reference, None) {
                return Some(Missing::Environment { what });
            }
        }
    }
    for variable in container["env"].as_array().into_iter().flatten() {
        let from = &variable["valueFrom"];
        let references = [(Resource::Secrets, &from["secretKeyRef"]), (Resource::ConfigMaps, &from["configMapKeyRef"])];
        for (resource, reference) in references {
            let key = reference["key"].as_str();
            if let Some(what) = lacks(store, namespace, resource, &reference["name"], reference, key) {
                return Some(Missing::Environment { what });
            }
        }
    }
    None
}

/// The problem with a reference, in the wording of the kubelet; `None` when it exists, is optional, or is not a
/// reference.
fn lacks(
    store: &Store,
    namespace: &str,
    resource: Resource,
    name: &Value,
    reference: &Value,
    key: Option<&str>,
) -> Option<String> {
    let name = name.as_str()?;
    if reference["optional"] == true {
        return None;
    }
    let kind = resource.kind();
    let Some(found) = store.get(&Key::new(resource, namespace, name)) else {
        return Some(format!("{} \"{name}\" not found", kind.singular));
    };
    let key = key?;
    let there = !found["data"][key].is_null() || !found["binaryData"][key].is_null();
    (!there).then(|| format!("couldn't find key {key} in {} {namespace}/{name}", kind.kind))
}
