//! Serves the cluster on a socket, for kubectl and for a console in another process.

use std::future::Future;
use std::io;
use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::EmbeddedCluster;

/// Serves on `listener` until `shutdown` resolves; then ends open watches, stops the controllers, and returns.
///
/// There is no authentication and no TLS: listen on loopback only.
///
/// # Errors
/// Fails when the listener fails permanently.
pub async fn serve(
    cluster: EmbeddedCluster,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let router = cluster.router();
    let stop = async move {
        shutdown.await;
        cluster.shutdown().await;
    };
    axum::serve(listener, router).with_graceful_shutdown(stop).await
}

/// A kubeconfig (YAML) whose only context points to a cluster served on `address`.
pub fn kubeconfig(address: SocketAddr) -> String {
    format!(
        "apiVersion: v1\n\
         kind: Config\n\
         clusters:\n\
         - name: krt-console-embedded\n  cluster:\n    server: http://{address}\n\
         users:\n\
         - name: anyone\n  user: {{}}\n\
         contexts:\n\
         - name: krt-console-embedded\n  context:\n    cluster: krt-console-embedded\n    user: anyone\n\
         current-context: krt-console-embedded\n"
    )
}
