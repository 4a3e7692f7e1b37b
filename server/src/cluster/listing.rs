//! The objects of a version on the cluster, read by fresh calls, as YAML for people.

use app::budget::{fair_share, html_head, html_weight};
use app::model::{ClusterObject, ObjectsPage};
use krt::lifecycle::Recorded;
use krt::names;
use kube::api::{ApiResource, DynamicObject, ListParams, TypeMeta};
use kube::{Api, ResourceExt};
use serde_json::{Value, json};

use super::kinds::{Holder, KINDS, Kind, ObjectKind};
use super::objects::SECRET_VARIABLES;
use super::{Cluster, ClusterError, labels};
use crate::state::{Runtime, Version};

/// Replaces values that are not shown.
const HIDDEN: &str = "(hidden)";

/// Where `kubectl apply` keeps a copy of the object that it applied.
const KUBECTL_COPY: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Objects on one page: a version of a dozen nodes takes two pages.
const PAGE: usize = 50;

/// Bytes of YAML on one page, as HTML.
const MOST_YAML: usize = 400_000;

impl Cluster {
    /// A page of all objects of a version: those we wrote and those the cluster derived from them; for the published
    /// version also `active-entrypoint` and the Ingress, at the end. Values of Secrets are masked. `after` is empty or
    /// the `next` of the page before; a mark that has expired on the cluster restarts at the beginning of its kind.
    ///
    /// # Errors
    /// When the cluster cannot be reached or rejects a call.
    pub async fn objects(
        &self,
        runtime: &Runtime,
        version: &Version,
        after: &str,
    ) -> Result<ObjectsPage, ClusterError> {
        let of_version = labels::selector(&self.0.instance, &runtime.id, Some(&version.uid));
        let kinds = kinds();
        let (number, mark) = after.split_once('.').unwrap_or((after, ""));
        let mut number: usize = number.parse().unwrap_or(0);
        let mut mark = Some(mark.to_owned()).filter(|mark| !mark.is_empty());
        let mut objects = Vec::new();
        while let Some(kind) = kinds.get(number) {
            let Some(room) = PAGE.checked_sub(objects.len()).filter(|room| *room > 0) else { break };
            let (found, next) = self.list(&runtime.namespace, kind, &of_version, room, mark.as_deref()).await?;
            objects.extend(found);
            number += usize::from(next.is_none());
            mark = next;
        }
        let is_whole = number >= kinds.len();
        if is_whole && version.recorded == Recorded::Published {
            for kind in [ObjectKind::Service, ObjectKind::Ingress] {
                let api = self.api(&runtime.namespace, &kind.resource());
                let what = format!("read the {} {}", kind.name(), names::ACTIVE_ENTRYPOINT);
                let found = api.get_opt(names::ACTIVE_ENTRYPOINT).await.map_err(ClusterError::from_kube(what))?;
                objects.extend(found.map(|object| shown(&kind.resource(), object)));
            }
        }
        cut(&mut objects);
        let next = (!is_whole).then(|| format!("{number}.{}", mark.unwrap_or_default()));
        Ok(ObjectsPage { objects, next, is_first: after.is_empty(), namespace: runtime.namespace.clone() })
    }

    /// Whether no object of a version is left in the cluster, by fresh calls.
    pub(crate) async fn is_gone(&self, runtime: &Runtime, version_uid: &str) -> Result<bool, ClusterError> {
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
        most: usize,
        mark: Option<&str>,
    ) -> Result<(Vec<ClusterObject>, Option<String>), ClusterError> {
        let api = self.api(namespace, kind);
        let parameters = ListParams::default().labels(selector).limit(u32::try_from(most).unwrap_or(u32::MAX));
        let found = match mark {
            Some(mark) => match api.list(&parameters.clone().continue_token(mark)).await {
                // The mark has expired, or is invalid.
                Err(kube::Error::Api(status)) if [400, 410].contains(&status.code) => api.list(&parameters).await,
                found => found,
            },
            None => api.list(&parameters).await,
        };
        let found = found.map_err(ClusterError::from_kube(listing(kind)))?;
        let next = found.metadata.continue_.filter(|mark| !mark.is_empty());
        Ok((found.items.into_iter().map(|object| shown(kind, object)).collect(), next))
    }

    pub(super) fn api(&self, namespace: &str, kind: &ApiResource) -> Api<DynamicObject> {
        match namespace {
            "" => Api::all_with(self.0.client.clone(), kind),
            namespace => Api::namespaced_with(self.0.client.clone(), namespace, kind),
        }
    }
}

/// Truncates objects that exceed their share of a page.
fn cut(objects: &mut [ClusterObject]) {
    let share = fair_share(objects.iter().map(|object| html_weight(&object.yaml)), MOST_YAML);
    for object in objects {
        let (kept, is_cut) = html_head(&object.yaml, share);
        let kept = kept.len();
        object.is_cut = is_cut;
        object.yaml.truncate(kept);
    }
}

/// The kinds of a version's objects, in reading order.
fn kinds() -> Vec<ApiResource> {
    KINDS.iter().filter(|kind| kind.holder == Holder::Version).map(Kind::resource).collect()
}

fn listing(kind: &ApiResource) -> String {
    format!("list the {}", kind.plural)
}

/// The object as YAML, without secret values and without the bookkeeping of field managers and of kubectl (a copy of
/// the object). API servers omit `apiVersion` and `kind` from the items of a list; they are added for people.
fn shown(kind: &ApiResource, mut object: DynamicObject) -> ClusterObject {
    object.types.get_or_insert_with(|| TypeMeta { api_version: kind.api_version.clone(), kind: kind.kind.clone() });
    object.metadata.managed_fields = None;
    if let Some(annotations) = &mut object.metadata.annotations {
        annotations.remove(KUBECTL_COPY);
    }
    if kind.kind == "Secret" {
        hide_secret(&mut object);
    }
    hide_variables(&mut object.data);
    let name = object.name_any();
    let yaml = serde_yaml::to_string(&object).unwrap_or_else(|error| format!("# cannot be written as YAML: {error}\n"));
    ClusterObject { kind: kind.kind.clone(), name, yaml, is_cut: false }
}

/// Masks every value of a Secret, and its annotations: tools copy values there, and our own hash would confirm a
/// guessed value.
fn hide_secret(object: &mut DynamicObject) {
    for value in object.metadata.annotations.iter_mut().flat_map(|annotations| annotations.values_mut()) {
        *value = HIDDEN.to_owned();
    }
    for field in ["data", "stringData"] {
        let values = object.data.get_mut(field).and_then(Value::as_object_mut);
        for value in values.into_iter().flat_map(|values| values.values_mut()) {
            *value = json!(HIDDEN);
        }
    }
}

/// Masks the variables that come from Secrets where an object contains their values: one edited by hand, or one of an
/// earlier rollout (a ReplicaSet, its pods) from before these variables came from Secrets.
fn hide_variables(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(hide_variables),
        Value::Object(fields) => {
            if fields.get("name").and_then(Value::as_str).is_some_and(|name| SECRET_VARIABLES.contains(&name))
                && let Some(value) = fields.get_mut("value")
            {
                *value = json!(HIDDEN);
            }
            fields.values_mut().for_each(hide_variables);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_of_a_list_has_its_kind_and_a_secret_shows_no_values() {
        let object = json!({
            "data": {"KEY": "c2VjcmV0"},
            "stringData": {"OTHER": "secret"},
            "metadata": {
                "name": "s",
                "annotations": {KUBECTL_COPY: "c2VjcmV0", "krt-console.io/applied": "hash"},
                "managedFields": [{"manager": "krt-console"}],
            },
        });
        let shown = shown(&ObjectKind::Secret.resource(), serde_json::from_value(object).unwrap());
        insta::assert_snapshot!(shown.yaml, @r"
        apiVersion: v1
        kind: Secret
        metadata:
          annotations:
            krt-console.io/applied: (hidden)
          name: s
        data:
          KEY: (hidden)
        stringData:
          OTHER: (hidden)
        ");
    }

    #[test]
    fn addresses_of_stores_in_earlier_pods_are_not_shown() {
        let env =
            |value: &str| json!([{"name": "KRT_MONGO_URI", "value": value}, {"name": "KRT_VERSION", "value": "v1"}]);
        for password in ["mongodb://ada:p/w@db", "mongodb://db?p=pass", "pass", "nats://nats:4222"] {
            let pod = json!({
                "metadata": {"name": "p", "annotations": {KUBECTL_COPY: password}},
                "spec": {"containers": [{"env": env(password)}]},
                "template": {"spec": {"initContainers": [{"env": env(password)}]}},
            });
            let resource = ApiResource::erase::<k8s_openapi::api::core::v1::Pod>(&());
            let shown = shown(&resource, serde_json::from_value(pod).unwrap());
            assert!(!shown.yaml.contains(password) && shown.yaml.contains("value: v1"), "{}", shown.yaml);
        }
    }
}
