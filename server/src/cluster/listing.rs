//! What the cluster holds of a version, asked anew, as YAML for people.

use app::model::ClusterObject;
use futures::future::try_join_all;
use krt::names;
use kube::api::{ApiResource, DynamicObject, ListParams, TypeMeta};
use kube::{Api, ResourceExt};
use serde_json::{Value, json};

use super::objects::Kind;
use super::{Cluster, ClusterError, labels};
use crate::store::{RuntimeRow, Settled, VersionRow};

impl Cluster {
    /// Everything of a version: what we wrote and what the cluster made of it; for the published version besides
    /// `active-entrypoint` and the Ingress. Values of Secrets are masked.
    ///
    /// # Errors
    /// When the cluster cannot be reached or refuses.
    pub async fn objects(
        &self,
        runtime: &RuntimeRow,
        version: &VersionRow,
    ) -> Result<Vec<ClusterObject>, ClusterError> {
        let of_version = labels::selector(&self.0.instance, &runtime.id, Some(&version.uid));
        let kinds = kinds();
        let lists = kinds.iter().map(|kind| self.list(&runtime.namespace, kind, &of_version));
        let mut all: Vec<_> = try_join_all(lists).await?.into_iter().flatten().collect();
        if version.settled == Settled::Published {
            for kind in [Kind::Service, Kind::Ingress] {
                let api = self.api(&runtime.namespace, &kind.resource());
                let what = format!("read the {} {}", kind.name(), names::ACTIVE_ENTRYPOINT);
                let found = api.get_opt(names::ACTIVE_ENTRYPOINT).await.map_err(ClusterError::from_kube(what))?;
                all.extend(found.map(|object| shown(&kind.resource(), object)));
            }
        }
        Ok(all)
    }

    /// Whether anything of a version is left in the cluster, asked anew.
    pub(crate) async fn is_gone(&self, runtime: &RuntimeRow, version_uid: &str) -> Result<bool, ClusterError> {
        let of_version = labels::selector(&self.0.instance, &runtime.id, Some(version_uid));
        for kind in kinds() {
            let api = self.api(&runtime.namespace, &kind);
            let parameters = ListParams::default().labels(&of_version).limit(1);
            let found = api.list_metadata(&parameters).await.map_err(ClusterError::from_kube(listing(&kind)))?;
            if !found.items.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn list(
        &self,
        namespace: &str,
        kind: &ApiResource,
        selector: &str,
    ) -> Result<Vec<ClusterObject>, ClusterError> {
        let parameters = ListParams::default().labels(selector);
        let found =
            self.api(namespace, kind).list(&parameters).await.map_err(ClusterError::from_kube(listing(kind)))?;
        Ok(found.items.into_iter().map(|object| shown(kind, object)).collect())
    }

    pub(super) fn api(&self, namespace: &str, kind: &ApiResource) -> Api<DynamicObject> {
        match namespace {
            "" => Api::all_with(self.0.client.clone(), kind),
            namespace => Api::namespaced_with(self.0.client.clone(), namespace, kind),
        }
    }
}

/// What a version consists of, in the order that people read it. Its Ingress belongs to the runtime.
fn kinds() -> [ApiResource; 7] {
    use k8s_openapi::api::apps::v1::ReplicaSet;
    use k8s_openapi::api::core::v1::Pod;
    use k8s_openapi::api::discovery::v1::EndpointSlice;
    [
        Kind::ConfigMap.resource(),
        Kind::Secret.resource(),
        Kind::Service.resource(),
        ApiResource::erase::<EndpointSlice>(&()),
        Kind::Deployment.resource(),
        ApiResource::erase::<ReplicaSet>(&()),
        ApiResource::erase::<Pod>(&()),
    ]
}

fn listing(kind: &ApiResource) -> String {
    format!("list the {}", kind.plural)
}

/// As YAML, without the bookkeeping of field managers, values of Secrets masked. An API server leaves `apiVersion` and
/// `kind` out of the items of a list; people need them.
fn shown(kind: &ApiResource, mut object: DynamicObject) -> ClusterObject {
    object.types.get_or_insert_with(|| TypeMeta { api_version: kind.api_version.clone(), kind: kind.kind.clone() });
    object.metadata.managed_fields = None;
    for field in ["data", "stringData"] {
        let values = object.data.get_mut(field).filter(|_| kind.kind == "Secret").and_then(Value::as_object_mut);
        for value in values.into_iter().flat_map(|values| values.values_mut()) {
            *value = json!("(hidden)");
        }
    }
    hide_credentials(&mut object.data);
    let name = object.name_any();
    let yaml = serde_yaml::to_string(&object).unwrap_or_else(|error| format!("# cannot be written as YAML: {error}\n"));
    ClusterObject { kind: kind.kind.clone(), name, yaml }
}

/// Hides user and password of every URL: addresses of databases are in the environment of pods, and everybody who may
/// read may see these.
fn hide_credentials(value: &mut Value) {
    match value {
        Value::String(text) => {
            let Some((scheme, rest)) = text.split_once("://") else { return };
            let authority = rest.split(['/', '?', '#', ' ', '\n']).next().unwrap_or_default();
            if let Some(at) = authority.rfind('@') {
                *text = format!("{scheme}://(hidden){}", &rest[at..]);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(hide_credentials),
        Value::Object(fields) => fields.values_mut().for_each(hide_credentials),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_of_a_list_says_what_it_is_and_a_secret_never_its_values() {
        let object = json!({
            "data": {"KEY": "c2VjcmV0"},
            "metadata": {"name": "s", "managedFields": [{"manager": "krt-console"}]},
        });
        let shown = shown(&Kind::Secret.resource(), serde_json::from_value(object).unwrap());
        assert_eq!(shown.yaml, "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\ndata:\n  KEY: (hidden)\n");
    }

    #[test]
    fn passwords_in_addresses_are_never_shown() {
        let hidden = |text: &str| {
            let mut value = json!({"env": [{"value": text}]});
            hide_credentials(&mut value);
            value["env"][0]["value"].as_str().unwrap().to_owned()
        };
        assert_eq!(hidden("mongodb://ada:secret@db1:1,db2:2/x?y=z@1"), "mongodb://(hidden)@db1:1,db2:2/x?y=z@1");
        for open in ["nats://nats:4222", "http://host/a@b", "a@b", "konstellation/kre-py:1"] {
            assert_eq!(hidden(open), open);
        }
    }
}
