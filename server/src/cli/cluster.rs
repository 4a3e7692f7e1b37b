//! `krt-console cluster`: the simulated cluster as a separate process that outlives the consoles that use it.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use embedded_cluster::EmbeddedCluster;

use crate::settings::{Listen, cluster_speed};

#[derive(Args, Debug)]
pub struct ClusterOptions {
    /// Address or host name and port to listen on; use a local one, the cluster does not authenticate
    #[arg(long, env = "KRT_CONSOLE_CLUSTER_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:3001")]
    listen: Listen,

    /// File that stores the objects; without it, they are lost when the process ends
    #[arg(long, env = "KRT_CONSOLE_CLUSTER_DATA", value_name = "FILE")]
    data: Option<PathBuf>,

    /// Write the kubeconfig to this file instead of standard output
    #[arg(long, env = "KRT_CONSOLE_CLUSTER_WRITE_KUBECONFIG", value_name = "FILE")]
    write_kubeconfig: Option<PathBuf>,

    /// Speed of the simulated pods relative to real time: 0.01 to 1000
    #[arg(long, env = "KRT_CONSOLE_CLUSTER_SPEED", value_name = "FACTOR", default_value_t = 1.0, value_parser = cluster_speed)]
    speed: f64,
}

pub async fn run(options: ClusterOptions) -> anyhow::Result<()> {
    let stop = super::stop_signal()?;
    let listener = options.listen.bind().await.with_context(|| format!("cannot listen on {}", options.listen))?;
    let address = listener.local_addr().context("cannot determine the listening address")?;
    let how = embedded_cluster::Options { speed: options.speed, ..Default::default() };
    let cluster = EmbeddedCluster::open(options.data.as_deref(), how).await?;
    // Written last: a process that waits for the kubeconfig then finds the cluster listening.
    let kubeconfig = embedded_cluster::kubeconfig(address);
    match &options.write_kubeconfig {
        Some(file) => {
            std::fs::write(file, kubeconfig).with_context(|| format!("cannot write {}", file.display()))?;
            tracing::info!("wrote the kubeconfig to {}", file.display());
        }
        None => std::io::stdout().write_all(kubeconfig.as_bytes()).context("cannot print the kubeconfig")?,
    }
    tracing::info!("the simulated cluster is listening on http://{address}");
    embedded_cluster::serve(cluster, listener, stop.cancelled_owned()).await.context("the listener failed")?;
    tracing::info!("stopped");
    Ok(())
}
