//! Admission of writes: namespaces, service accounts, quotas, cluster IPs.

use serde_json::{Value, json};

use crate::kinds::{Kind, Resource};
use crate::meta;
use crate::quantity::Quantity;
use crate::random;
use crate::status::ApiError;
use crate::store::{Key, Write};

/// Checks that the namespace exists and is not terminating.
pub fn namespace_open(write: &Write<'_>, kind: &Kind, namespace: &str, name: &str) -> Result<(), ApiError> {
    if !kind.namespaced {
        return Ok(());
    }
    let namespaces = Resource::Namespaces.kind();
    let found = write
        .get(&Key::new(Resource::Namespaces, "", namespace))
        .ok_or_else(|| ApiError::not_found(namespaces, namespace))?;
    if meta::is_deleting(&found) {
        let why = format!("unable to create new content in namespace {namespace} because it is being terminated");
        let mut error = ApiError::forbidden(kind, name, &why);
        error.details["causes"] = json!([{
            "reason": "NamespaceTerminating",
            "message": format!("namespace {namespace} is being terminated"),
            "field": "metadata.namespace",
        }]);
        return Err(error);
    }
    Ok(())
}

/// Sets and checks the service account of a pod.
pub fn account(write: &Write<'_>, kind: &Kind, object: &mut Value) -> Result<(), ApiError> {
    if kind.id != Resource::Pods {
        return Ok(());
    }
    let spec = &mut object["spec"];
    if spec["serviceAccountName"].as_str().is_none_or(str::is_empty) {
        spec["serviceAccountName"] = "default".into();
    }
    spec["serviceAccount"] = spec["serviceAccountName"].clone();
    let object = &*object;
    let name = object["spec"]["serviceAccountName"].as_str().unwrap_or_default();
    let namespace = meta::namespace(object);
    // The default account is created shortly after the namespace; pods need not wait for it here.
    if name == "default" || write.get(&Key::new(Resource::ServiceAccounts, namespace, name)).is_some() {
        return Ok(());
    }
    let why = format!("error looking up service account {namespace}/{name}: serviceaccount \"{name}\" not found");
    Err(ApiError::forbidden(kind, meta::name(object), &why))
}

/// Gives a Service its cluster IP.
pub fn allocate(write: &mut Write<'_>, resource: Resource, object: &mut Value) -> Result<(), ApiError> {
    if resource != Resource::Services || object["spec"]["type"] == "ExternalName" {
        return Ok(());
    }
    if object["spec"]["clusterIP"].as_str().is_none_or(str::is_empty) {
        let taken: std::collections::HashSet<String> = write
            .list(Resource::Services, None)
            .filter_map(|service| service["spec"]["clusterIP"].as_str().map(str::to_owned))
            .collect();
        let start = random::hash(&format!("{}/{}", meta::namespace(object), meta::name(object)));
        // 10.96.0.0/16, the default of kubeadm; .0.1 is the API server.
        let free = (0..65_000)
            .map(|step| 2 + (start.wrapping_add(step) % 65_000))
            .map(|n| format!("10.96.{}.{}", n >> 8, n & 255));
        let address = free.into_iter().find(|address| !taken.contains(address));
        object["spec"]["clusterIP"] = address.ok_or_else(|| ApiError::internal("no free cluster IP"))?.into();
    }
    object["spec"]["clusterIPs"] = json!([object["spec"]["clusterIP"]]);
    Ok(())
}

/// Keeps allocated values that an update omits.
pub fn keep_allocated(resource: Resource, old: &Value, new: &mut Value) {
    if resource != Resource::Services || new["spec"]["type"] == "ExternalName" {
        return;
    }
    for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
        if new["spec"][field].as_str().is_none_or(str::is_empty)
            && !new["spec"][field].is_array()
            && new["spec"].is_object()
        {
            new["spec"][field] = old["spec"][field].clone();
        }
    }
}

/// Rejects pods and objects that exceed a ResourceQuota of their namespace.
pub fn quota(write: &Write<'_>, kind: &Kind, object: &Value) -> Result<(), ApiError> {
    let namespace = meta::namespace(object);
    if !kind.namespaced || kind.id == Resource::Quotas {
        return Ok(());
    }
    for quota in write.list(Resource::Quotas, Some(namespace)) {
        if let Some(why) = crate::quota::unnamed(&quota, kind.id, object) {
            let why = format!("failed quota: {}: {why}", meta::name(&quota));
            return Err(ApiError::forbidden(kind, meta::name(object), &why));
        }
        for (name, limit) in quota["spec"]["hard"].as_object().into_iter().flatten() {
            let asked = crate::quota::usage(name, kind.id, object);
            if asked == Quantity::ZERO {
                continue;
            }
            let used = write
                .list(kind.id, Some(namespace))
                .fold(Quantity::ZERO, |sum, one| sum + crate::quota::usage(name, kind.id, &one));
            let limit_text = limit.as_str().unwrap_or_default();
            if used + asked > Quantity::parse(limit_text).unwrap_or(Quantity::ZERO) {
                let why = format!(
                    "exceeded quota: {}, requested: {name}={asked}, used: {name}={used}, limited: {name}={limit_text}",
                    meta::name(&quota)
                );
                return Err(ApiError::forbidden(kind, meta::name(object), &why));
            }
        }
    }
    Ok(())
}
