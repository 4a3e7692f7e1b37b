//! What can go wrong with the cluster, in words for people.

use std::error::Error;

/// Why the cluster was not reached, or did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// The kubeconfig, or what a pod is told of its cluster, cannot be used.
    #[error("the cluster's address and credentials cannot be read: {0}")]
    Configuration(String),
    /// The namespace exists and may not be taken.
    #[error("{0}")]
    Namespace(String),
    /// Something that is not ours has the name of something of ours.
    #[error("the namespace {namespace} has a {kind} called {name} that does not belong to this console{}", whose(.owner))]
    Foreign {
        kind: &'static str,
        name: String,
        namespace: String,
        /// The instance in its labels; `None`: no console wrote it.
        owner: Option<String>,
    },
    /// Another process with the same instance ID acts there, or this one cannot tell that none does.
    #[error("this process may not write to the namespace {namespace} now: {why}")]
    NotHeld { namespace: String, why: String },
    /// What the cluster holds has not been read yet, so nothing can be said about what is not there.
    #[error("the cluster's objects have not been read yet; try again in a moment")]
    NotRead,
    /// No answer.
    #[error("the cluster does not answer")]
    Unreachable(#[source] kube::Error),
    /// An answer, and it is no.
    #[error("the cluster refused to {what}: {}", reason(.source))]
    Refused { what: String, source: kube::Error },
}

impl ClusterError {
    /// From kube's error and what was tried, as in "apply the Deployment x".
    pub(crate) fn from_kube(what: impl Into<String>) -> impl FnOnce(kube::Error) -> ClusterError {
        |error| match error {
            kube::Error::Api(_) => ClusterError::Refused { what: what.into(), source: error },
            _ => ClusterError::Unreachable(error),
        }
    }

    /// Whether it stays until somebody mends something.
    pub(crate) fn is_obstacle(&self) -> bool {
        match self {
            ClusterError::Refused { .. } => !self.is_conflict(),
            ClusterError::Namespace(_) | ClusterError::Foreign { .. } => true,
            ClusterError::Configuration(_)
            | ClusterError::NotHeld { .. }
            | ClusterError::NotRead
            | ClusterError::Unreachable(_) => false,
        }
    }

    /// Whether a right is missing.
    pub fn is_forbidden(&self) -> bool {
        matches!(self, ClusterError::Refused { source: kube::Error::Api(status), .. } if status.is_forbidden())
    }

    /// Whether the object was changed by somebody else in between: look again.
    pub fn is_conflict(&self) -> bool {
        matches!(self, ClusterError::Refused { source: kube::Error::Api(status), .. } if status.is_conflict())
    }
}

fn whose(owner: &Option<String>) -> String {
    match owner {
        Some(instance) => {
            format!(" but to another one (instance {instance}); remove it there, or choose another namespace")
        }
        None => "; remove or rename it".to_owned(),
    }
}

/// What the API server, or the network, says.
pub(super) fn reason(error: &kube::Error) -> String {
    match error {
        kube::Error::Api(status) if !status.message.is_empty() => status.message.clone(),
        kube::Error::Api(status) => status.reason.clone(),
        other => innermost(other),
    }
}

/// The cause of all causes: what a person can act on ("connection refused").
fn innermost(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
