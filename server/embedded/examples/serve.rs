//! Serves a cluster for kubectl: `cargo run -p embedded-cluster --example serve -- 127.0.0.1:8001 [FILE]`.

use std::path::PathBuf;

use embedded_cluster::{EmbeddedCluster, Options, kubeconfig, serve};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8001".to_owned());
    let file = arguments.next().map(PathBuf::from);
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("{}", kubeconfig(listener.local_addr()?));
    let cluster = EmbeddedCluster::open(file.as_deref(), Options::default()).await?;
    let stop = async {
        // Without a signal handler the process runs until it is killed, which its file survives.
        let _ = tokio::signal::ctrl_c().await;
    };
    serve(cluster, listener, stop).await?;
    Ok(())
}
