//! Workloads: Deployments become ready through ReplicaSets and pods, and roll out new templates.

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::{Event, Pod};
use kube::ResourceExt;
use kube::api::{ListParams, Patch, PatchParams};
use serde_json::{Value, json};

use crate::list::behaviors;
use crate::support::{Cluster, background, deployment, gated_pod, to, until};

behaviors![
    a_deployment_gets_the_defaults_of_its_kind,
    a_deployment_becomes_available_through_a_replica_set_and_pods,
    a_pod_counts_as_available_only_after_min_ready_seconds,
    a_new_template_rolls_out_a_new_replica_set,
    scaling_to_zero_removes_the_pods,
    a_deleted_pod_is_replaced,
    deleting_a_deployment_deletes_its_pods,
    a_deleted_pod_is_marked_before_it_is_removed,
    a_pod_with_a_scheduling_gate_is_not_scheduled,
    scaling_is_recorded_in_an_event,
];

/// Waits until all replicas are available. Returns the status.
pub async fn available(cluster: &Cluster, name: &str) -> Value {
    until("the deployment is available", || async {
        let status = to(&cluster.deployments().get(name).await.unwrap())["status"].clone();
        let done = status["availableReplicas"] == status["replicas"] && status["availableReplicas"].as_i64() > Some(0);
        done.then_some(status)
    })
    .await
}

async fn pods_of(cluster: &Cluster, app: &str) -> Vec<Pod> {
    cluster.pods().list(&ListParams::default().labels(&format!("app={app}"))).await.unwrap().items
}

fn condition(object: &Value, kind: &str) -> Value {
    let conditions = object["status"]["conditions"].as_array().into_iter().flatten();
    conditions.into_iter().find(|one| one["type"] == kind).cloned().unwrap_or_default()
}

async fn a_deployment_gets_the_defaults_of_its_kind(cluster: &Cluster) {
    let created = to(&cluster.create::<Deployment>(deployment("a", "image:1")).await.unwrap());
    let spec = &created["spec"];
    let numbers = [&spec["replicas"], &spec["revisionHistoryLimit"], &spec["progressDeadlineSeconds"]];
    assert_eq!(numbers, [1, 10, 600]);
    let strategy = json!({ "type": "RollingUpdate", "rollingUpdate": { "maxSurge": "25%", "maxUnavailable": "25%" } });
    assert_eq!(spec["strategy"], strategy);
    let pod = &spec["template"]["spec"];
    assert_eq!((&pod["restartPolicy"], &pod["dnsPolicy"]), (&json!("Always"), &json!("ClusterFirst")));
    let container = &pod["containers"][0];
    assert_eq!(
        (&container["imagePullPolicy"], &container["ports"][0]["protocol"]),
        (&json!("IfNotPresent"), &json!("TCP"))
    );
    let text = created.to_string();
    assert!(!text.contains("null"), "{text}");
}

async fn a_deployment_becomes_available_through_a_replica_set_and_pods(cluster: &Cluster) {
    let mut desired = deployment("a", "image:1");
    desired["spec"]["replicas"] = 3.into();
    let made: Deployment = cluster.create(desired).await.unwrap();
    let status = until("three are available", || async {
        let status = to(&cluster.deployments().get("a").await.unwrap())["status"].clone();
        (status["availableReplicas"] == 3).then_some(status)
    })
    .await;
    assert_eq!((&status["readyReplicas"], &status["updatedReplicas"]), (&json!(3), &json!(3)));
    assert_eq!(status["observedGeneration"], 1);
    let finished = until("the rollout is complete", || async {
        let object = to(&cluster.deployments().get("a").await.unwrap());
        let progressing = condition(&object, "Progressing");
        (progressing["reason"] == "NewReplicaSetAvailable").then_some(object)
    })
    .await;
    assert_eq!(condition(&finished, "Available")["status"], "True");
    let sets = cluster.api::<ReplicaSet>().list(&ListParams::default()).await.unwrap().items;
    assert_eq!(sets.len(), 1);
    assert_eq!(sets[0].owner_references()[0].uid, made.uid().unwrap());
    assert!(sets[0].labels().contains_key("pod-template-hash"));
    let pods = pods_of(cluster, "a").await;
    assert_eq!(pods.len(), 3);
    for pod in &pods {
        let (owner, pod) = (&pod.owner_references()[0], to(pod));
        assert_eq!((owner.uid.as_str(), owner.controller), (sets[0].uid().unwrap().as_str(), Some(true)));
        assert_eq!((&pod["status"]["phase"], &condition(&pod, "Ready")["status"]), (&json!("Running"), &json!("True")));
        assert!(pod["status"]["podIP"].is_string() && pod["spec"]["nodeName"].is_string(), "{pod}");
    }
}

async fn a_pod_counts_as_available_only_after_min_ready_seconds(cluster: &Cluster) {
    let mut desired = deployment("a", "image:1");
    let wait = cluster.seconds(2);
    desired["spec"]["minReadySeconds"] = wait.into();
    let _: Deployment = cluster.create(desired).await.unwrap();
    let ready = until("the pod is ready", || async {
        let pod = to(&cluster.pod("a").await?);
        let ready = condition(&pod, "Ready");
        (ready["status"] == "True").then_some(ready)
    })
    .await;
    let before = to(&cluster.deployments().get("a").await.unwrap())["status"].clone();
    assert!(before["availableReplicas"].is_null(), "{before}");
    available(cluster, "a").await;
    let after = condition(&to(&cluster.deployments().get("a").await.unwrap()), "Available");
    let time = |of: &Value| of["lastTransitionTime"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let waited = time(&after).duration_since(time(&ready)).as_secs();
    assert!(waited >= wait - 1, "available after {waited} of {wait} seconds");
}

async fn a_new_template_rolls_out_a_new_replica_set(cluster: &Cluster) {
    let _: Deployment = cluster.apply("me", deployment("a", "image:1")).await.unwrap();
    available(cluster, "a").await;
    let _: Deployment = cluster.apply("me", deployment("a", "image:2")).await.unwrap();
    until("only the new pod is left", || async {
        let pods = pods_of(cluster, "a").await;
        let images: Vec<Value> = pods.iter().map(|pod| to(pod)["spec"]["containers"][0]["image"].clone()).collect();
        (images == [json!("image:2")]).then_some(())
    })
    .await;
    let sets = cluster.api::<ReplicaSet>().list(&ListParams::default()).await.unwrap().items;
    let mut revisions: Vec<String> =
        sets.iter().map(|set| set.annotations()["deployment.kubernetes.io/revision"].clone()).collect();
    revisions.sort();
    assert_eq!(revisions, ["1", "2"]);
}

async fn scaling_to_zero_removes_the_pods(cluster: &Cluster) {
    let _: Deployment = cluster.create(deployment("a", "image:1")).await.unwrap();
    available(cluster, "a").await;
    let scale = Patch::Merge(json!({ "spec": { "replicas": 0 } }));
    cluster.deployments().patch("a", &PatchParams::default(), &scale).await.unwrap();
    until("no pod is left", || async { pods_of(cluster, "a").await.is_empty().then_some(()) }).await;
    until("the status shows no pods", || async {
        let object = cluster.deployments().get("a").await.unwrap();
        to(&object)["status"]["replicas"].is_null().then_some(())
    })
    .await;
}

async fn a_deleted_pod_is_replaced(cluster: &Cluster) {
    let _: Deployment = cluster.create(deployment("a", "image:1")).await.unwrap();
    available(cluster, "a").await;
    let first = cluster.pod("a").await.unwrap();
    cluster.pods().delete(&first.name_any(), &background()).await.unwrap();
    until("another pod runs", || async {
        let pods = pods_of(cluster, "a").await;
        let other = pods.iter().find(|pod| pod.uid() != first.uid())?;
        (to(other)["status"]["phase"] == "Running").then_some(())
    })
    .await;
}

async fn deleting_a_deployment_deletes_its_pods(cluster: &Cluster) {
    let _: Deployment = cluster.create(deployment("a", "image:1")).await.unwrap();
    available(cluster, "a").await;
    cluster.deployments().delete("a", &background()).await.unwrap();
    until("no pod is left", || async { cluster.pod("a").await.is_none().then_some(()) }).await;
    let sets = cluster.api::<ReplicaSet>().list(&ListParams::default()).await.unwrap().items;
    assert!(sets.is_empty(), "{sets:?}");
}

async fn a_deleted_pod_is_marked_before_it_is_removed(cluster: &Cluster) {
    let mut slow = deployment("a", "image:1");
    slow["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] = 5.into();
    slow["spec"]["template"]["metadata"]["finalizers"] = json!(["example.com/hold"]);
    let _: Deployment = cluster.create(slow).await.unwrap();
    available(cluster, "a").await;
    let pod = cluster.pod("a").await.unwrap();
    cluster.deployments().delete("a", &background()).await.unwrap();
    let marked = until("the pod is marked", || async {
        let pod = cluster.pods().get(&pod.name_any()).await.unwrap();
        pod.metadata.deletion_timestamp.is_some().then_some(pod)
    })
    .await;
    assert!(marked.metadata.deletion_grace_period_seconds.is_some());
    let free = Patch::Merge(json!({ "metadata": { "finalizers": null } }));
    cluster.pods().patch(&pod.name_any(), &PatchParams::default(), &free).await.unwrap();
    until("it is gone", || async { cluster.pod("a").await.is_none().then_some(()) }).await;
}

async fn a_pod_with_a_scheduling_gate_is_not_scheduled(cluster: &Cluster) {
    let _: Pod = cluster.create(gated_pod("p")).await.unwrap();
    let pod = until("the condition gives the reason", || async {
        let pod = to(&cluster.pods().get("p").await.unwrap());
        (condition(&pod, "PodScheduled")["reason"] == "SchedulingGated").then_some(pod)
    })
    .await;
    assert_eq!((&pod["status"]["phase"], &pod["spec"]["nodeName"]), (&json!("Pending"), &Value::Null));
    cluster.pods().delete("p", &background()).await.unwrap();
    assert!(cluster.pods().get_opt("p").await.unwrap().is_none());
}

async fn scaling_is_recorded_in_an_event(cluster: &Cluster) {
    let _: Deployment = cluster.create(deployment("a", "image:1")).await.unwrap();
    let about = ListParams::default().fields("involvedObject.kind=Deployment,involvedObject.name=a");
    let event = until("the event is there", || async {
        let events = cluster.api::<Event>().list(&about).await.unwrap().items;
        events.into_iter().find(|event| event.reason.as_deref() == Some("ScalingReplicaSet"))
    })
    .await;
    assert_eq!(event.type_.as_deref(), Some("Normal"));
    assert!(event.message.unwrap().starts_with("Scaled up replica set a-"));
}
