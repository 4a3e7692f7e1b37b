//! Rights: what roles allow, what a refusal says, and that nobody hands out more than they have.

use k8s_openapi::api::core::v1::{ConfigMap, Secret};
use k8s_openapi::api::rbac::v1::{ClusterRole, Role, RoleBinding};
use kube::api::{Api, ListParams, PostParams};
use serde_json::{Value, json};

use crate::support::{Cluster, NAMESPACE, config_map, from, refusal};

fn binding(name: &str, kind: &str, role: &str, user: &str) -> Value {
    json!({
        "metadata": { "name": name },
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": role },
        "subjects": [{ "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user }],
    })
}

fn as_user<K>(cluster: &Cluster, user: &str) -> Api<K>
where
    K: kube::Resource<Scope = k8s_openapi::NamespaceResourceScope, DynamicType = ()>,
{
    Api::namespaced(kube::Client::new(cluster.cluster.router_as(user, &[]), NAMESPACE), NAMESPACE)
}

#[tokio::test]
async fn what_no_role_allows_is_refused_in_a_sentence() {
    let cluster = Cluster::new().await;
    let refused = refusal(as_user::<ConfigMap>(&cluster, "jane").list(&ListParams::default()).await);
    let message = format!(
        "configmaps is forbidden: User \"jane\" cannot list resource \"configmaps\" in API group \"\" in the namespace \"{NAMESPACE}\""
    );
    assert_eq!(refused, (403, "Forbidden".into(), message));
    let role = json!({ "metadata": { "name": "reader" },
        "rules": [{ "apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"] }] });
    cluster.api::<Role>().create(&PostParams::default(), &from(role)).await.unwrap();
    let bound = from(binding("jane", "Role", "reader", "jane"));
    cluster.api::<RoleBinding>().create(&PostParams::default(), &bound).await.unwrap();
    as_user::<ConfigMap>(&cluster, "jane").list(&ListParams::default()).await.unwrap();
    let create = as_user::<ConfigMap>(&cluster, "jane");
    let create = create.create(&PostParams::default(), &from(config_map("a", json!({})))).await;
    assert_eq!(refusal(create).0, 403);
    assert_eq!(refusal(as_user::<Secret>(&cluster, "jane").get("a").await).0, 403);
}

#[tokio::test]
async fn a_binding_needs_the_rights_of_its_role_or_bind() {
    let cluster = Cluster::new().await;
    let roles = cluster.all::<ClusterRole>();
    let rule = |resources: &str, verb: &str| json!({ "apiGroups": [""], "resources": [resources], "verbs": [verb] });
    let big = json!({ "metadata": { "name": "big" }, "rules": [rule("secrets", "get"), rule("pods", "list")] });
    roles.create(&PostParams::default(), &from(big)).await.unwrap();
    let rbac = |resource: &str, verb: &str| json!({ "apiGroups": ["rbac.authorization.k8s.io"], "resources": [resource], "verbs": [verb] });
    let mut bind = rbac("clusterroles", "bind");
    bind["resourceNames"] = json!(["big"]);
    for (name, rules) in
        [("plain", json!([rbac("rolebindings", "create")])), ("binder", json!([rbac("rolebindings", "create"), bind]))]
    {
        let role = json!({ "metadata": { "name": name }, "rules": rules });
        cluster.api::<Role>().create(&PostParams::default(), &from(role)).await.unwrap();
        let bound = from(binding(name, "Role", name, name));
        cluster.api::<RoleBinding>().create(&PostParams::default(), &bound).await.unwrap();
    }
    let bound: RoleBinding = from(binding("new", "ClusterRole", "big", "somebody"));
    let plain = as_user::<RoleBinding>(&cluster, "plain").create(&PostParams::default(), &bound).await;
    let (code, _, message) = refusal(plain);
    let expected = "rolebindings.rbac.authorization.k8s.io \"new\" is forbidden: user \"plain\" \
        (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n\
        {APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"list\"]}\n\
        {APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\"]}";
    assert_eq!((code, message.as_str()), (403, expected));
    assert!(cluster.api::<RoleBinding>().get_opt("new").await.unwrap().is_none());
    as_user::<RoleBinding>(&cluster, "binder").create(&PostParams::default(), &bound).await.unwrap();
}
