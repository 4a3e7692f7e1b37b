//! The namespace of a runtime, and whether an existing one can be used for it.

use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::Built;
use crate::cluster::labels::{self, INSTANCE, Labels, RUNTIME};
use crate::state::Runtime;

/// The namespace of a runtime. It enforces the Pod Security Standard `restricted`, which our pods satisfy.
pub fn namespace(instance: &str, runtime: &Runtime) -> Built {
    let mut all = labels::of_runtime(instance, &runtime.id);
    all.insert("pod-security.kubernetes.io/enforce".to_owned(), "restricted".to_owned());
    let object = Namespace {
        metadata: ObjectMeta { name: Some(runtime.namespace.clone()), labels: Some(all), ..ObjectMeta::default() },
        ..Namespace::default()
    };
    Built::new(object)
}

/// Why a namespace with these labels cannot be used for a runtime; `None`: it can. It is adopted only when labeled for
/// the runtime, and never from another console.
pub fn refusal(namespace: &str, labels: &Labels, instance: &str, runtime: &str) -> Option<String> {
    match labels.get(INSTANCE) {
        Some(other) if other != instance => {
            return Some(format!(
                "the namespace {namespace} belongs to another console (instance {other}); choose another namespace"
            ));
        }
        _ => {}
    }
    match labels.get(RUNTIME) {
        Some(other) if other == runtime => None,
        Some(other) => Some(format!("the namespace {namespace} belongs to runtime {other}; choose another one")),
        None => Some(format!(
            "the namespace {namespace} already exists; choose another one, or label it {RUNTIME}={runtime} to use it"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_is_adopted_only_when_labeled_for_the_runtime_and_for_no_other() {
        let labels = |pairs: &[(&str, &str)]| -> Labels {
            pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
        };
        let refused = |pairs| refusal("kre-demo", &labels(pairs), "a1", "demo");
        assert_eq!(refused(&[(RUNTIME, "demo")]), None);
        assert_eq!(refused(&[(RUNTIME, "demo"), (INSTANCE, "a1")]), None);
        assert!(refused(&[]).unwrap().contains("already exists"));
        assert!(refused(&[(RUNTIME, "other")]).unwrap().contains("runtime other"));
        assert!(refused(&[(RUNTIME, "demo"), (INSTANCE, "b2")]).unwrap().contains("another console"));
    }
}
