//! `krt-console cluster`: the simulated cluster as a process of its own, so that consoles come and go while it lives.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use embedded_cluster::EmbeddedCluster;

use crate::settings::{Listen, cluster_speed};

#[derive(Args, Debug)]
pub struct ClusterOptions {
    /// Address or name, and port to listen on; there is no sign-in, so keep it on this machine
    #[arg(long, env = "KRT_CONSOLE_CLUSTER_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:3001")]
    listen: Listen,

    /// File that the objects are kept in; without it, they are gone when the process ends
    #[arg(long, env = "KRT_CONSOLE_CLUSTER_DATA", value_name = "FILE")]
    data: Option<PathBuf>,

    /// Write the kubeconfig into this file instead of printing it
    #[arg(long, env = "KRT_CONSOLE_CLUSTER_WRITE_KUBECONFIG", value_name = "FILE")]
    write_kubeconfig: Option<PathBuf>,

    /// How much faster than the clock on the wall its pods live: 0.01 to 1000
    #[arg(long, env = "KRT_CONSOLE_CLUSTER_SPEED", value_name = "FACTOR", default_value_t = 1.0, value_parser = cluster_speed)]
    speed: f64,
}

pub async fn run(options: ClusterOptions) -> anyhow::Result<()> {
    let stop = super::stop_signal()?;
    let listener = options.listen.bind().await.with_context(|| format!("cannot listen on {}", options.listen))?;
    let address = listener.local_addr().context("cannot tell the address that is listened on")?;
    let how = embedded_cluster::Options { speed: options.speed, ..Default::default() };
    let cluster = EmbeddedCluster::open(options.data.as_deref(), how).await?;
    // Only now, so that whoever waits for the kubeconfig finds the cluster listening.
    let kubeconfig = embedded_cluster::kubeconfig(address);
    match &options.write_kubeconfig {
        Some(file) => {
            std::fs::write(file, kubeconfig).with_context(|| format!("cannot write {}", file.display()))?;
            tracing::info!("the kubeconfig is in {}", file.display());
        }
        None => std::io::stdout().write_all(kubeconfig.as_bytes()).context("cannot print the kubeconfig")?,
    }
    tracing::info!("the simulated cluster listens on http://{address}");
    embedded_cluster::serve(cluster, listener, stop.cancelled_owned()).await.context("the listener failed")?;
    tracing::info!("stopped");
    Ok(())
}
