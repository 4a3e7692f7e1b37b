//! Discovery, as used by clients and kubectl.

use kube::api::{ApiResource, DynamicObject};
use kube::discovery::{Discovery, Scope, oneshot};
use serde_json::{Value, json};

use crate::list::behaviors;
use crate::support::Cluster;

behaviors![
    the_version_is_a_kubernetes_release,
    every_kind_in_use_is_discoverable_in_its_group,
    resources_of_a_group_list_verbs_scope_and_subresources,
    aggregated_discovery_is_served_on_request,
    the_server_reports_that_it_is_healthy,
    the_openapi_schema_is_served,
];

/// Group, version, kind, plural and scope (true: namespaced) of the resources that the console uses.
const IN_USE: [(&str, &str, &str, &str, bool); 18] = [
    ("", "v1", "Namespace", "namespaces", false),
    ("", "v1", "ConfigMap", "configmaps", true),
    ("", "v1", "Secret", "secrets", true),
    ("", "v1", "Service", "services", true),
    ("", "v1", "ServiceAccount", "serviceaccounts", true),
    ("", "v1", "Pod", "pods", true),
    ("", "v1", "Event", "events", true),
    ("", "v1", "ResourceQuota", "resourcequotas", true),
    ("apps", "v1", "Deployment", "deployments", true),
    ("apps", "v1", "ReplicaSet", "replicasets", true),
    ("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true),
    ("networking.k8s.io", "v1", "Ingress", "ingresses", true),
    ("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true),
    ("coordination.k8s.io", "v1", "Lease", "leases", true),
    ("rbac.authorization.k8s.io", "v1", "Role", "roles", true),
    ("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true),
    ("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false),
    ("authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", false),
];

async fn the_version_is_a_kubernetes_release(cluster: &Cluster) {
    let version = cluster.client.apiserver_version().await.unwrap();
    assert_eq!(version.major, "1");
    let minor: u32 = version.minor.trim_end_matches('+').parse().unwrap();
    assert!(version.git_version.starts_with(&format!("v1.{minor}.")), "{}", version.git_version);
}

async fn every_kind_in_use_is_discoverable_in_its_group(cluster: &Cluster) {
    let found = Discovery::new(cluster.client.clone()).run().await.unwrap();
    for (group, version, kind, plural, namespaced) in IN_USE {
        let gvk = kube::core::GroupVersionKind::gvk(group, version, kind);
        let (resource, about) = found.resolve_gvk(&gvk).unwrap_or_else(|| panic!("{kind} is missing"));
        assert_eq!((resource.plural.as_str(), about.scope == Scope::Namespaced), (plural, namespaced), "{kind}");
    }
    let group = oneshot::group(&cluster.client, "apps").await.unwrap();
    let (deployment, _) = group.recommended_kind("Deployment").unwrap();
    let api: kube::Api<DynamicObject> =
        kube::Api::namespaced_with(cluster.client.clone(), &cluster.namespace, &deployment);
    assert!(api.list(&Default::default()).await.unwrap().items.is_empty());
    let _: ApiResource = deployment;
}

fn resource<'v>(list: &'v Value, name: &str) -> &'v Value {
    list["resources"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()
}

async fn resources_of_a_group_list_verbs_scope_and_subresources(cluster: &Cluster) {
    let (_, apps) = cluster.raw("GET", "/apis/apps/v1", &[], "").await;
    assert_eq!((&apps["kind"], &apps["groupVersion"]), (&json!("APIResourceList"), &json!("apps/v1")));
    let deployments = resource(&apps, "deployments");
    let verbs = json!(["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]);
    assert_eq!((&deployments["verbs"], &deployments["shortNames"]), (&verbs, &json!(["deploy"])));
    assert_eq!(deployments["singularName"], "deployment");
    assert_eq!(resource(&apps, "deployments/scale")["kind"], "Scale");
    let (_, core) = cluster.raw("GET", "/api/v1", &[], "").await;
    assert_eq!(resource(&core, "pods/log")["verbs"], json!(["get"]));
    assert_eq!(resource(&core, "namespaces")["namespaced"], false);
}

async fn aggregated_discovery_is_served_on_request(cluster: &Cluster) {
    let accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
    for (path, group, plural, scope) in [
        ("/api", "", "pods", "Namespaced"),
        ("/apis", "apps", "deployments", "Namespaced"),
        ("/apis", "rbac.authorization.k8s.io", "clusterroles", "Cluster"),
    ] {
        let (code, list) = cluster.raw("GET", path, &[("accept", accept)], "").await;
        assert_eq!((code, &list["kind"]), (200, &json!("APIGroupDiscoveryList")), "{path}");
        assert_eq!(list["apiVersion"], "apidiscovery.k8s.io/v2");
        let groups = list["items"].as_array().unwrap();
        let found = groups.iter().find(|one| one["metadata"]["name"].as_str().unwrap_or_default() == group).unwrap();
        let version = found["versions"].as_array().unwrap().iter().find(|one| one["version"] == "v1").unwrap();
        let resources = version["resources"].as_array().unwrap();
        let one = resources.iter().find(|one| one["resource"] == plural).unwrap();
        assert_eq!((&one["scope"], &one["responseKind"]["version"]), (&json!(scope), &json!("v1")));
        assert!(one["verbs"].as_array().unwrap().contains(&json!("watch")));
        if plural == "deployments" {
            let parts: Vec<&Value> =
                one["subresources"].as_array().unwrap().iter().map(|part| &part["subresource"]).collect();
            assert!(parts.contains(&&json!("scale")) && parts.contains(&&json!("status")), "{parts:?}");
        }
    }
}

async fn the_server_reports_that_it_is_healthy(cluster: &Cluster) {
    for path in ["/livez", "/readyz"] {
        let (code, text) = cluster.raw("GET", path, &[], "").await;
        assert_eq!((code, text), (200, json!("ok")), "{path}");
    }
}

async fn the_openapi_schema_is_served(cluster: &Cluster) {
    let (code, index) = cluster.raw("GET", "/openapi/v3", &[], "").await;
    assert_eq!(code, 200);
    let address = index["paths"]["apis/apps/v1"]["serverRelativeURL"].as_str().unwrap();
    let (code, document) = cluster.raw("GET", address, &[], "").await;
    assert_eq!(code, 200);
    let patch = &document["paths"]["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]["patch"];
    let parameters = patch["parameters"].as_array().unwrap();
    assert!(parameters.iter().any(|one| one["name"] == "fieldValidation"), "{patch}");
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let gvk = json!({ "group": "apps", "version": "v1", "kind": "Deployment" });
    let is_it =
        |schema: &&Value| schema["x-kubernetes-group-version-kind"].as_array().is_some_and(|all| all.contains(&gvk));
    let deployment = schemas.values().find(is_it).unwrap();
    assert_eq!(deployment["properties"]["kind"]["type"], "string");
    assert!(deployment["properties"]["spec"]["allOf"][0]["$ref"].is_string(), "{deployment}");
}
