//! The calls about a Lease: each write creates the object or replaces exactly the resource version that was read.

use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, ObjectMeta};
use k8s_openapi::jiff::Timestamp;
use kube::api::PostParams;
use kube::{Api, ResourceExt};

use super::record::Verdict;
use super::{Leases, NAME};
use crate::cluster::ClusterError;
use crate::cluster::labels::{self, INSTANCE, RUNTIME};

/// The result of an attempt to take a Lease.
pub(super) enum Taken {
    Yes(Box<Lease>),
    /// Another process holds it, or was faster.
    No,
    NoNamespace,
}

impl Leases {
    /// Reads the Lease, and takes it if it is free.
    pub(super) async fn take(&self, namespace: &str, runtime: &str) -> Result<Taken, ClusterError> {
        let api = self.api(namespace);
        let Some(found) = api.get_opt(NAME).await.map_err(refused("read", namespace))? else {
            let new = self.lease(namespace, runtime, None);
            return match api.create(&PostParams::default(), &new).await {
                Err(kube::Error::Api(status)) if status.is_not_found() || is_going(&status) => Ok(Taken::NoNamespace),
                answer => self.taken(namespace, "create", answer).await,
            };
        };
        let instance = found.labels().get(INSTANCE);
        if instance != Some(&self.0.identity.instance) {
            return Err(ClusterError::Foreign {
                kind: "Lease",
                name: NAME.to_owned(),
                namespace: namespace.to_owned(),
                owner: instance.cloned(),
            });
        }
        self.note(&found);
        match self.verdict(namespace) {
            Verdict::Taken(_) => Ok(Taken::No),
            Verdict::Free => {
                let ours = self.lease(namespace, runtime, Some(&found));
                self.taken(namespace, "update", api.replace(NAME, &PostParams::default(), &ours).await).await
            }
        }
    }

    /// Renews the Lease; `None`: it is no longer ours.
    pub(super) async fn renew(&self, last: &Lease) -> Result<Option<Lease>, ClusterError> {
        let namespace = last.namespace().unwrap_or_default();
        let api = self.api(&namespace);
        let runtime = last.labels().get(RUNTIME).cloned().unwrap_or_default();
        let ours = self.lease(&namespace, &runtime, Some(last));
        match api.replace(NAME, &PostParams::default(), &ours).await {
            Ok(lease) => return Ok(Some(lease)),
            Err(kube::Error::Api(status)) if status.is_conflict() || status.is_not_found() => {}
            Err(error) => return Err(refused("update", &namespace)(error)),
        }
        // Someone else wrote to it: a label, or another holder.
        let found = api.get_opt(NAME).await.map_err(refused("read", &namespace))?;
        let Some(found) = found.filter(|lease| holder(lease) == self.0.identity.process) else { return Ok(None) };
        let ours = self.lease(&namespace, &runtime, Some(&found));
        api.replace(NAME, &PostParams::default(), &ours).await.map(Some).map_err(refused("update", &namespace))
    }

    /// Writes an empty holder, as client-go does: a waiting process may take the Lease at once.
    pub(super) async fn hand_back(&self, namespace: &str) -> Result<(), ClusterError> {
        let api = self.api(namespace);
        let found = api.get_opt(NAME).await.map_err(refused("read", namespace))?;
        let Some(mut lease) = found.filter(|lease| holder(lease) == self.0.identity.process) else { return Ok(()) };
        if let Some(spec) = &mut lease.spec {
            spec.holder_identity = Some(String::new());
            spec.lease_duration_seconds = Some(1);
        }
        api.replace(NAME, &PostParams::default(), &lease).await.map(drop).map_err(refused("update", namespace))
    }

    async fn taken(
        &self,
        namespace: &str,
        verb: &str,
        answer: Result<Lease, kube::Error>,
    ) -> Result<Taken, ClusterError> {
        match answer {
            Ok(lease) => Ok(Taken::Yes(Box::new(lease))),
            Err(kube::Error::Api(status)) if status.is_conflict() || status.is_already_exists() => {
                if let Some(found) = self.api(namespace).get_opt(NAME).await.map_err(refused("read", namespace))? {
                    self.note(&found);
                }
                Ok(Taken::No)
            }
            Err(error) => Err(refused(verb, namespace)(error)),
        }
    }

    /// The Lease with this process as its holder.
    fn lease(&self, namespace: &str, runtime: &str, before: Option<&Lease>) -> Lease {
        let process = &self.0.identity.process;
        let spec = before.and_then(|lease| lease.spec.clone()).unwrap_or_default();
        let was_ours = spec.holder_identity.as_ref() == Some(process);
        let now = MicroTime(Timestamp::now());
        let transitions = spec.lease_transitions.unwrap_or(0) + i32::from(before.is_some() && !was_ours);
        Lease {
            metadata: ObjectMeta {
                name: Some(NAME.to_owned()),
                namespace: Some(namespace.to_owned()),
                labels: Some(labels::of_runtime(&self.0.identity.instance, runtime)),
                resource_version: before.and_then(|lease| lease.metadata.resource_version.clone()),
                ..ObjectMeta::default()
            },
            spec: Some(LeaseSpec {
                holder_identity: Some(process.clone()),
                lease_duration_seconds: i32::try_from(self.0.timing.duration.as_secs().max(1)).ok(),
                acquire_time: if was_ours { spec.acquire_time } else { Some(now.clone()) },
                renew_time: Some(now),
                lease_transitions: Some(transitions),
                ..LeaseSpec::default()
            }),
        }
    }

    fn api(&self, namespace: &str) -> Api<Lease> {
        Api::namespaced(self.0.client.clone(), namespace)
    }
}

fn holder(lease: &Lease) -> &str {
    lease.spec.as_ref().and_then(|spec| spec.holder_identity.as_deref()).unwrap_or_default()
}

/// Whether the namespace is being deleted and accepts no new objects.
fn is_going(status: &kube::core::Status) -> bool {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    status.is_forbidden() && causes.into_iter().any(|cause| cause.reason == "NamespaceTerminating")
}

fn refused(verb: &str, namespace: &str) -> impl FnOnce(kube::Error) -> ClusterError {
    ClusterError::from_kube(format!("{verb} the Lease {NAME} in {namespace}"))
}
