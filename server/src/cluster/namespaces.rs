//! Whether a namespace may be taken for a runtime, asked anew.

use k8s_openapi::api::core::v1::Namespace;
use kube::Api;

use super::labels::RUNTIME;
use super::objects::namespace::refusal;
use super::permissions::{MAKE_NAMESPACE, may};
use super::{Cluster, ClusterError};

impl Cluster {
    /// Whether a namespace is free, or labelled for this runtime.
    ///
    /// # Errors
    /// [`ClusterError::Namespace`] says in words why it cannot be taken; others when the cluster cannot be asked.
    pub async fn check_namespace(&self, namespace: &str, runtime: &str) -> Result<(), ClusterError> {
        let api = Api::<Namespace>::all(self.0.client.clone());
        let what = format!("read the namespace {namespace}");
        let Some(found) = api.get_opt(namespace).await.map_err(ClusterError::from_kube(what))? else {
            return match may(&self.0.client, &MAKE_NAMESPACE, "create", None).await? {
                true => Ok(()),
                false => Err(ClusterError::Namespace(format!(
                    "the namespace {namespace} does not exist, and this console may not make namespaces; have it \
                     prepared first, with the label {RUNTIME}={runtime}"
                ))),
            };
        };
        if found.metadata.deletion_timestamp.is_some() {
            let words =
                format!("the namespace {namespace} is being deleted; wait until it is gone, or choose another one");
            return Err(ClusterError::Namespace(words));
        }
        match refusal(namespace, &found.metadata.labels.unwrap_or_default(), &self.0.instance, runtime) {
            Some(words) => Err(ClusterError::Namespace(words)),
            None => Ok(()),
        }
    }
}
