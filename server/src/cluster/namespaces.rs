//! Whether a namespace can be used for a runtime, by a fresh call.

use k8s_openapi::api::core::v1::Namespace;
use kube::Api;

use super::labels::RUNTIME;
use super::objects::namespace::refusal;
use super::permissions::{MAKE_NAMESPACE, may};
use super::{Cluster, ClusterError};

impl Cluster {
    /// Succeeds when a namespace does not exist and may be created, or is labeled for this runtime.
    ///
    /// # Errors
    /// [`ClusterError::Namespace`] with the reason why it cannot be used; others when the call fails.
    pub async fn check_namespace(&self, namespace: &str, runtime: &str) -> Result<(), ClusterError> {
        let api = Api::<Namespace>::all(self.0.client.clone());
        let what = format!("read the namespace {namespace}");
        let Some(found) = api.get_opt(namespace).await.map_err(ClusterError::from_kube(what))? else {
            return match may(&self.0.client, &MAKE_NAMESPACE, None).await? {
                true => Ok(()),
                false => Err(ClusterError::Namespace(format!(
                    "the namespace {namespace} does not exist, and this console has no permission to create namespaces; ask a \
                     cluster administrator to prepare it with the label {RUNTIME}={runtime}"
                ))),
            };
        };
        if found.metadata.deletion_timestamp.is_some() {
            let words =
                format!("the namespace {namespace} is being deleted; wait until it is gone or choose another one");
            return Err(ClusterError::Namespace(words));
        }
        match refusal(namespace, &found.metadata.labels.unwrap_or_default(), &self.0.instance, runtime) {
            Some(words) => Err(ClusterError::Namespace(words)),
            None => Ok(()),
        }
    }
}
