//! Names of Kubernetes objects. Each is a DNS label (RFC 1123: lowercase letters, digits and `-`, at most 63
//! characters) if the runtime, version, workflow and node names follow the rules of the format (at most 19 characters).

use sha2::{Digest, Sha256};

use crate::manifest::ENTRYPOINT;

/// The Service of a runtime that receives external requests; also the name of the runtime's Ingress. No version may
/// have this name.
pub const ACTIVE_ENTRYPOINT: &str = "active-entrypoint";

/// Maximum length of a name that is also valid as a label value or as a part of a host name.
const LIMIT: usize = 63;

/// Number of hexadecimal digits at the end of a Deployment's name: 24 bits distinguish the few processes of one version
/// whose readable parts are equal (`a-b`/`c` and `a`/`b-c`).
const DIGITS: usize = 6;

/// Returns the namespace proposed for a new runtime.
pub fn default_namespace(runtime: &str) -> String {
    format!("kre-{runtime}")
}

/// Returns the name of the Deployment of one node in one workflow: readable, ending in six digits of SHA-256 over all
/// three names, so that no two processes of a runtime share a name, even when the readable part was cut.
pub fn deployment(version: &str, workflow: &str, node: &str) -> String {
    let readable: String = format!("{version}-{workflow}-{node}").chars().take(LIMIT - 1 - DIGITS).collect();
    let digest = Sha256::digest(format!("{version}\0{workflow}\0{node}"));
    format!("{}-{}", readable.trim_end_matches('-'), hex::encode(&digest[..DIGITS / 2]))
}

/// Returns the name of the Deployment of a version's entrypoint.
pub fn entrypoint_deployment(version: &str) -> String {
    deployment(version, ENTRYPOINT, ENTRYPOINT)
}

/// Returns the name of a started version's own Service: the name of the version.
pub fn service(version: &str) -> String {
    version.to_owned()
}

/// Returns the value of the documented label `version-name` on the entrypoint's objects and in its Service's selector.
pub fn version_label(version: &str) -> String {
    format!("{version}-entrypoint")
}

/// Returns the name of the ConfigMap that owns all other objects of a version: deleting it deletes them all.
pub fn root_config_map(version: &str) -> String {
    format!("{version}-root")
}

/// Returns the name of the ConfigMap with `nats_subject.json`, mounted by the entrypoint.
pub fn subjects_config_map(version: &str) -> String {
    format!("{version}-subjects")
}

/// Returns the name of the Secret with a version's configuration variables.
pub fn secret(version: &str) -> String {
    format!("{version}-configuration")
}

/// Returns the name of the Secret with a version's configuration files and the token that fetches its package. Separate
/// from [`secret`], which is loaded into the environment as a whole.
pub fn files_secret(version: &str) -> String {
    format!("{version}-files")
}

/// Returns the name of the Secret with the addresses of the broker and the stores, which may contain passwords.
pub fn stores_secret(version: &str) -> String {
    format!("{version}-stores")
}

/// Returns the gRPC address of a started version inside the cluster.
pub fn address_inside(version: &str, namespace: &str) -> String {
    format!("{}.{namespace}.svc:9000", service(version))
}

/// Returns the external host name of a runtime's published version.
pub fn ingress_host(runtime: &str, base_domain: &str) -> String {
    format!("{runtime}-entrypoint.{base_domain}")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    const NAME: &str = "[a-z0-9]([-a-z0-9]{0,17}[a-z0-9])?";

    fn is_dns_label(name: &str) -> bool {
        !name.is_empty()
            && name.len() <= 63
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !name.starts_with('-')
            && !name.ends_with('-')
    }

    #[test]
    fn names_of_the_classificator_are_readable() {
        assert_eq!(deployment("classificator-v1", "classificator", "etl"), "classificator-v1-classificator-etl-e3767a");
        assert_eq!(entrypoint_deployment("classificator-v1"), "classificator-v1-entrypoint-entrypoint-04b09a");
        assert_eq!(address_inside("v1", "kre-demo"), "v1.kre-demo.svc:9000");
        assert_eq!(ingress_host("demo", "example.org"), "demo-entrypoint.example.org");
    }

    #[test]
    fn the_longest_names_are_cut_before_their_digits() {
        let name = deployment(&"v".repeat(19), &"w".repeat(19), &"n".repeat(19));
        assert_eq!(name.len(), 63);
        assert!(is_dns_label(&name));
    }

    #[test]
    fn a_cut_that_falls_on_a_dash_leaves_one_dash() {
        let workflow = format!("{}-{}", "w".repeat(16), "w");
        let node = format!("{}-{}", "n".repeat(16), "nn");
        let name = deployment(&"v".repeat(19), &workflow, &node);
        assert!(is_dns_label(&name) && !name.contains("--"), "{name}");
    }

    #[test]
    fn readable_parts_that_look_the_same_get_different_names() {
        assert_ne!(deployment("v1", "a-b", "c"), deployment("v1", "a", "b-c"));
    }

    proptest! {
        #[test]
        fn every_name_is_a_dns_label(version in NAME, workflow in NAME, node in NAME) {
            for name in [
                deployment(&version, &workflow, &node),
                entrypoint_deployment(&version),
                default_namespace(&version),
                service(&version),
                version_label(&version),
                root_config_map(&version),
                subjects_config_map(&version),
                secret(&version),
                files_secret(&version),
                stores_secret(&version),
            ] {
                prop_assert!(is_dns_label(&name), "{}", name);
            }
        }

        #[test]
        fn deployments_of_different_processes_are_distinct(
            processes in prop::collection::hash_set((NAME, NAME, NAME), 1..20),
        ) {
            let names: HashSet<_> = processes.iter().map(|(v, w, n)| deployment(v, w, n)).collect();
            prop_assert_eq!(names.len(), processes.len());
        }

        #[test]
        fn config_maps_of_different_versions_are_distinct(one in NAME, other in NAME) {
            prop_assert_ne!(root_config_map(&one), subjects_config_map(&other));
            prop_assert_eq!(root_config_map(&one) == root_config_map(&other), one == other);
        }
    }
}
