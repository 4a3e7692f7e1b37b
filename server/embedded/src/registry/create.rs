//! Creates objects.

use serde_json::{Value, json};

use super::{admission, defaults, shaped};
use crate::fields::{self, Manager};
use crate::kinds::{Kind, Resource};
use crate::status::ApiError;
use crate::store::{Key, Object, Write};
use crate::{clock, meta, validation};

/// Creates `object` for a client: runs all checks and records `manager` as the owner of its fields.
///
/// # Errors
/// 400, 403, 404 (namespace), 409 (name exists) and 422, as in the real server.
pub fn create(
    write: &mut Write<'_>,
    kind: &'static Kind,
    namespace: &str,
    object: Value,
    manager: Option<&Manager>,
) -> Result<Object, ApiError> {
    let (key, object) = prepared(write, kind, namespace, object)?;
    let object = match manager {
        Some(manager) => fields::updated(&Value::Null, object, manager, write.now()),
        None => object,
    };
    Ok(write.put(key, object))
}

/// Creates an object for a controller: the same checks, without field ownership.
///
/// # Errors
/// As [`create`].
pub fn create_internal(
    write: &mut Write<'_>,
    resource: Resource,
    namespace: &str,
    object: Value,
) -> Result<Object, ApiError> {
    create(write, resource.kind(), namespace, object, None)
}

fn prepared(
    write: &mut Write<'_>,
    kind: &'static Kind,
    namespace: &str,
    mut object: Value,
) -> Result<(Key, Value), ApiError> {
    placed(kind, namespace, &mut object)?;
    admission::namespace_open(write, kind, namespace, meta::name(&object))?;
    name_from_prefix(write, &mut object);
    let mut object = shaped(kind, object)?;
    for field in ["resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"] {
        meta::clear(&mut object, field);
    }
    let (uid, now) = (write.random().uid(), clock::seconds(write.now()));
    let metadata = meta::of(&mut object);
    metadata.insert("uid".to_owned(), uid.into());
    metadata.insert("creationTimestamp".to_owned(), now.into());
    metadata.remove("generation");
    if has_generation(kind.id) {
        metadata.insert("generation".to_owned(), 1.into());
    }
    if kind.status {
        object.as_object_mut().map(|map| map.remove("status"));
    }
    defaults::set(kind.id, &mut object);
    born(kind.id, &mut object);
    let causes = validation::created(kind, &object, write.minor());
    if !causes.is_empty() {
        return Err(ApiError::invalid(kind, meta::name(&object), &causes));
    }
    let key = Key::of(kind.id, &object);
    if write.get(&key).is_some() {
        return Err(ApiError::already_exists(kind, &key.name));
    }
    admission::account(write, kind, &mut object)?;
    admission::allocate(write, kind.id, &mut object)?;
    admission::quota(write, kind, &object)?;
    Ok((key, object))
}

/// Sets `apiVersion`, `kind` and the namespace, which come from the request path.
fn placed(kind: &Kind, namespace: &str, object: &mut Value) -> Result<(), ApiError> {
    if !object.is_object() {
        return Err(ApiError::bad_request("the body of the request is not an object"));
    }
    let api_version = kind.api_version();
    let given = object["apiVersion"].as_str().unwrap_or(&api_version);
    let given_kind = object["kind"].as_str().unwrap_or(kind.kind);
    if given != api_version || given_kind != kind.kind {
        return Err(ApiError::bad_request(format!(
            "{given_kind} in version \"{given}\" cannot be handled as a {}: the API version in the data ({given}, \
             {given_kind}) does not match the expected API version ({api_version}, {})",
            kind.kind, kind.kind
        )));
    }
    object["apiVersion"] = api_version.into();
    object["kind"] = kind.kind.into();
    let own = meta::namespace(object);
    if !own.is_empty() && own != namespace {
        return Err(ApiError::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request",
        ));
    }
    if kind.namespaced {
        meta::of(object).insert("namespace".to_owned(), namespace.into());
    }
    Ok(())
}

fn name_from_prefix(write: &mut Write<'_>, object: &mut Value) {
    let prefix = meta::text(object, "generateName").to_owned();
    if !meta::name(object).is_empty() || prefix.is_empty() {
        return;
    }
    // The name with its suffix must fit in 63 characters for any kind (k8s.io/apiserver `pkg/storage/names`).
    let cut: String = prefix.chars().take(58).collect();
    let name = format!("{cut}{}", write.random().suffix(5));
    meta::of(object).insert("name".to_owned(), name.into());
}

/// Kinds whose `metadata.generation` counts changes of the spec.
pub fn has_generation(resource: Resource) -> bool {
    use Resource::{Deployments, EndpointSlices, Ingresses, NetworkPolicies, Pods, ReplicaSets};
    matches!(resource, Deployments | EndpointSlices | Ingresses | NetworkPolicies | Pods | ReplicaSets)
}

/// Sets the initial status of a new object.
fn born(resource: Resource, object: &mut Value) {
    match resource {
        Resource::Pods => {
            object["status"] = json!({ "phase": "Pending", "qosClass": quality(&object["spec"]) });
            if object["spec"]["schedulingGates"].as_array().is_some_and(|gates| !gates.is_empty()) {
                object["status"]["conditions"] = json!([{
                    "type": "PodScheduled",
                    "status": "False",
                    "reason": "SchedulingGated",
                    "message": "Scheduling is blocked due to non-empty scheduling gates",
                }]);
            }
        }
        Resource::Deployments => object["status"] = json!({}),
        Resource::ReplicaSets => object["status"] = json!({ "replicas": 0 }),
        Resource::Ingresses => object["status"] = json!({ "loadBalancer": {} }),
        Resource::Quotas => object["status"] = json!({}),
        _ => {}
    }
}

/// The quality-of-service class (Kubernetes: "Pod Quality of Service Classes").
fn quality(spec: &Value) -> &'static str {
    let containers = || spec["containers"].as_array().into_iter().flatten();
    let all = |container: &Value, kind: &str| {
        ["cpu", "memory"].iter().all(|name| !container["resources"][kind][name].is_null())
    };
    let any = |container: &Value, kind: &str| {
        ["cpu", "memory"].iter().any(|name| !container["resources"][kind][name].is_null())
    };
    let same = |container: &Value| {
        let resources = &container["resources"];
        ["cpu", "memory"].iter().all(|name| resources["limits"][name] == resources["requests"][name])
    };
    if containers().all(|container| all(container, "limits") && same(container)) {
        "Guaranteed"
    } else if containers().any(|container| any(container, "limits") || any(container, "requests")) {
        "Burstable"
    } else {
        "BestEffort"
    }
}
