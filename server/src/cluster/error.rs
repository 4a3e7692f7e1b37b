//! Errors of the cluster, with messages for people.

use std::error::Error;

/// Why the cluster could not be reached, or did not do what it was asked to do.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// The kubeconfig, or the in-cluster configuration of a pod, cannot be used.
    #[error("cannot read the cluster's address and credentials: {0}")]
    Configuration(String),
    /// The namespace cannot be used for the runtime.
    #[error("{0}")]
    Namespace(String),
    /// An object of someone else has the name of one of ours.
    #[error("the {kind} {name} in namespace {namespace} does not belong to this console{}", whose(.owner))]
    Foreign {
        kind: &'static str,
        name: String,
        namespace: String,
        /// The instance in the object's labels; `None`: no console wrote the object.
        owner: Option<String>,
    },
    /// Another process with the same instance ID holds the Lease there, or this process cannot rule that out.
    #[error("this process does not manage namespace {namespace} now: {why}")]
    NotHeld { namespace: String, why: String },
    /// The first lists are not complete yet, so an object that was not seen may still exist.
    #[error("the cluster's objects have not been read yet; try again in a moment")]
    NotRead,
    /// The API server did not respond.
    #[error("no response from the API server")]
    Unreachable(#[source] kube::Error),
    /// The API server rejected the call.
    #[error("the cluster refused to {what}: {}", reason(.source))]
    Refused { what: String, source: kube::Error },
}

impl ClusterError {
    /// Converts kube's error. `what` completes "the cluster refused to …", as in "apply the Deployment x".
    pub(crate) fn from_kube(what: impl Into<String>) -> impl FnOnce(kube::Error) -> ClusterError {
        |error| match error {
            kube::Error::Api(_) => ClusterError::Refused { what: what.into(), source: error },
            _ => ClusterError::Unreachable(error),
        }
    }

    /// Whether the error persists until someone changes something.
    pub(crate) fn is_rejection(&self) -> bool {
        match self {
            ClusterError::Refused { .. } => !self.is_conflict(),
            ClusterError::Namespace(_) | ClusterError::Foreign { .. } => true,
            ClusterError::Configuration(_)
            | ClusterError::NotHeld { .. }
            | ClusterError::NotRead
            | ClusterError::Unreachable(_) => false,
        }
    }

    /// Whether a permission is missing.
    pub fn is_forbidden(&self) -> bool {
        matches!(self, ClusterError::Refused { source: kube::Error::Api(status), .. } if status.is_forbidden())
    }

    /// Whether someone else changed the object in between: read it again.
    pub fn is_conflict(&self) -> bool {
        matches!(self, ClusterError::Refused { source: kube::Error::Api(status), .. } if status.is_conflict())
    }
}

fn whose(owner: &Option<String>) -> String {
    match owner {
        Some(instance) => {
            format!(" but to another one (instance {instance}); remove it there or choose another namespace")
        }
        None => "; remove or rename the object".to_owned(),
    }
}

/// The message of the API server or of the network.
pub(super) fn reason(error: &kube::Error) -> String {
    match error {
        kube::Error::Api(status) if !status.message.is_empty() => status.message.clone(),
        kube::Error::Api(status) => status.reason.clone(),
        other => innermost(other),
    }
}

/// The innermost cause: what a person can act on ("connection refused").
fn innermost(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
