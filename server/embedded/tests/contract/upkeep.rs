//! Quotas, leases, service accounts and events.

use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{ConfigMap, Event, Pod, ResourceQuota, Secret, ServiceAccount};
use kube::api::{ListParams, Patch, PatchParams, PostParams};
use serde_json::{Value, json};

use crate::list::behaviors;
use crate::support::{Cluster, from, gated_pod, refusal, to, until};

behaviors![
    a_quota_counts_usage_and_rejects_what_exceeds_it,
    a_memory_quota_requires_a_memory_request_from_every_container,
    only_one_of_two_candidates_acquires_a_lease,
    a_renewal_after_any_other_write_conflicts,
    a_lease_is_not_overwritten_without_its_resource_version,
    a_lease_may_change_its_holder_at_any_time_but_its_numbers_are_checked,
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

fn lease(holder: &str) -> Value {
    json!({ "metadata": { "name": "l" }, "spec": {
        "holderIdentity": holder, "leaseDurationSeconds": 15, "renewTime": "2026-01-01T00:00:00.000001Z", "leaseTransitions": 5,
    } })
}

/// The Lease as `holder` would write it after it has read `found`.
fn taken(found: &Lease, holder: &str) -> Lease {
    let mut lease: Lease = from(lease(holder));
    lease.metadata = found.metadata.clone();
    lease
}

async fn only_one_of_two_candidates_acquires_a_lease(cluster: &Cluster) {
    let found: Lease = cluster.create(lease("")).await.unwrap();
    assert_eq!(refusal(cluster.create::<Lease>(lease("two")).await).0, 409);
    assert_eq!(to(&found)["spec"]["renewTime"], "2026-01-01T00:00:00.000001Z");
    let (leases, params) = (cluster.api::<Lease>(), PostParams::default());
    let (one, two) = (taken(&found, "one"), taken(&found, "two"));
    let (one, two) = tokio::join!(leases.replace("l", &params, &one), leases.replace("l", &params, &two));
    let (winner, late) = match (one, two) {
        (Ok(winner), Err(late)) | (Err(late), Ok(winner)) => (winner, late),
        other => panic!("one of them is too late: {other:?}"),
    };
    let (code, reason, message) = refusal::<Lease>(Err(late));
    assert_eq!((code, reason.as_str()), (409, "Conflict"));
    assert!(message.contains("the object has been modified"), "{message}");
    let now = leases.get("l").await.unwrap();
    assert_eq!(now.spec, winner.spec);
    assert_ne!(now.metadata.resource_version, found.metadata.resource_version);
}

async fn a_renewal_after_any_other_write_conflicts(cluster: &Cluster) {
    let found: Lease = cluster.create(lease("one")).await.unwrap();
    let (leases, params) = (cluster.api::<Lease>(), PostParams::default());
    let renewed = leases.replace("l", &params, &taken(&found, "one more time")).await.unwrap();
    assert_eq!(refusal(leases.replace("l", &params, &taken(&found, "one")).await).0, 409);
    let label = Patch::Merge(json!({ "metadata": { "labels": { "l": "x" } } }));
    leases.patch("l", &PatchParams::default(), &label).await.unwrap();
    assert_eq!(refusal(leases.replace("l", &params, &taken(&renewed, "one")).await).0, 409);
}

async fn a_lease_is_not_overwritten_without_its_resource_version(cluster: &Cluster) {
    let found: Lease = cluster.create(lease("one")).await.unwrap();
    let (leases, params) = (cluster.api::<Lease>(), PostParams::default());
    let mut unseen = taken(&found, "two");
    unseen.metadata.resource_version = None;
    let (code, _, message) = refusal(leases.replace("l", &params, &unseen).await);
    assert!(code == 422 && message.contains("must be specified for an update"), "{code} {message}");
    assert_eq!(leases.get("l").await.unwrap().spec, found.spec);
}

async fn a_lease_may_change_its_holder_at_any_time_but_its_numbers_are_checked(cluster: &Cluster) {
    let found: Lease = cluster.create(lease("one")).await.unwrap();
    let (leases, params) = (cluster.api::<Lease>(), PostParams::default());
    let mut other = taken(&found, "two");
    other.spec.as_mut().unwrap().lease_transitions = Some(0);
    let found = leases.replace("l", &params, &other).await.unwrap();
    for (field, value, why) in [
        ("leaseDurationSeconds", 0, "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"),
        ("leaseTransitions", -1, "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0"),
    ] {
        let mut wrong = to(&found);
        wrong["spec"][field] = value.into();
        let (code, _, message) = refusal(leases.replace("l", &params, &from(wrong)).await);
        assert!(code == 422 && message.contains(why), "{code} {message}");
    }
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
