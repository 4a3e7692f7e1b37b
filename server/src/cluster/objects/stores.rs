//! The addresses of the broker and the stores, which may contain passwords, in a Secret of the version. Pods refer to
//! its keys, so that no other object contains the addresses.

use k8s_openapi::api::core::v1::{EnvVar, EnvVarSource, Secret, SecretKeySelector};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use krt::names;
use sha2::{Digest, Sha256};

use super::{Plan, configuration, metadata};
use crate::cluster::labels::About;

/// The environment variables whose values are in the Secret, under the same keys.
pub const SECRET_VARIABLES: [&str; 3] = ["KRT_NATS_SERVER", "KRT_INFLUX_URI", "KRT_MONGO_URI"];

/// The Secret with the addresses.
pub(super) fn secret(plan: &Plan, root: &OwnerReference) -> Secret {
    let pairs = SECRET_VARIABLES.into_iter().zip(addresses(plan));
    Secret {
        metadata: metadata(plan, names::stores_secret(&plan.version.name), About::Version, Some(root)),
        data: Some(configuration::encode(pairs.map(|(key, value)| (key.to_owned(), value.to_owned())))),
        type_: Some("Opaque".to_owned()),
        ..Secret::default()
    }
}

/// The environment variable that a pod reads from the Secret.
pub(super) fn variable(plan: &Plan, name: &str) -> EnvVar {
    let key =
        SecretKeySelector { name: names::stores_secret(&plan.version.name), key: name.to_owned(), optional: None };
    let source = EnvVarSource { secret_key_ref: Some(key), ..EnvVarSource::default() };
    EnvVar { name: name.to_owned(), value: None, value_from: Some(source) }
}

/// A checksum of the addresses for the pods' annotation, so that a changed setting replaces the pods. It starts with
/// the version's token: everyone with read access sees the annotation, and could test passwords against a plain hash.
pub(super) fn checksum(plan: &Plan) -> String {
    let mut digest = Sha256::new_with_prefix(plan.package_token);
    for address in addresses(plan) {
        // No address contains a NUL: addresses come from the command line or from environment variables.
        digest.update([0]);
        digest.update(address);
    }
    hex::encode(&digest.finalize()[..10])
}

/// The addresses in the order of [`SECRET_VARIABLES`].
fn addresses<'a>(plan: &Plan<'a>) -> [&'a str; 3] {
    let stores = &plan.settings.stores;
    [stores.broker_address(), stores.influx_uri.reveal(), stores.mongo_uri.reveal()]
}
