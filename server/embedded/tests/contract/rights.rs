//! Access control: what roles allow, the messages of rejected requests, and the prevention of privilege escalation.
//!
//! The tests use the impersonation headers of Kubernetes, which need an administrator's kubeconfig.

use k8s_openapi::api::authentication::v1::SelfSubjectReview;
use k8s_openapi::api::authorization::v1::SelfSubjectAccessReview;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Pod};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
use kube::api::{Api, ListParams, LogParams, Patch, PatchParams, PostParams};
use kube::{Client, Resource};
use serde_json::{Value, json};

use crate::list::behaviors;
use crate::support::{Cluster, config_map, from, gated_pod, refusal, to, until};

behaviors![
    a_request_that_no_role_allows_is_rejected_with_a_full_message,
    a_role_allows_its_verbs_on_its_resources_in_its_namespace,
    a_cluster_role_bound_in_a_namespace_applies_only_there,
    a_cluster_role_bound_cluster_wide_applies_everywhere,
    a_rule_may_be_limited_to_named_objects,
    a_subresource_requires_its_own_permission,
    creating_by_apply_requires_permission_to_create,
    a_group_or_a_service_account_can_be_bound,
    authenticated_users_may_use_discovery_and_self_reviews,
    a_self_subject_access_review_answers_for_the_requesting_user,
    a_role_cannot_grant_permissions_that_its_author_lacks,
    the_verb_escalate_lifts_that_restriction,
    a_binding_requires_the_permissions_of_its_role,
    the_verb_bind_on_the_role_lifts_that_restriction,
    the_role_of_a_binding_is_immutable,
    roles_and_bindings_are_validated,
];

const RBAC: &str = "rbac.authorization.k8s.io";

fn rule(group: &str, resources: &[&str], verbs: &[&str]) -> Value {
    json!({ "apiGroups": [group], "resources": resources, "verbs": verbs })
}

fn binding(name: &str, kind: &str, role: &str, user: &str) -> Value {
    json!({
        "metadata": { "name": name },
        "roleRef": { "apiGroup": RBAC, "kind": kind, "name": role },
        "subjects": [{ "apiGroup": RBAC, "kind": "User", "name": user }],
    })
}

/// Creates a Role with these rules and binds it to a user of the same name.
async fn grant(cluster: &Cluster, user: &str, rules: Value) {
    let role = json!({ "metadata": { "name": user }, "rules": rules });
    let _: Role = cluster.create(role).await.unwrap();
    let _: RoleBinding = cluster.create(binding(user, "Role", user, user)).await.unwrap();
    wait_for_rules(cluster, user, &cluster.namespace).await;
}

async fn cluster_role(cluster: &Cluster, name: &str, rules: Value) -> String {
    let name = cluster.own(name);
    let role = json!({ "metadata": { "name": name, "labels": cluster.label() }, "rules": rules });
    cluster.all::<ClusterRole>().create(&PostParams::default(), &from(role)).await.unwrap();
    name
}

/// Waits until the authorizer applies the rules; on a real cluster it learns of roles through its own watches.
async fn wait_for_rules(cluster: &Cluster, user: &str, namespace: &str) {
    let client = cluster.client_as(user, &[]);
    let body = json!({ "spec": { "namespace": namespace } });
    until("the rules are known", || async {
        let review: k8s_openapi::api::authorization::v1::SelfSubjectRulesReview =
            Api::all(client.clone()).create(&PostParams::default(), &from(body.clone())).await.unwrap();
        // Every user has rules for the reviews; any further rule was granted here.
        (review.status?.resource_rules.len() > 2).then_some(())
    })
    .await;
    cluster.settles().await;
}

fn here<K>(cluster: &Cluster, client: Client) -> Api<K>
where
    K: Resource<Scope = k8s_openapi::NamespaceResourceScope, DynamicType = ()>,
{
    Api::namespaced(client, &cluster.namespace)
}

async fn a_request_that_no_role_allows_is_rejected_with_a_full_message(cluster: &Cluster) {
    let jane = cluster.client_as("jane", &[]);
    let place = &cluster.namespace;
    let list = here::<ConfigMap>(cluster, jane.clone()).list(&ListParams::default()).await;
    let message = format!(
        "configmaps is forbidden: User \"jane\" cannot list resource \"configmaps\" in API group \"\" in the namespace \"{place}\""
    );
    assert_eq!(refusal(list), (403, "Forbidden".into(), message));
    let get = here::<k8s_openapi::api::apps::v1::Deployment>(cluster, jane.clone()).get("a").await;
    let message = format!(
        "deployments.apps \"a\" is forbidden: User \"jane\" cannot get resource \"deployments\" in API group \"apps\" in the namespace \"{place}\""
    );
    assert_eq!(refusal(get).2, message);
    let all = Api::<ConfigMap>::all(jane.clone()).list(&ListParams::default()).await;
    assert!(refusal(all).2.ends_with("in API group \"\" at the cluster scope"));
    let request = axum::http::Request::get("/metrics").body(Vec::new()).unwrap();
    let (code, _, message) = refusal(jane.request_text(request).await);
    assert_eq!((code, message.as_str()), (403, "forbidden: User \"jane\" cannot get path \"/metrics\""));
}

async fn a_role_allows_its_verbs_on_its_resources_in_its_namespace(cluster: &Cluster) {
    grant(cluster, "jane", json!([rule("", &["configmaps"], &["get", "list"])])).await;
    let maps = here::<ConfigMap>(cluster, cluster.client_as("jane", &[]));
    maps.list(&ListParams::default()).await.unwrap();
    let create = maps.create(&PostParams::default(), &from(config_map("a", json!({})))).await;
    assert_eq!(refusal(create).0, 403);
    assert_eq!(refusal(maps.watch(&Default::default(), "0").await.map(|_| ())).0, 403);
    let other = Api::<ConfigMap>::namespaced(cluster.client_as("jane", &[]), "default");
    assert_eq!(refusal(other.list(&ListParams::default()).await).0, 403);
    let joe = here::<ConfigMap>(cluster, cluster.client_as("joe", &[]));
    assert_eq!(refusal(joe.list(&ListParams::default()).await).0, 403);
}

async fn a_cluster_role_bound_in_a_namespace_applies_only_there(cluster: &Cluster) {
    let role = cluster_role(
        cluster,
        "reader",
        json!([rule("", &["configmaps", "pods"], &["list"]), rule("apps", &["*"], &["list"])]),
    )
    .await;
    let _: RoleBinding = cluster.create(binding("b", "ClusterRole", &role, "jane")).await.unwrap();
    wait_for_rules(cluster, "jane", &cluster.namespace).await;
    let jane = cluster.client_as("jane", &[]);
    here::<ConfigMap>(cluster, jane.clone()).list(&ListParams::default()).await.unwrap();
    let elsewhere = Api::<ConfigMap>::namespaced(jane.clone(), "default").list(&ListParams::default()).await;
    assert_eq!(refusal(elsewhere).0, 403);
    assert_eq!(refusal(Api::<ConfigMap>::all(jane).list(&ListParams::default()).await).0, 403);
}

async fn a_cluster_role_bound_cluster_wide_applies_everywhere(cluster: &Cluster) {
    let user = cluster.own("jane");
    let role = cluster_role(
        cluster,
        "reader",
        json!([rule("", &["configmaps"], &["list"]), rule("", &["namespaces"], &["get"])]),
    )
    .await;
    let mut bound = binding(&role, "ClusterRole", &role, &user);
    bound["metadata"]["labels"] = cluster.label();
    cluster.all::<ClusterRoleBinding>().create(&PostParams::default(), &from(bound)).await.unwrap();
    wait_for_rules(cluster, &user, &cluster.namespace).await;
    let jane = cluster.client_as(&user, &[]);
    Api::<ConfigMap>::all(jane.clone()).list(&ListParams::default().limit(1)).await.unwrap();
    here::<ConfigMap>(cluster, jane.clone()).list(&ListParams::default()).await.unwrap();
    Api::<Namespace>::all(jane.clone()).get(&cluster.namespace).await.unwrap();
    assert_eq!(refusal(Api::<Namespace>::all(jane).list(&ListParams::default()).await).0, 403);
}

async fn a_rule_may_be_limited_to_named_objects(cluster: &Cluster) {
    for name in ["a", "b"] {
        let _: ConfigMap = cluster.create(config_map(name, json!({}))).await.unwrap();
    }
    let mut one = rule("", &["configmaps"], &["get", "list", "create"]);
    one["resourceNames"] = json!(["a"]);
    grant(cluster, "jane", json!([one])).await;
    let maps = here::<ConfigMap>(cluster, cluster.client_as("jane", &[]));
    maps.get("a").await.unwrap();
    assert_eq!(refusal(maps.get("b").await).0, 403);
    assert_eq!(refusal(maps.list(&ListParams::default()).await).0, 403);
    // A list with a name selector is authorized by that name; a create has no name in its path.
    maps.list(&ListParams::default().fields("metadata.name=a")).await.unwrap();
    let create = maps.create(&PostParams::default(), &from(config_map("a", json!({})))).await;
    assert_eq!(refusal(create).0, 403);
}

async fn a_subresource_requires_its_own_permission(cluster: &Cluster) {
    let _: Pod = cluster.create(gated_pod("p")).await.unwrap();
    grant(cluster, "reader", json!([rule("", &["pods"], &["get"])])).await;
    grant(cluster, "logger", json!([rule("", &["pods/log"], &["get"])])).await;
    let log = LogParams { container: Some("main".into()), ..LogParams::default() };
    let reader = here::<Pod>(cluster, cluster.client_as("reader", &[]));
    reader.get("p").await.unwrap();
    let (code, _, message) = refusal(reader.logs("p", &log).await);
    assert_eq!(code, 403);
    assert!(message.contains("cannot get resource \"pods/log\" in API group \"\""), "{message}");
    let logger = here::<Pod>(cluster, cluster.client_as("logger", &[]));
    logger.logs("p", &log).await.unwrap();
    assert_eq!(refusal(logger.get("p").await).0, 403);
}

async fn creating_by_apply_requires_permission_to_create(cluster: &Cluster) {
    grant(cluster, "jane", json!([rule("", &["configmaps"], &["patch"])])).await;
    let maps = here::<ConfigMap>(cluster, cluster.client_as("jane", &[]));
    let apply = || async {
        let object = Patch::Apply(config_map("a", json!({ "k": "v" })));
        maps.patch("a", &PatchParams::apply("jane"), &object).await
    };
    let (code, _, message) = refusal(apply().await);
    assert_eq!(code, 403);
    assert!(message.contains("User \"jane\" cannot create resource \"configmaps\""), "{message}");
    let _: ConfigMap = cluster.create(config_map("a", json!({}))).await.unwrap();
    apply().await.unwrap();
}

async fn a_group_or_a_service_account_can_be_bound(cluster: &Cluster) {
    let role = json!({ "metadata": { "name": "reader" }, "rules": [rule("", &["configmaps"], &["list"]), rule("", &["secrets"], &["list"]), rule("", &["pods"], &["list"])] });
    let _: Role = cluster.create(role).await.unwrap();
    let mut bound = binding("b", "Role", "reader", "nobody");
    bound["subjects"] = json!([
        { "apiGroup": RBAC, "kind": "Group", "name": "readers" },
        { "kind": "ServiceAccount", "name": "robot", "namespace": cluster.namespace },
    ]);
    let _: RoleBinding = cluster.create(bound).await.unwrap();
    let robot = format!("system:serviceaccount:{}:robot", cluster.namespace);
    wait_for_rules(cluster, &robot, &cluster.namespace).await;
    for client in [cluster.client_as("jane", &["readers"]), cluster.client_as(&robot, &[])] {
        here::<ConfigMap>(cluster, client).list(&ListParams::default()).await.unwrap();
    }
    for client in [cluster.client_as("jane", &["others"]), cluster.client_as("robot", &[])] {
        assert_eq!(refusal(here::<ConfigMap>(cluster, client).list(&ListParams::default()).await).0, 403);
    }
}

async fn authenticated_users_may_use_discovery_and_self_reviews(cluster: &Cluster) {
    let jane = cluster.client_as("jane", &["readers"]);
    jane.apiserver_version().await.unwrap();
    assert!(!jane.list_api_groups().await.unwrap().groups.is_empty());
    jane.list_core_api_resources("v1").await.unwrap();
    let review = json!({ "metadata": {} });
    let review: SelfSubjectReview = Api::all(jane).create(&PostParams::default(), &from(review)).await.unwrap();
    let user = review.status.unwrap().user_info.unwrap();
    assert_eq!(user.username.as_deref(), Some("jane"));
    let groups = user.groups.unwrap();
    assert!(
        groups.contains(&"readers".to_owned()) && groups.contains(&"system:authenticated".to_owned()),
        "{groups:?}"
    );
    let anonymous = cluster.client_as("system:anonymous", &[]);
    let (code, _, _) = refusal(here::<ConfigMap>(cluster, anonymous).list(&ListParams::default()).await);
    assert_eq!(code, 403);
}

async fn a_self_subject_access_review_answers_for_the_requesting_user(cluster: &Cluster) {
    grant(
        cluster,
        "jane",
        json!([
            rule("", &["pods/log"], &["get"]),
            rule("apps", &["deployments"], &["*"]),
            rule("", &["secrets"], &["get"])
        ]),
    )
    .await;
    let asks = |client: Client, attributes: Value| async move {
        let review = json!({ "spec": { "resourceAttributes": attributes } });
        let answer: SelfSubjectAccessReview =
            Api::all(client).create(&PostParams::default(), &from(review)).await.unwrap();
        answer.status.unwrap().allowed
    };
    let place = &cluster.namespace;
    for (attributes, expected) in [
        (json!({ "namespace": place, "verb": "get", "resource": "pods", "subresource": "log" }), true),
        (json!({ "namespace": place, "verb": "get", "resource": "pods" }), false),
        (json!({ "namespace": place, "verb": "delete", "group": "apps", "resource": "deployments" }), true),
        (json!({ "namespace": place, "verb": "delete", "resource": "deployments" }), false),
        (json!({ "verb": "delete", "group": "apps", "resource": "deployments" }), false),
        (json!({ "namespace": "default", "verb": "delete", "group": "apps", "resource": "deployments" }), false),
    ] {
        assert_eq!(asks(cluster.client_as("jane", &[]), attributes.clone()).await, expected, "{attributes}");
        assert!(asks(cluster.client.clone(), attributes).await, "the administrator may do everything");
    }
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    let (code, _) = cluster.raw("POST", path, &[("content-type", "application/json")], "{\"spec\":{}}").await;
    assert_eq!(code, 422);
}

/// The rules needed to write Roles and their bindings.
fn writer(more: &[Value]) -> Value {
    let all = ["create", "update", "patch", "get"];
    let mut rules = vec![
        rule(RBAC, &["roles", "rolebindings"], &all),
        rule("", &["configmaps"], &["get", "list"]),
        rule("", &["events"], &["list"]),
    ];
    rules.extend(more.iter().cloned());
    rules.into()
}

async fn a_role_cannot_grant_permissions_that_its_author_lacks(cluster: &Cluster) {
    grant(cluster, "jane", writer(&[])).await;
    let roles = here::<Role>(cluster, cluster.client_as("jane", &[]));
    let small = json!({ "metadata": { "name": "r" }, "rules": [rule("", &["configmaps"], &["get"])] });
    let small = roles.create(&PostParams::default(), &from(small)).await.unwrap();
    let mut large = small.clone();
    large.rules = from(json!([rule("", &["configmaps"], &["get", "delete"]), rule("", &["secrets"], &["get"])]));
    let (code, reason, message) = refusal(roles.replace("r", &PostParams::default(), &large).await);
    assert_eq!((code, reason.as_str()), (403, "Forbidden"));
    let expected = "roles.rbac.authorization.k8s.io \"r\" is forbidden: user \"jane\" (groups=[\"system:authenticated\"]) is \
                    attempting to grant RBAC permissions not currently held:\n\
                    {APIGroups:[\"\"], Resources:[\"configmaps\"], Verbs:[\"delete\"]}\n\
                    {APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\"]}";
    assert_eq!(message, expected);
    assert_eq!(to(&cluster.api::<Role>().get("r").await.unwrap())["rules"], to(&small)["rules"]);
}

async fn the_verb_escalate_lifts_that_restriction(cluster: &Cluster) {
    grant(cluster, "jane", writer(&[rule(RBAC, &["roles"], &["escalate"])])).await;
    let roles = here::<Role>(cluster, cluster.client_as("jane", &[]));
    let large = json!({ "metadata": { "name": "r" }, "rules": [rule("", &["secrets"], &["*"])] });
    roles.create(&PostParams::default(), &from(large)).await.unwrap();
}

async fn a_binding_requires_the_permissions_of_its_role(cluster: &Cluster) {
    let big =
        cluster_role(cluster, "big", json!([rule("", &["secrets"], &["get"]), rule("", &["pods"], &["list"])])).await;
    grant(cluster, "jane", writer(&[])).await;
    let bindings = here::<RoleBinding>(cluster, cluster.client_as("jane", &[]));
    let bound = from(binding("new", "ClusterRole", &big, "somebody"));
    let (code, _, message) = refusal(bindings.create(&PostParams::default(), &bound).await);
    let expected = "rolebindings.rbac.authorization.k8s.io \"new\" is forbidden: user \"jane\" \
                    (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n\
                    {APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"list\"]}\n\
                    {APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\"]}";
    assert_eq!((code, message.as_str()), (403, expected));
    assert!(cluster.api::<RoleBinding>().get_opt("new").await.unwrap().is_none());
    let none = from(binding("none", "ClusterRole", &cluster.own("none"), "somebody"));
    assert_eq!(refusal(bindings.create(&PostParams::default(), &none).await).0, 404);
    let small = json!({ "metadata": { "name": "small" }, "rules": [rule("", &["configmaps"], &["get"])] });
    let _: Role = cluster.create(small).await.unwrap();
    cluster.settles().await;
    bindings.create(&PostParams::default(), &from(binding("small", "Role", "small", "somebody"))).await.unwrap();
}

async fn the_verb_bind_on_the_role_lifts_that_restriction(cluster: &Cluster) {
    let big = cluster_role(cluster, "big", json!([rule("", &["secrets"], &["*"])])).await;
    let other = cluster_role(cluster, "other", json!([rule("", &["secrets"], &["*"])])).await;
    let mut bind = rule(RBAC, &["clusterroles"], &["bind"]);
    bind["resourceNames"] = json!([big]);
    grant(cluster, "jane", writer(&[bind])).await;
    // The permission must apply in the namespace of the binding or cluster-wide.
    let bindings = here::<RoleBinding>(cluster, cluster.client_as("jane", &[]));
    let bound: RoleBinding = from(binding("new", "ClusterRole", &big, "somebody"));
    bindings.create(&PostParams::default(), &bound).await.unwrap();
    let unbound = from(binding("more", "ClusterRole", &other, "somebody"));
    assert_eq!(refusal(bindings.create(&PostParams::default(), &unbound).await).0, 403);
    let apply = PatchParams::apply("jane").force();
    let mut applied = to(&bound);
    applied["metadata"] = json!({ "name": "applied" });
    bindings.patch("applied", &apply, &Patch::Apply(applied)).await.unwrap();
}

async fn the_role_of_a_binding_is_immutable(cluster: &Cluster) {
    let _: RoleBinding = cluster.create(binding("b", "Role", "one", "jane")).await.unwrap();
    let other = Patch::Merge(json!({ "roleRef": { "name": "two" } }));
    let (code, _, message) = refusal(cluster.api::<RoleBinding>().patch("b", &PatchParams::default(), &other).await);
    assert!(code == 422 && message.contains("cannot change roleRef"), "{message}");
}

async fn roles_and_bindings_are_validated(cluster: &Cluster) {
    let role = |rule: Value| json!({ "metadata": { "name": "r" }, "rules": [rule] });
    for (odd, expected) in [
        (role(json!({ "apiGroups": [""], "resources": ["pods"] })), "rules[0].verbs: Required value"),
        (role(json!({ "verbs": ["get"], "resources": ["pods"] })), "rules[0].apiGroups: Required value"),
        (role(json!({ "verbs": ["get"], "apiGroups": [""] })), "rules[0].resources: Required value"),
        (
            role(json!({ "verbs": ["get"], "nonResourceURLs": ["/x"] })),
            "namespaced rules cannot apply to non-resource URLs",
        ),
    ] {
        let answer = cluster.create::<Role>(odd.clone()).await;
        // Some servers reject a missing required field before they validate the rules.
        let (code, _, message) = refusal(answer);
        assert!(code == 422 && message.contains(expected), "{odd}: {message}");
    }
    let mut odd = binding("b", "Role", "r", "jane");
    odd["subjects"][0]["kind"] = "Robot".into();
    assert_eq!(refusal(cluster.create::<RoleBinding>(odd).await).0, 422);
    let _: RoleBinding = cluster.create(binding("names:of:roles", "Role", "may:have:colons", "jane")).await.unwrap();
}
