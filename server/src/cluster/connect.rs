//! Builds a client from the location of the cluster.

use std::path::PathBuf;

use app::model::ClusterKind;
use kube::client::ClientBuilder;
use kube::config::{Config, KubeConfigOptions, Kubeconfig};
use tower::ServiceBuilder;

use super::ClusterError;
use super::calls::CallsLayer;
use super::error::reason;

/// Where the cluster is.
#[derive(Clone, Debug)]
pub enum Connection {
    /// The router of the embedded cluster.
    Embedded(axum::Router),
    /// A kubeconfig: this file, or `$KUBECONFIG` or `~/.kube/config`; this context, or its current one.
    Kubeconfig { file: Option<PathBuf>, context: Option<String> },
    /// The cluster that this process runs in as a pod.
    InCluster,
}

impl Connection {
    pub fn kind(&self) -> ClusterKind {
        match self {
            Connection::Embedded(_) => ClusterKind::Embedded,
            Connection::Kubeconfig { .. } => ClusterKind::Kubeconfig,
            Connection::InCluster => ClusterKind::InCluster,
        }
    }
}

/// Returns a client whose writes are counted for the kill tests, and whose calls time out. Sends nothing yet.
///
/// # Errors
/// [`ClusterError::Configuration`] when the kubeconfig or the pod's own credentials cannot be used.
pub async fn connect(connection: Connection) -> Result<kube::Client, ClusterError> {
    let config = match connection {
        Connection::Embedded(router) => {
            let service = ServiceBuilder::new().layer(CallsLayer).service(router);
            return Ok(kube::Client::new(service, "default"));
        }
        Connection::Kubeconfig { file, context } => kubeconfig(file, context).await?,
        Connection::InCluster => Config::incluster().map_err(|error| ClusterError::Configuration(error.to_string()))?,
    };
    let builder = ClientBuilder::try_from(config).map_err(|error| ClusterError::Configuration(reason(&error)))?;
    Ok(builder.with_layer(&CallsLayer).build())
}

async fn kubeconfig(file: Option<PathBuf>, context: Option<String>) -> Result<Config, ClusterError> {
    let refused = |error: kube::config::KubeconfigError| ClusterError::Configuration(error.to_string());
    let options = KubeConfigOptions { context, ..KubeConfigOptions::default() };
    match file {
        Some(file) => {
            let kubeconfig = Kubeconfig::read_from(file).map_err(refused)?;
            Config::from_custom_kubeconfig(kubeconfig, &options).await.map_err(refused)
        }
        None => Config::from_kubeconfig(&options).await.map_err(refused),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_context_that_the_kubeconfig_does_not_have_is_named_and_one_that_it_has_is_used() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kubeconfig.yaml");
        std::fs::write(&file, embedded_cluster::kubeconfig("127.0.0.1:1".parse().unwrap())).unwrap();
        let with =
            |context: &str| Connection::Kubeconfig { file: Some(file.clone()), context: Some(context.to_owned()) };
        let refused = connect(with("staging")).await.err().unwrap().to_string();
        assert!(refused.contains("staging"), "{refused}");
        assert!(connect(with("krt-console-embedded")).await.is_ok());
    }

    #[tokio::test]
    async fn in_cluster_credentials_that_are_missing_are_reported() {
        // Where tests run in a pod, the credentials are not missing.
        if std::env::var_os("KUBERNETES_SERVICE_HOST").is_none() {
            let refused = connect(Connection::InCluster).await.err().unwrap().to_string();
            assert!(refused.starts_with("cannot read the cluster's address and credentials"), "{refused}");
        }
    }
}
