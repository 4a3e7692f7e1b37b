//! Whole versions as YAML, and invariants of all objects.

use std::collections::HashSet;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use serde_json::json;

use super::fixtures::{CLASSIFICATOR, GREETER, runtime, with_plan};
use super::*;
use crate::cluster::labels::{INSTANCE, RUNTIME, VERSION_UID};

fn root_reference() -> OwnerReference {
    OwnerReference {
        api_version: "v1".to_owned(),
        kind: "ConfigMap".to_owned(),
        name: "root".to_owned(),
        uid: "uid-of-root".to_owned(),
        block_owner_deletion: Some(true),
        controller: None,
    }
}

fn everything(plan: &Plan) -> Vec<Built> {
    let root = root_reference();
    let mut all = vec![namespace::namespace(plan.instance, plan.runtime), root::root(plan), services::own(plan, &root)];
    all.extend(of_version(plan, &root));
    all.extend([services::active(plan), public::ingress(plan.runtime, &plan.settings.ingress, plan.instance)]);
    all
}

fn yaml(objects: &[Built]) -> String {
    let pages: Vec<_> = objects.iter().map(|built| serde_yaml::to_string(&built.body).unwrap()).collect();
    pages.join("---\n")
}

#[test]
fn a_v1_version_and_its_runtime_as_yaml() {
    insta::assert_snapshot!(with_plan(GREETER, |plan| yaml(&everything(plan))));
}

#[test]
fn a_v2_version_with_gpu_configuration_and_object_store_as_yaml() {
    insta::assert_snapshot!(with_plan(CLASSIFICATOR, |plan| yaml(&of_version(plan, &root_reference()))));
}

#[test]
fn everything_carries_our_labels_and_only_what_belongs_to_the_version_its_uid_and_owner() {
    with_plan(CLASSIFICATOR, |plan| {
        for built in everything(plan) {
            let metadata = &built.body["metadata"];
            assert_eq!(metadata["labels"][INSTANCE], plan.instance, "{}", built.name);
            assert_eq!(metadata["labels"][RUNTIME], "demo");
            let is_public = built.name == "active-entrypoint" || built.kind == ObjectKind::Namespace;
            assert_eq!(metadata["labels"][VERSION_UID].is_null(), is_public, "{}", built.name);
            let is_owned = !is_public && built.name != "classificator-v1-root";
            assert_eq!(metadata["ownerReferences"].is_array(), is_owned, "{}", built.name);
        }
    });
}

/// The environment of a Deployment's first container, with values from Secrets resolved as by the kubelet.
fn environment(deployment: &Built, all: &[Built]) -> Vec<(String, String)> {
    let container = &deployment.body["spec"]["template"]["spec"]["containers"][0];
    let of_variable = |variable: &serde_json::Value| {
        let name = variable["name"].as_str().unwrap().to_owned();
        let reference = &variable["valueFrom"]["secretKeyRef"];
        if reference.is_null() {
            return (name, variable["value"].as_str().unwrap().to_owned());
        }
        let secret =
            all.iter().find(|built| built.kind == ObjectKind::Secret && built.name == reference["name"]).unwrap();
        let secret: k8s_openapi::api::core::v1::Secret = serde_json::from_value(secret.body.clone()).unwrap();
        let value = secret.data.unwrap().remove(reference["key"].as_str().unwrap()).unwrap();
        (name, String::from_utf8(value.0).unwrap())
    };
    container["env"].as_array().unwrap().iter().map(of_variable).collect()
}

/// Addresses of the broker and the stores for the tests below.
const ADDRESSES: [&str; 3] = ["ada:p/w@nats:4222", "http://influx?p=pass", "mongodb://ada:p/w@mongo"];

/// The same plan with these addresses.
fn with_addresses<T>(plan: &Plan, [broker, influx, mongo]: [&str; 3], work: impl FnOnce(&Plan) -> T) -> T {
    let mut settings = plan.settings.clone();
    settings.stores.broker = Some(broker.into());
    settings.stores.influx_uri = influx.into();
    settings.stores.mongo_uri = mongo.into();
    work(&Plan { settings: &settings, ..*plan })
}

#[test]
fn runners_get_the_addresses_of_broker_and_stores_from_a_secret_and_no_other_object_has_them() {
    with_plan(GREETER, |plan| {
        with_addresses(plan, ADDRESSES, |plan| {
            let all = everything(plan);
            let deployments = all.iter().filter(|built| built.kind == ObjectKind::Deployment);
            for deployment in deployments {
                let environment = environment(deployment, &all);
                let value = |name: &str| environment.iter().find(|(other, _)| other == name).unwrap().1.clone();
                assert_eq!(SECRET_VARIABLES.map(value), ADDRESSES);
                assert_eq!(value("KRT_MONGO_DB_NAME"), "data");
            }
            for built in all.iter().filter(|built| built.kind != ObjectKind::Secret) {
                let text = built.body.to_string();
                assert!(!text.contains("p/w") && !text.contains("pass\""), "{text}");
            }
        });
    });
}

#[test]
fn changed_addresses_replace_the_pods_and_their_checksum_does_not_reveal_them() {
    let checksum = |plan: &Plan, address: &str| {
        let root = root_reference();
        let deployment = |plan: &Plan| entrypoint::deployment(plan, &root).spec.unwrap().template.metadata.unwrap();
        with_addresses(plan, [address, "a", "b"], deployment).annotations.unwrap()[crate::cluster::labels::STORES]
            .clone()
    };
    with_plan(GREETER, |plan| {
        assert_eq!(checksum(plan, "one"), checksum(plan, "one"));
        assert_ne!(checksum(plan, "one"), checksum(plan, "two"));
        let other = Plan { package_token: "another token", ..*plan };
        assert_ne!(checksum(plan, "one"), checksum(&other, "one"));
    });
}

#[test]
fn names_are_unique_within_their_kind() {
    with_plan(CLASSIFICATOR, |plan| {
        let all = everything(plan);
        let distinct: HashSet<_> = all.iter().map(|built| (built.kind, &built.name)).collect();
        assert_eq!(distinct.len(), all.len());
    });
}

#[test]
fn the_entrypoints_service_selects_by_exactly_the_two_documented_labels() {
    with_plan(GREETER, |plan| {
        let selector = json!({"type": "entrypoint", "version-name": "greeter-v1-entrypoint"});
        for built in [services::own(plan, &root_reference()), services::active(plan)] {
            assert_eq!(built.body["spec"]["selector"], selector);
            assert_eq!(built.body["metadata"]["labels"]["type"], "entrypoint");
        }
        let pods = entrypoint::deployment(plan, &root_reference()).spec.unwrap().template.metadata.unwrap().labels;
        let pods = serde_json::to_value(pods).unwrap();
        assert_eq!((&pods["type"], &pods["version-name"]), (&selector["type"], &selector["version-name"]));
    });
}

#[test]
fn the_hash_changes_with_the_object_and_with_nothing_else() {
    let hashes = |text: &str| with_plan(text, |plan| root::root(plan).hash);
    assert_eq!(hashes(GREETER), hashes(GREETER));
    assert_ne!(hashes(GREETER), hashes(CLASSIFICATOR));
    let settings = ClusterSettings::default().ingress;
    let one = public::ingress(&runtime(), &settings, "a");
    assert_ne!(one.hash, public::ingress(&runtime(), &settings, "b").hash);
}
