//! Workloads: Deployments become ready, Services follow, broken images fail as they should.

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::{Event, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use kube::api::{ListParams, Patch, PatchParams};
use serde_json::{Value, json};

use crate::support::{Cluster, background, deployment, to, until};

async fn available(cluster: &Cluster, name: &str) -> Value {
    until("the deployment is available", || async {
        let status = to(&cluster.deployments().get(name).await.unwrap())["status"].clone();
        let done = status["availableReplicas"] == status["replicas"] && status["availableReplicas"].as_i64() > Some(0);
        done.then_some(status)
    })
    .await
}

async fn ready_addresses(cluster: &Cluster, service: &str) -> usize {
    let params = ListParams::default().labels(&format!("kubernetes.io/service-name={service}"));
    let slices = cluster.api::<EndpointSlice>().list(&params).await.unwrap();
    let endpoints = slices.items.iter().flat_map(|slice| &slice.endpoints);
    endpoints.filter(|one| one.conditions.as_ref().and_then(|conditions| conditions.ready) == Some(true)).count()
}

#[tokio::test]
async fn a_deployment_becomes_available_through_a_replica_set_and_pods() {
    let cluster = Cluster::new().await;
    let mut wished = deployment("a", "image:1");
    wished["spec"]["replicas"] = 3.into();
    wished["spec"]["minReadySeconds"] = 5.into();
    let _: Deployment = cluster.apply("me", wished).await.unwrap();
    let status = available(&cluster, "a").await;
    assert_eq!(status["readyReplicas"], 3);
    assert_eq!(status["observedGeneration"], 1);
    assert_eq!(status["conditions"][0]["type"], "Available");
    assert_eq!(status["conditions"][0]["status"], "True");
    assert_eq!(status["conditions"][1]["reason"], "NewReplicaSetAvailable");
    let sets = cluster.api::<ReplicaSet>().list(&ListParams::default()).await.unwrap();
    assert_eq!(sets.items.len(), 1);
}

#[tokio::test]
async fn a_new_template_rolls_over_to_a_new_replica_set() {
    let cluster = Cluster::new().await;
    let _: Deployment = cluster.apply("me", deployment("a", "image:1")).await.unwrap();
    available(&cluster, "a").await;
    let _: Deployment = cluster.apply("me", deployment("a", "image:2")).await.unwrap();
    until("only the new pod is left", || async {
        let pods = cluster.pods().list(&ListParams::default().labels("app=a")).await.unwrap().items;
        let images: Vec<Value> = pods.iter().map(|pod| to(pod)["spec"]["containers"][0]["image"].clone()).collect();
        (images == [json!("image:2")]).then_some(())
    })
    .await;
    let sets = cluster.api::<ReplicaSet>().list(&ListParams::default()).await.unwrap();
    assert_eq!(sets.items.len(), 2);
}

#[tokio::test]
async fn endpoints_follow_readiness_and_the_selector() {
    let cluster = Cluster::new().await;
    for name in ["a", "b"] {
        let _: Deployment = cluster.apply("me", deployment(name, "image:1")).await.unwrap();
    }
    let service = |app: &str| {
        json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "s" },
            "spec": { "selector": { "app": app }, "ports": [{ "name": "grpc", "port": 9000, "targetPort": "grpc" }] } })
    };
    let _: Service = cluster.apply("me", service("a")).await.unwrap();
    until("one ready address", || async { (ready_addresses(&cluster, "s").await == 1).then_some(()) }).await;
    let target = || async {
        let slices = cluster.api::<EndpointSlice>().list(&ListParams::default()).await.unwrap();
        to(&slices.items[0])["endpoints"][0]["targetRef"]["name"].as_str().unwrap_or_default().to_owned()
    };
    assert!(target().await.starts_with("a-"));
    let _: Service = cluster.apply("me", service("b")).await.unwrap();
    until("the other pod", || async { target().await.starts_with("b-").then_some(()) }).await;
    let slice = to(&cluster.api::<EndpointSlice>().list(&ListParams::default()).await.unwrap().items[0]);
    assert_eq!(slice["ports"], json!([{ "name": "grpc", "port": 9000, "protocol": "TCP" }]));
    let scale = Patch::Merge(json!({ "spec": { "replicas": 0 } }));
    cluster.deployments().patch("b", &PatchParams::default(), &scale).await.unwrap();
    until("no address", || async { (ready_addresses(&cluster, "s").await == 0).then_some(()) }).await;
}

#[tokio::test]
async fn images_fail_in_the_way_their_tag_asks_for() {
    let cluster = Cluster::new().await;
    let cases = [
        ("sim-fail", "ImagePullBackOff"),
        ("1.0-sim-crash", "CrashLoopBackOff"),
        ("sim-oom", "CrashLoopBackOff"),
        ("sim-unschedulable", "Unschedulable"),
    ];
    for (tag, _) in cases {
        let name = tag.replace('.', "-");
        let name = format!("n{name}");
        let _: Deployment = cluster.apply("me", deployment(&name, &format!("image:{tag}"))).await.unwrap();
    }
    for (tag, reason) in cases {
        let app = format!("n{}", tag.replace('.', "-"));
        let status = until(reason, || async {
            let status = to(&cluster.pod(&app).await?)["status"].clone();
            let waiting = status["containerStatuses"][0]["state"]["waiting"]["reason"] == reason;
            let condition = status["conditions"][0]["reason"] == reason;
            (waiting || condition).then_some(status)
        })
        .await;
        let last = &status["containerStatuses"][0]["lastState"]["terminated"];
        match tag {
            "1.0-sim-crash" => assert_eq!((&last["exitCode"], &last["reason"]), (&json!(1), &json!("Error"))),
            "sim-oom" => assert_eq!((&last["exitCode"], &last["reason"]), (&json!(137), &json!("OOMKilled"))),
            _ => {}
        }
    }
    let events = cluster.api::<Event>().list(&ListParams::default().fields("reason=FailedScheduling")).await.unwrap();
    assert_eq!(events.items.len(), 1);
}

#[tokio::test]
async fn a_pod_waits_for_the_secret_it_names() {
    let cluster = Cluster::new().await;
    let mut wished = deployment("a", "image:1");
    wished["spec"]["template"]["spec"]["containers"][0]["envFrom"] = json!([{ "secretRef": { "name": "later" } }]);
    let _: Deployment = cluster.apply("me", wished).await.unwrap();
    until("it says what is missing", || async {
        let status = to(&cluster.pod("a").await?)["status"]["containerStatuses"][0]["state"]["waiting"].clone();
        (status["message"] == "secret \"later\" not found").then_some(())
    })
    .await;
    let secret =
        json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "later" }, "stringData": { "k": "v" } });
    let _: k8s_openapi::api::core::v1::Secret = cluster.apply("me", secret).await.unwrap();
    available(&cluster, "a").await;
}

#[tokio::test]
async fn a_deleted_deployment_takes_its_pods_along() {
    let cluster = Cluster::new().await;
    let _: Deployment = cluster.apply("me", deployment("a", "image:1")).await.unwrap();
    available(&cluster, "a").await;
    cluster.deployments().delete("a", &background()).await.unwrap();
    until("no pod is left", || async { cluster.pod("a").await.is_none().then_some(()) }).await;
}
