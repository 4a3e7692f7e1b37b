//! Several consoles on one cluster: processes with one instance ID, and consoles with stores of their own.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::coordination::v1::Lease;
use krt::lifecycle::{Action, Status};
use kube::api::{Patch, PatchParams};
use kube::{Api, ResourceExt};
use serde_json::json;
use server::cluster::{Connection, LEASE};
use tempfile::TempDir;

use crate::console::{Console, until};
use crate::{copy, embedded};

/// Two data folders with one instance ID, each with the runtime `demo` and its version `v1` running.
async fn twins(connection: &Connection) -> (TempDir, TempDir) {
    let (first, second) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let console = Console::start(first.path(), connection.clone()).await;
    console.runtime("demo").await;
    console.start_version("demo", "v1").await;
    console.end().await;
    copy(first.path(), second.path());
    (first, second)
}

fn leases(client: &kube::Client) -> Api<Lease> {
    Api::namespaced(client.clone(), "kre-demo")
}

/// Waits until the Lease would have expired without its renewals.
async fn lease_outlives_itself(client: &kube::Client) {
    let mut seen = HashSet::new();
    testing::eventually_async("the Lease is renewed again and again", testing::DEADLINE, async || {
        let spec = leases(client).get(LEASE).await.unwrap().spec.unwrap();
        seen.insert(spec.renew_time.map(|time| time.0));
        // One renewal each 0.6 s, of a Lease of 2 s.
        (seen.len() > 5).then_some(())
    })
    .await;
}

async fn holder(client: &kube::Client) -> String {
    leases(client).get(LEASE).await.unwrap().spec.unwrap().holder_identity.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_processes_with_one_instance_one_acts_and_the_other_takes_over_when_it_dies() {
    let cluster = embedded().await;
    let client = kube::Client::new(cluster.router(), "default");
    let connection = Connection::Embedded(cluster.router());
    let (one, two) = twins(&connection).await;
    assert_eq!(holder(&client).await, "", "a graceful end releases the Lease");

    let first = Console::start(one.path(), connection.clone()).await;
    until("the first one acts", async || holder(&client).await == first.store.process()).await;
    let second = Console::start(two.path(), connection.clone()).await;
    until("the second one reports the holder", async || second.state().elsewhere.is_some()).await;
    let elsewhere = second.state().elsewhere.unwrap();
    assert_eq!((elsewhere.holder.as_str(), elsewhere.runtimes), (first.store.process(), vec!["demo".to_owned()]));
    assert_eq!(first.state().elsewhere, None);

    // An action at the second one waits.
    second.take(Action::Stop, "demo", "v1").await;
    lease_outlives_itself(&client).await;
    assert_eq!(second.rows("demo", "v1").await.1.status(), Status::Stopping);
    let deployments = Api::<Deployment>::namespaced(client.clone(), "kre-demo");
    assert_eq!(deployments.list(&Default::default()).await.unwrap().items.len(), 2, "no object was changed");

    let begin = Instant::now();
    first.kill().await;
    second.until_status("demo", "v1", Status::Stopped).await;
    assert!(begin.elapsed() < Duration::from_secs(15), "{:?} for a Lease of two seconds", begin.elapsed());
    assert_eq!(second.state().elsewhere, None);
    assert!(deployments.list(&Default::default()).await.unwrap().items.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_ends_lets_the_other_act_at_once_and_a_restarted_one_resumes_at_once() {
    let cluster = embedded().await;
    let client = kube::Client::new(cluster.router(), "default");
    let connection = Connection::Embedded(cluster.router());
    let (one, two) = twins(&connection).await;
    let first = Console::start(one.path(), connection.clone()).await;
    until("the first one acts", async || holder(&client).await == first.store.process()).await;
    let process = first.store.process().to_owned();
    first.kill().await;
    let first = Console::start(one.path(), connection.clone()).await;
    assert_eq!(first.store.process(), process, "the same name on the same folder");
    let second = Console::start(two.path(), connection.clone()).await;
    assert_ne!(second.store.process(), process, "another one on a copy");
    until("the second one waits", async || second.state().elsewhere.is_some()).await;
    let transitions = leases(&client).get(LEASE).await.unwrap().spec.unwrap().lease_transitions;

    first.end().await;
    until("the second one acts", async || holder(&client).await == second.store.process()).await;
    until("and says so", async || second.state().elsewhere.is_none()).await;
    let after = leases(&client).get(LEASE).await.unwrap().spec.unwrap().lease_transitions;
    assert!(after > transitions);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_whose_lease_was_taken_stops_writing() {
    let cluster = embedded().await;
    let client = kube::Client::new(cluster.router(), "default");
    let folder = TempDir::new().unwrap();
    let console = Console::start(folder.path(), Connection::Embedded(cluster.router())).await;
    console.runtime("demo").await;
    console.start_version("demo", "v1").await;
    console.runtime("other").await;
    console.start_version("other", "v1").await;
    // Another process takes it by force, and holds it for a minute.
    let taken = json!({"spec": {"holderIdentity": "somebody", "leaseDurationSeconds": 60}});
    leases(&client).patch(LEASE, &PatchParams::default(), &Patch::Merge(&taken)).await.unwrap();
    until("it is noticed", async || console.state().elsewhere.is_some()).await;
    let deployments = Api::<Deployment>::namespaced(client.clone(), "kre-demo");
    let name = deployments.list(&Default::default()).await.unwrap().items[0].name_any();
    deployments.delete(&name, &Default::default()).await.unwrap();
    // What drifts later in a runtime whose Lease it holds is repaired, more than once.
    let others = Api::<Deployment>::namespaced(client.clone(), "kre-other");
    for _ in 0..2 {
        let before = others.get(&name).await.unwrap().uid();
        others.delete(&name, &Default::default()).await.unwrap();
        until("the other runtime is repaired", async || {
            others.get_opt(&name).await.unwrap().is_some_and(|repaired| repaired.uid() != before)
        })
        .await;
    }
    assert!(deployments.get_opt(&name).await.unwrap().is_none(), "what drifts is not repaired");

    leases(&client).delete(LEASE, &Default::default()).await.unwrap();
    until("it is repaired", async || deployments.get_opt(&name).await.unwrap().is_some()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_with_another_store_never_changes_the_first_ones_objects_and_names_their_owner() {
    let cluster = embedded().await;
    let client = kube::Client::new(cluster.router(), "default");
    let connection = Connection::Embedded(cluster.router());
    let (one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let first = Console::start(one.path(), connection.clone()).await;
    first.runtime("demo").await;
    first.start_version("demo", "v1").await;
    let versions = async || {
        let deployments = Api::<Deployment>::all(client.clone()).list(&Default::default()).await.unwrap();
        deployments.items.iter().map(|one| (one.name_any(), one.resource_version())).collect::<Vec<_>>()
    };
    let before = versions().await;

    let second = Console::start(two.path(), connection.clone()).await;
    let refused = second.cluster.check_namespace("kre-demo", "demo").await.unwrap_err().to_string();
    assert!(refused.contains(first.store.instance()), "{refused}");
    // Also without the check of the pages: a runtime that claims the other one's namespace.
    second.runtime("demo").await;
    second.upload("demo", "v1").await;
    second.take(Action::Start, "demo", "v1").await;
    until("the second one is refused", async || {
        let version = second.rows("demo", "v1").await.1;
        second.cluster.last_rejection(&version).is_some() || second.state().elsewhere.is_some()
    })
    .await;
    lease_outlives_itself(&client).await;
    assert_eq!(second.rows("demo", "v1").await.1.status(), Status::Starting);
    second.take(Action::Stop, "demo", "v1").await;
    second.until_status("demo", "v1", Status::Stopped).await;
    assert_eq!(versions().await, before, "nothing was written or deleted");
    assert_eq!(holder(&client).await, first.store.process());
}
