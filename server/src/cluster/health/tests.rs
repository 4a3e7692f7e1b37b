//! Pods and Deployments, and the health that follows from them.

use serde_json::{Value, json};

use super::*;

const NODE: Process = Process { workflow: "greeting", node: "greeter", wanted: 1, gpu: false };

fn deployment(ready: i32, generation: i64) -> Deployment {
    serde_json::from_value(json!({
        "metadata": {"name": "d", "generation": generation},
        "status": {"observedGeneration": 1, "updatedReplicas": 1, "readyReplicas": ready, "availableReplicas": ready},
    }))
    .unwrap()
}

fn pod(status: Value) -> Pod {
    serde_json::from_value(json!({"metadata": {"name": "p"}, "status": status})).unwrap()
}

fn container(state: Value, last: Value, restarts: i32) -> Value {
    json!({
        "conditions": [{"type": "PodScheduled", "status": "True"}],
        "containerStatuses": [{
            "name": "greeter", "image": "kre-py:latest", "imageID": "", "ready": false,
            "restartCount": restarts, "state": state, "lastState": last,
        }],
    })
}

fn check(status: Status, pods: &[Pod], warnings: &[(&str, &str)], expected: (Health, &str)) {
    let deployment = deployment(0, 1);
    let warn = |_: &str, _: &str| {
        let all = warnings.iter().map(|(reason, message)| Warning {
            reason: reason.to_string(),
            message: message.to_string(),
            at: k8s_openapi::jiff::Timestamp::UNIX_EPOCH,
        });
        all.collect()
    };
    let observation = Observation { deployment: Some(&deployment), pods: pods.iter().collect(), warnings: &warn };
    let live = node_live(&NODE, status, &observation);
    assert_eq!((live.health, live.reason.as_deref().unwrap_or_default()), expected);
}

fn waiting(reason: &str) -> Value {
    json!({"waiting": {"reason": reason, "message": "said"}})
}

#[test]
fn a_process_is_started_when_every_pod_of_its_present_generation_is_available() {
    let observation = |deployment| Observation { deployment, pods: Vec::new(), warnings: &|_, _| Vec::new() };
    let (fresh, stale) = (deployment(1, 1), deployment(1, 2));
    assert_eq!(node_live(&NODE, Status::Starting, &observation(Some(&fresh))).health, Health::Started);
    assert_eq!(node_live(&NODE, Status::Starting, &observation(Some(&stale))).health, Health::Starting);
    assert_eq!(node_live(&NODE, Status::Starting, &observation(None)).health, Health::Starting);
    assert_eq!(node_live(&NODE, Status::Stopped, &observation(Some(&fresh))).health, Health::Stopped);
}

#[test]
fn a_pod_on_its_way_says_what_it_waits_for() {
    let fresh = pod(json!({"phase": "Pending"}));
    check(Status::Starting, &[fresh], &[], (Health::Starting, "waiting to be scheduled"));
    let creating = pod(container(json!({"waiting": {"reason": "ContainerCreating"}}), json!(null), 0));
    check(Status::Starting, &[creating], &[], (Health::Starting, "pulling image"));
    check(Status::Starting, &[], &[], (Health::Starting, "waiting for its pod to be created"));
}

#[test]
fn an_image_that_cannot_be_pulled_is_named() {
    let pods = [pod(container(waiting("ImagePullBackOff"), json!(null), 0))];
    check(Status::Starting, &pods, &[], (Health::Error, "cannot pull image kre-py:latest"));
}

#[test]
fn a_crash_names_its_count_and_the_exit_code() {
    let last = json!({"terminated": {"exitCode": 3, "reason": "Error"}});
    let pods = [pod(container(waiting("CrashLoopBackOff"), last, 4))];
    check(Status::Started, &pods, &[], (Health::Error, "crashed 4 times; last exit code 3"));
    let first = json!({"terminated": {"exitCode": 1, "reason": "Error"}});
    let pods = [pod(container(first, json!(null), 0))];
    check(Status::Starting, &pods, &[], (Health::Error, "crashed once; last exit code 1"));
}

#[test]
fn too_much_memory_is_distinguished_from_other_crashes() {
    let last = json!({"terminated": {"exitCode": 137, "reason": "OOMKilled"}});
    let pods = [pod(container(waiting("CrashLoopBackOff"), last, 2))];
    check(Status::Starting, &pods, &[], (Health::Error, "was killed twice for exceeding its memory limit"));
}

#[test]
fn a_pod_that_cannot_be_scheduled_waits_while_starting_and_is_in_error_later() {
    let unschedulable = || {
        let condition = json!({"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3"});
        pod(json!({"phase": "Pending", "conditions": [condition]}))
    };
    let words = "cannot be scheduled: no cluster node has room";
    check(Status::Starting, &[unschedulable()], &[], (Health::Starting, words));
    check(Status::Started, &[unschedulable()], &[], (Health::Error, words));
}

#[test]
fn warnings_explain_a_container_that_is_not_created() {
    let creating = pod(container(json!({"waiting": {"reason": "ContainerCreating"}}), json!(null), 0));
    let warnings = [("FailedMount", "secret \"x\" not found")];
    check(Status::Starting, &[creating], &warnings, (Health::Error, "cannot mount a volume"));
    let missing = pod(container(waiting("CreateContainerConfigError"), json!(null), 0));
    check(Status::Starting, &[missing], &[], (Health::Error, "cannot use its configuration"));
}

#[test]
fn a_quota_that_forbids_pods_is_named() {
    let mut quota = deployment(0, 1);
    let message = "pods \"x\" is forbidden: exceeded quota: q";
    let condition = json!({"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": message});
    quota.status.as_mut().unwrap().conditions = Some(vec![serde_json::from_value(condition).unwrap()]);
    let observation = Observation { deployment: Some(&quota), pods: Vec::new(), warnings: &|_, _| Vec::new() };
    let trouble = trouble(&NODE, &observation).unwrap();
    assert_eq!(trouble.words, "exceeds the quota of the namespace");
    assert_eq!(trouble.said, [message]);
}
