//! Binds the console's role to itself in the namespace of a runtime, where it does not have that role yet.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use k8s_openapi::api::rbac::v1::{RoleBinding, RoleRef, Subject};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{Patch, PatchParams};
use kube::{Api, ResourceExt};

use super::kinds::RUNTIME_ROLE;
use super::labels::{self, INSTANCE, MANAGER};
use super::permissions::{WRITE_IN_NAMESPACE, may, who};
use super::{Cluster, ClusterError};
use crate::state::Runtime;

/// Name of the RoleBinding in each namespace.
const NAME: &str = "krt-console";

/// Namespaces in which the console is known to have its role.
pub(super) type Bound = Mutex<HashSet<String>>;

impl Cluster {
    /// Binds the role in the runtime's namespace if the console cannot write there. Checked once for each namespace,
    /// and again after a call there was refused.
    pub(crate) async fn bind_role(&self, runtime: &Runtime) -> Result<(), ClusterError> {
        let namespace = &runtime.namespace;
        let bound = || self.0.bound.lock().unwrap_or_else(PoisonError::into_inner);
        if bound().contains(namespace) {
            return Ok(());
        }
        if !may(&self.0.client, &WRITE_IN_NAMESPACE, Some(namespace)).await? {
            self.apply_binding(runtime).await?;
        }
        bound().insert(namespace.clone());
        Ok(())
    }

    /// Checks the role again on the next pass: a call there was refused.
    pub(super) fn forget_role(&self, runtime: &Runtime) {
        self.0.bound.lock().unwrap_or_else(PoisonError::into_inner).remove(&runtime.namespace);
    }

    async fn apply_binding(&self, runtime: &Runtime) -> Result<(), ClusterError> {
        let namespace = &runtime.namespace;
        let api = Api::<RoleBinding>::namespaced(self.0.client.clone(), namespace);
        let refused = |verb: &str| ClusterError::from_kube(format!("{verb} the RoleBinding {NAME} in {namespace}"));
        let name = who(&self.0.client).await?;
        let Some((home, account)) = service_account(&name) else {
            return Err(ClusterError::Namespace(format!(
                "this console ({name}) has no permission to write to namespace {namespace}; bind a role to it there"
            )));
        };
        let found = api.get_opt(NAME).await.map_err(refused("read"))?;
        let foreign = found.filter(|found| found.labels().get(INSTANCE) != Some(&self.0.instance));
        if let Some(foreign) = foreign {
            return Err(ClusterError::Foreign {
                kind: "RoleBinding",
                name: NAME.to_owned(),
                namespace: namespace.clone(),
                owner: foreign.labels().get(INSTANCE).cloned(),
            });
        }
        let binding = binding(&self.0.instance, runtime, home, account);
        let parameters = PatchParams::apply(MANAGER).force();
        api.patch(NAME, &parameters, &Patch::Apply(&binding)).await.map_err(refused("apply"))?;
        tracing::info!(runtime = runtime.id, namespace, "bound the console's role in the namespace");
        Ok(())
    }
}

fn binding(instance: &str, runtime: &Runtime, home: &str, account: &str) -> RoleBinding {
    RoleBinding {
        metadata: ObjectMeta {
            name: Some(NAME.to_owned()),
            namespace: Some(runtime.namespace.clone()),
            labels: Some(labels::of_runtime(instance, &runtime.id)),
            ..ObjectMeta::default()
        },
        role_ref: RoleRef {
            api_group: "rbac.authorization.k8s.io".to_owned(),
            kind: "ClusterRole".to_owned(),
            name: RUNTIME_ROLE.to_owned(),
        },
        subjects: Some(vec![Subject {
            kind: "ServiceAccount".to_owned(),
            name: account.to_owned(),
            namespace: Some(home.to_owned()),
            api_group: None,
        }]),
    }
}

/// Namespace and name of the service account with this user name.
fn service_account(user: &str) -> Option<(&str, &str)> {
    user.strip_prefix("system:serviceaccount:")?.split_once(':')
}

#[cfg(test)]
mod tests {
    use super::service_account;

    #[test]
    fn a_service_account_is_recognized_by_its_user_name() {
        assert_eq!(service_account("system:serviceaccount:a:b"), Some(("a", "b")));
        assert_eq!(service_account("ada@example.org"), None);
    }
}
