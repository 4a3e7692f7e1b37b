//! Default values for fields that the writer omitted (the `SetDefaults_*` functions of Kubernetes).

use serde_json::{Value, json};

use crate::kinds::Resource;

/// Sets the defaults of the kind.
pub fn set(resource: Resource, object: &mut Value) {
    match resource {
        Resource::Namespaces => namespace(object),
        Resource::Secrets => secret(object),
        Resource::Services => service(object),
        Resource::Pods => pod_spec(&mut object["spec"]),
        Resource::Deployments => deployment(object),
        Resource::ReplicaSets => {
            default(&mut object["spec"], "replicas", json!(1));
            pod_spec(&mut object["spec"]["template"]["spec"]);
        }
        Resource::Ingresses => {
            for rule in list(&mut object["spec"], "rules") {
                for path in rule.get_mut("http").into_iter().flat_map(|http| list(http, "paths")) {
                    default(path, "pathType", json!("ImplementationSpecific"));
                }
            }
        }
        Resource::NetworkPolicies => network_policy(object),
        Resource::RoleBindings | Resource::ClusterRoleBindings => binding(object),
        _ => {}
    }
}

fn default(object: &mut Value, field: &str, value: Value) {
    if object.is_object() && object[field].is_null() {
        object[field] = value;
    }
}

/// The items of a list; unlike indexing, does not create a missing list.
fn list<'v>(object: &'v mut Value, field: &str) -> impl Iterator<Item = &'v mut Value> {
    object.get_mut(field).and_then(Value::as_array_mut).into_iter().flatten()
}

fn namespace(object: &mut Value) {
    let name = object["metadata"]["name"].clone();
    crate::meta::map_in(object, "metadata").entry("labels").or_insert_with(|| json!({}));
    object["metadata"]["labels"]["kubernetes.io/metadata.name"] = name;
    crate::meta::map_in(object, "spec").entry("finalizers").or_insert_with(|| json!(["kubernetes"]));
    crate::meta::map_in(object, "status").entry("phase").or_insert_with(|| json!("Active"));
}

fn secret(object: &mut Value) {
    default(object, "type", json!("Opaque"));
    let Some(texts) = object["stringData"].take().as_object().cloned() else {
        object.as_object_mut().map(|map| map.remove("stringData"));
        return;
    };
    object.as_object_mut().map(|map| map.remove("stringData"));
    let data = crate::meta::map_in(object, "data");
    for (name, text) in texts {
        let bytes = k8s_openapi::ByteString(text.as_str().unwrap_or_default().as_bytes().to_vec());
        data.insert(name, json!(bytes));
    }
}

fn service(object: &mut Value) {
    let spec = &mut object["spec"];
    default(spec, "type", json!("ClusterIP"));
    default(spec, "sessionAffinity", json!("None"));
    default(spec, "internalTrafficPolicy", json!("Cluster"));
    if spec["type"] != "ExternalName" {
        default(spec, "ipFamilies", json!(["IPv4"]));
        default(spec, "ipFamilyPolicy", json!("SingleStack"));
    }
    for port in list(spec, "ports") {
        default(port, "protocol", json!("TCP"));
        let number = port["port"].clone();
        default(port, "targetPort", number);
    }
    default(object, "status", json!({ "loadBalancer": {} }));
}

fn deployment(object: &mut Value) {
    let spec = &mut object["spec"];
    default(spec, "replicas", json!(1));
    default(spec, "revisionHistoryLimit", json!(10));
    default(spec, "progressDeadlineSeconds", json!(600));
    default(spec, "strategy", json!({ "type": "RollingUpdate" }));
    default(&mut spec["strategy"], "type", json!("RollingUpdate"));
    if spec["strategy"]["type"] == "RollingUpdate" {
        default(&mut spec["strategy"], "rollingUpdate", json!({}));
        default(&mut spec["strategy"]["rollingUpdate"], "maxSurge", json!("25%"));
        default(&mut spec["strategy"]["rollingUpdate"], "maxUnavailable", json!("25%"));
    }
    pod_spec(&mut spec["template"]["spec"]);
}

fn network_policy(object: &mut Value) {
    let types = if object["spec"]["egress"].is_array() { json!(["Ingress", "Egress"]) } else { json!(["Ingress"]) };
    default(&mut object["spec"], "policyTypes", types);
    for rules in ["ingress", "egress"] {
        for rule in list(&mut object["spec"], rules) {
            for port in list(rule, "ports") {
                default(port, "protocol", json!("TCP"));
            }
        }
    }
}

fn binding(object: &mut Value) {
    const GROUP: &str = "rbac.authorization.k8s.io";
    let group = |of: &mut Value| {
        if of["apiGroup"].as_str().is_none_or(str::is_empty) && of.is_object() {
            of["apiGroup"] = GROUP.into();
        }
    };
    group(&mut object["roleRef"]);
    for subject in list(object, "subjects").filter(|subject| subject["kind"] != "ServiceAccount") {
        group(subject);
    }
}

fn pod_spec(spec: &mut Value) {
    default(spec, "restartPolicy", json!("Always"));
    default(spec, "terminationGracePeriodSeconds", json!(30));
    default(spec, "dnsPolicy", json!("ClusterFirst"));
    default(spec, "schedulerName", json!("default-scheduler"));
    default(spec, "securityContext", json!({}));
    if let Some(account) = spec["serviceAccountName"].as_str().map(str::to_owned) {
        default(spec, "serviceAccount", json!(account));
    }
    for containers in ["initContainers", "containers"] {
        for container in list(spec, containers) {
            self::container(container);
        }
    }
    for volume in list(spec, "volumes") {
        for source in ["secret", "configMap", "projected", "downwardAPI"] {
            default(&mut volume[source], "defaultMode", json!(420));
        }
        // Indexing inserted null for absent sources.
        if let Some(volume) = volume.as_object_mut() {
            volume.retain(|_, value| !value.is_null());
        }
    }
}

fn container(container: &mut Value) {
    let image = container["image"].as_str().unwrap_or_default();
    let tag = image.rsplit('/').next().and_then(|last| last.split_once(':')).map(|(_, tag)| tag);
    let latest = !image.contains('@') && tag.is_none_or(|tag| tag == "latest");
    default(container, "imagePullPolicy", json!(if latest { "Always" } else { "IfNotPresent" }));
    default(container, "terminationMessagePath", json!("/dev/termination-log"));
    default(container, "terminationMessagePolicy", json!("File"));
    default(container, "resources", json!({}));
    for port in list(container, "ports") {
        default(port, "protocol", json!("TCP"));
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if !container[probe].is_object() {
            container.as_object_mut().map(|map| map.remove(probe));
            continue;
        }
        let probe = &mut container[probe];
        for (field, value) in
            [("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)]
        {
            default(probe, field, json!(value));
        }
    }
    // Requests default to the limits.
    let limits = container["resources"]["limits"].as_object().cloned().unwrap_or_default();
    for (name, amount) in limits {
        if container["resources"]["requests"][name.as_str()].is_null() {
            crate::meta::map_in(&mut container["resources"], "requests").insert(name, amount);
        }
    }
}
