//! Quotas, leases, service accounts and events.

use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{ConfigMap, Event, Pod, ResourceQuota, Secret, ServiceAccount};
use kube::api::{ListParams, Patch, PatchParams, PostParams};
use serde_json::json;

use crate::list::behaviors;
use crate::support::{Cluster, from, gated_pod, refusal, to, until};

behaviors![
    a_quota_counts_usage_and_rejects_what_exceeds_it,
    a_memory_quota_requires_a_memory_request_from_every_container,
    only_one_of_two_candidates_acquires_a_lease,
    every_namespace_has_a_default_service_account_and_pods_run_as_it,
    events_can_be_written_and_selected_by_involved_object,
];

async fn a_quota_counts_usage_and_rejects_what_exceeds_it(cluster: &Cluster) {
    let quota = json!({ "metadata": { "name": "few" }, "spec": { "hard": { "count/secrets": "1" } } });
    let _: ResourceQuota = cluster.create(quota).await.unwrap();
    let used = |wanted: &'static str| async move {
        until("the status shows the usage", || async {
            let quota = to(&cluster.api::<ResourceQuota>().get("few").await.unwrap());
            (quota["status"]["used"]["count/secrets"] == wanted).then_some(quota)
        })
        .await
    };
    assert_eq!(used("0").await["status"]["hard"], json!({ "count/secrets": "1" }));
    let secret = |name: &str| json!({ "metadata": { "name": name } });
    let _: Secret = cluster.create(secret("a")).await.unwrap();
    used("1").await;
    let (code, reason, message) = refusal(cluster.create::<Secret>(secret("b")).await);
    assert_eq!((code, reason.as_str()), (403, "Forbidden"));
    let expected = "secrets \"b\" is forbidden: exceeded quota: few, requested: count/secrets=1, used: count/secrets=1, \
                    limited: count/secrets=1";
    assert_eq!(message, expected);
    cluster.api::<Secret>().delete("a", &Default::default()).await.unwrap();
    used("0").await;
}

async fn a_memory_quota_requires_a_memory_request_from_every_container(cluster: &Cluster) {
    let quota = json!({ "metadata": { "name": "memory" }, "spec": { "hard": { "requests.memory": "1Gi" } } });
    let _: ResourceQuota = cluster.create(quota).await.unwrap();
    until("the quota is in force", || async {
        let quota = to(&cluster.api::<ResourceQuota>().get("memory").await.unwrap());
        (quota["status"]["used"]["requests.memory"] == "0").then_some(())
    })
    .await;
    let (code, _, message) = refusal(cluster.create::<Pod>(gated_pod("p")).await);
    assert_eq!(code, 403);
    assert!(message.contains("failed quota: memory: must specify requests.memory"), "{message}");
    let sized = |name: &str, size: &str| {
        let mut pod = gated_pod(name);
        for container in pod["spec"]["containers"].as_array_mut().unwrap() {
            container["resources"] = json!({ "requests": { "memory": size } });
        }
        pod
    };
    let _: Pod = cluster.create(sized("p", "256Mi")).await.unwrap();
    let (code, _, message) = refusal(cluster.create::<Pod>(sized("q", "512Mi")).await);
    assert_eq!(code, 403);
    let expected = "exceeded quota: memory, requested: requests.memory=1Gi, used: requests.memory=512Mi, limited: \
                    requests.memory=1Gi";
    assert!(message.ends_with(expected), "{message}");
}

async fn only_one_of_two_candidates_acquires_a_lease(cluster: &Cluster) {
    let lease = |holder: &str| {
        json!({ "metadata": { "name": "l" }, "spec": {
            "holderIdentity": holder, "leaseDurationSeconds": 15, "renewTime": "2026-01-01T00:00:00.000001Z", "leaseTransitions": 0,
        } })
    };
    let first: Lease = cluster.create(lease("one")).await.unwrap();
    assert_eq!(refusal(cluster.create::<Lease>(lease("two")).await).0, 409);
    assert_eq!(to(&first)["spec"]["renewTime"], "2026-01-01T00:00:00.000001Z");
    let taken = |holder: &str| {
        let mut lease: Lease = from(lease(holder));
        lease.metadata = first.metadata.clone();
        lease
    };
    let leases = cluster.api::<Lease>();
    let params = PostParams::default();
    let (one, two) = (taken("one"), taken("two"));
    let (one, two) = tokio::join!(leases.replace("l", &params, &one), leases.replace("l", &params, &two));
    // One of them is too late. (An update with the same content would be a no-op, hence no conflict.)
    let late = [one, two].into_iter().filter_map(Result::err).count();
    assert!(late <= 1, "both were refused");
    let changed = Patch::Merge(json!({ "spec": { "holderIdentity": "three" } }));
    leases.patch("l", &PatchParams::default(), &changed).await.unwrap();
    assert_eq!(refusal(leases.replace("l", &params, &taken("two")).await).0, 409);
}

async fn every_namespace_has_a_default_service_account_and_pods_run_as_it(cluster: &Cluster) {
    let accounts = cluster.api::<ServiceAccount>();
    assert!(accounts.get_opt("default").await.unwrap().is_some());
    let own: ServiceAccount = cluster.create(json!({ "metadata": { "name": "own" } })).await.unwrap();
    assert!(own.metadata.uid.is_some());
    let pod: Pod = cluster.create(gated_pod("p")).await.unwrap();
    assert_eq!(to(&pod)["spec"]["serviceAccountName"], "default");
    let mut other = gated_pod("q");
    other["spec"]["serviceAccountName"] = "nobody".into();
    let (code, _, message) = refusal(cluster.create::<Pod>(other).await);
    assert_eq!(code, 403);
    assert!(message.contains("serviceaccount \"nobody\" not found"), "{message}");
    until("the certificates are there", || async {
        cluster.api::<ConfigMap>().get_opt("kube-root-ca.crt").await.unwrap()
    })
    .await;
}

async fn events_can_be_written_and_selected_by_involved_object(cluster: &Cluster) {
    let event = |name: &str, about: &str| {
        json!({
            "metadata": { "name": name },
            "involvedObject": { "kind": "Deployment", "apiVersion": "apps/v1", "namespace": cluster.namespace, "name": about, "uid": "1" },
            "reason": "Tested", "message": "It was.", "type": "Warning",
            "firstTimestamp": "2026-01-01T00:00:00Z", "lastTimestamp": "2026-01-01T00:00:00Z", "count": 1,
        })
    };
    let _: Event = cluster.create(event("a", "a")).await.unwrap();
    let _: Event = cluster.create(event("b", "b")).await.unwrap();
    for (selector, expected) in [
        ("involvedObject.name=a,involvedObject.kind=Deployment", &["a"][..]),
        ("reason=Tested,involvedObject.uid=1", &["a", "b"]),
        ("type=Normal", &[]),
    ] {
        let found = cluster.api::<Event>().list(&ListParams::default().fields(selector)).await.unwrap().items;
        let names: Vec<&str> = found.iter().filter_map(|one| one.metadata.name.as_deref()).collect();
        assert_eq!(names, expected, "{selector}");
    }
}
