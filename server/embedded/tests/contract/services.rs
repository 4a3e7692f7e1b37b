//! Services, EndpointSlices, Ingresses and NetworkPolicies.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Service;
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use kube::api::{ListParams, Patch, PatchParams};
use serde_json::{Value, json};

use crate::list::behaviors;
use crate::support::{Cluster, background, deployment, refusal, service, to, until};

behaviors![
    a_service_gets_a_stable_address,
    service_names_follow_the_rules_of_the_release,
    service_ports_are_validated,
    endpoint_slices_follow_readiness_and_the_selector,
    endpoint_slices_are_deleted_with_their_service,
    an_ingress_is_validated,
    a_network_policy_is_stored_with_its_defaults,
];

async fn slices(cluster: &Cluster, service: &str) -> Vec<Value> {
    let params = ListParams::default().labels(&format!("kubernetes.io/service-name={service}"));
    cluster.api::<EndpointSlice>().list(&params).await.unwrap().items.iter().map(to).collect()
}

/// Names of the ready pods of a Service.
async fn ready(cluster: &Cluster, service: &str) -> Vec<String> {
    let slices = slices(cluster, service).await;
    let endpoints = slices.iter().filter_map(|slice| slice["endpoints"].as_array()).flatten();
    let ready = endpoints.filter(|one| one["conditions"]["ready"] == true);
    ready.filter_map(|one| one["targetRef"]["name"].as_str().map(str::to_owned)).collect()
}

async fn a_service_gets_a_stable_address(cluster: &Cluster) {
    let first: Service = cluster.apply("me", service("s", "a")).await.unwrap();
    let spec = first.spec.unwrap();
    assert_eq!((spec.type_.as_deref(), spec.session_affinity.as_deref()), (Some("ClusterIP"), Some("None")));
    let address = spec.cluster_ip.unwrap();
    assert!(address.parse::<std::net::IpAddr>().is_ok(), "{address}");
    let second: Service = cluster.apply("me", service("s", "b")).await.unwrap();
    assert_eq!(second.spec.unwrap().cluster_ip.as_ref(), Some(&address));
    let other = Patch::Merge(json!({ "spec": { "clusterIP": "10.255.255.254" } }));
    let (code, _, message) = refusal(cluster.api::<Service>().patch("s", &PatchParams::default(), &other).await);
    assert!(code == 422 && message.contains("may not change once set"), "{message}");
    let mut headless = service("h", "a");
    headless["spec"]["clusterIP"] = "None".into();
    let headless: Service = cluster.apply("me", headless).await.unwrap();
    assert_eq!(headless.spec.unwrap().cluster_ip.as_deref(), Some("None"));
}

async fn service_names_follow_the_rules_of_the_release(cluster: &Cluster) {
    for name in ["a.b", "A", "a_b", "-a"] {
        let (code, reason, message) = refusal(cluster.create::<Service>(service(name, "a")).await);
        assert_eq!((code, reason.as_str()), (422, "Invalid"), "{name}");
        let expected = format!("Service \"{name}\" is invalid: metadata.name: Invalid value");
        assert!(message.starts_with(&expected), "{message}");
    }
    // KEP-5311: from 1.36 on, the first character may be a digit.
    let answer = cluster.create::<Service>(service("1-a", "a")).await;
    if cluster.minor().await >= 36 {
        answer.unwrap();
    } else {
        let (code, _, message) = refusal(answer);
        assert!(code == 422 && message.contains("a DNS-1035 label must consist of"), "{message}");
    }
}

async fn service_ports_are_validated(cluster: &Cluster) {
    let cases = [
        (json!([]), "spec.ports: Required value"),
        (json!([{ "port": 0 }]), "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"),
        (json!([{ "port": 80 }, { "port": 81 }]), "spec.ports[0].name: Required value"),
        (
            json!([{ "name": "a", "port": 80 }, { "name": "a", "port": 81 }]),
            "spec.ports[1].name: Duplicate value: \"a\"",
        ),
        (json!([{ "name": "a", "port": 80 }, { "name": "b", "port": 80 }]), "spec.ports[1]: Duplicate value"),
        (json!([{ "name": "A", "port": 80 }]), "spec.ports[0].name: Invalid value: \"A\""),
        (json!([{ "port": 80, "protocol": "HTTP" }]), "spec.ports[0].protocol: Unsupported value: \"HTTP\""),
        (json!([{ "port": 80, "targetPort": "much-too-long-name" }]), "spec.ports[0].targetPort: Invalid value"),
    ];
    for (ports, expected) in cases {
        let mut odd = service("s", "a");
        odd["spec"]["ports"] = ports.clone();
        let (code, _, message) = refusal(cluster.create::<Service>(odd).await);
        assert!(code == 422 && message.contains(expected), "{ports}: {message}");
    }
}

async fn endpoint_slices_follow_readiness_and_the_selector(cluster: &Cluster) {
    for name in ["a", "b"] {
        let _: Deployment = cluster.apply("me", deployment(name, "image:1")).await.unwrap();
    }
    let _: Service = cluster.apply("me", service("s", "a")).await.unwrap();
    let only = |app: &'static str| {
        move |pods: Vec<String>| (pods.len() == 1 && pods[0].starts_with(&format!("{app}-"))).then_some(())
    };
    until("the pod of a is ready", || async { only("a")(ready(cluster, "s").await) }).await;
    let slice = slices(cluster, "s").await.remove(0);
    assert_eq!(slice["ports"], json!([{ "name": "grpc", "port": 9000, "protocol": "TCP" }]));
    assert_eq!(slice["metadata"]["ownerReferences"][0]["kind"], "Service");
    assert_eq!(slice["addressType"], "IPv4");
    let _: Service = cluster.apply("me", service("s", "b")).await.unwrap();
    until("the pod of b took its place", || async { only("b")(ready(cluster, "s").await) }).await;
    let scale = Patch::Merge(json!({ "spec": { "replicas": 0 } }));
    cluster.deployments().patch("b", &PatchParams::default(), &scale).await.unwrap();
    until("no pod is ready", || async { ready(cluster, "s").await.is_empty().then_some(()) }).await;
}

async fn endpoint_slices_are_deleted_with_their_service(cluster: &Cluster) {
    let _: Service = cluster.apply("me", service("s", "a")).await.unwrap();
    until("the slice is there", || async { (!slices(cluster, "s").await.is_empty()).then_some(()) }).await;
    cluster.api::<Service>().delete("s", &background()).await.unwrap();
    until("the slice is gone", || async { slices(cluster, "s").await.is_empty().then_some(()) }).await;
}

async fn an_ingress_is_validated(cluster: &Cluster) {
    let ingress = |host: &str, path: Value| json!({ "metadata": { "name": "i" }, "spec": { "rules": [{ "host": host, "http": { "paths": [path] } }] } });
    let path = |kind: &str, path: &str| json!({ "pathType": kind, "path": path, "backend": { "service": { "name": "s", "port": { "number": 80 } } } });
    for (odd, expected) in [
        (ingress("a b", path("Prefix", "/")), "spec.rules[0].host: Invalid value"),
        (ingress("a.example", path("Prefix", "x")), "must be an absolute path"),
        (ingress("a.example", path("Near", "/")), "spec.rules[0].http.paths[0].pathType: Unsupported value"),
        (json!({ "metadata": { "name": "i" }, "spec": {} }), "either `defaultBackend` or `rules` must be specified"),
    ] {
        let (code, _, message) = refusal(cluster.create::<Ingress>(odd).await);
        assert!(code == 422 && message.contains(expected), "{message}");
    }
    let created: Ingress = cluster.create(ingress("*.a.example", path("Prefix", "/"))).await.unwrap();
    assert_eq!(to(&created)["status"], json!({ "loadBalancer": {} }));
}

async fn a_network_policy_is_stored_with_its_defaults(cluster: &Cluster) {
    let policy = json!({ "metadata": { "name": "p" }, "spec": {
        "podSelector": { "matchLabels": { "app": "a" } },
        "ingress": [{ "from": [{ "podSelector": {} }], "ports": [{ "port": 9000 }] }],
    } });
    let created = to(&cluster.create::<NetworkPolicy>(policy).await.unwrap());
    assert_eq!(created["spec"]["policyTypes"], json!(["Ingress"]));
    assert_eq!(created["spec"]["ingress"][0]["ports"][0], json!({ "port": 9000, "protocol": "TCP" }));
    let odd = json!({ "metadata": { "name": "q" }, "spec": { "podSelector": { "matchLabels": { "app": "-a" } } } });
    assert_eq!(refusal(cluster.create::<NetworkPolicy>(odd).await).0, 422);
}
