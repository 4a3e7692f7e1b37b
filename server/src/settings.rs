//! Every option of `krt-console serve`, each also an environment variable `KRT_CONSOLE_*`, with its default and reason.

mod units;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use app::model::ClusterKind;
use clap::{Args, ValueEnum};

use crate::cluster;

pub use units::{Bytes, Period};

pub mod public_url;

pub use public_url::PublicUrl;

/// What `serve` is told.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct Settings {
    /// Address and port to listen on; port 0 takes any free one
    #[arg(long, env = "KRT_CONSOLE_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,

    /// How people reach the console, when a proxy stands before it: https://console.example.org
    ///
    /// With https, the session cookie is sent over https only. Without this option, it is http and the listen address.
    #[arg(long, env = "KRT_CONSOLE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<PublicUrl>,

    /// Folder of the database and the packages; made when it is missing, used by one process at a time
    #[arg(long, env = "KRT_CONSOLE_DATA", value_name = "FOLDER", default_value = "./data")]
    pub data: PathBuf,

    /// How much all packages together may take on the disk
    #[arg(long, env = "KRT_CONSOLE_MAX_STORAGE", value_name = "SIZE", default_value = "20GiB")]
    pub max_storage: Bytes,

    /// The largest package that can be uploaded
    #[arg(long, env = "KRT_CONSOLE_MAX_UPLOAD", value_name = "SIZE", default_value = "1GiB")]
    pub max_upload: Bytes,

    /// Where versions run
    #[arg(long, env = "KRT_CONSOLE_CLUSTER", value_enum, default_value_t = ClusterChoice::Embedded)]
    pub cluster: ClusterChoice,

    /// Kubeconfig file for `--cluster kubeconfig`; without it, $KUBECONFIG or ~/.kube/config
    #[arg(long, env = "KRT_CONSOLE_KUBECONFIG", value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,

    /// Context in the kubeconfig; without it, its current one
    #[arg(long, env = "KRT_CONSOLE_CONTEXT", value_name = "NAME")]
    pub context: Option<String>,

    /// How much faster than the clock on the wall the pods of the embedded cluster live: 0.01 to 1000
    #[arg(long, env = "KRT_CONSOLE_CLUSTER_SPEED", value_name = "FACTOR", default_value_t = 1.0, value_parser = cluster_speed)]
    pub cluster_speed: f64,

    /// Folder of the browser's files; without it, `site` beside the program or `target/site`
    #[arg(long, env = "KRT_CONSOLE_SITE", value_name = "FOLDER")]
    pub site: Option<PathBuf>,

    /// How long somebody who does not use the console stays signed in: 30m, 12h, 7d; 30 days are the most in any case
    #[arg(long, env = "KRT_CONSOLE_SESSION_LENGTH", value_name = "PERIOD", default_value = "7d")]
    pub session_length: Period,

    #[command(flatten)]
    pub on_cluster: cluster::Settings,
}

/// Where versions run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClusterChoice {
    /// A simulated cluster inside this process, kept in the data folder; every page says so
    Embedded,
    /// The cluster that a kubeconfig names
    Kubeconfig,
    /// The cluster that this process runs in as a pod
    InCluster,
}

impl From<ClusterChoice> for ClusterKind {
    fn from(choice: ClusterChoice) -> ClusterKind {
        match choice {
            ClusterChoice::Embedded => ClusterKind::Embedded,
            ClusterChoice::Kubeconfig => ClusterKind::Kubeconfig,
            ClusterChoice::InCluster => ClusterKind::InCluster,
        }
    }
}

/// What the embedded cluster's clock can do.
pub fn cluster_speed(text: &str) -> Result<f64, String> {
    let speed = text.parse::<f64>().ok().filter(|speed| (0.01..=1000.0).contains(speed));
    speed.ok_or_else(|| "a number from 0.01 to 1000 is meant".to_owned())
}

impl Settings {
    /// The folder of the browser's files: the one that was named, or the first that exists of `site` beside the
    /// program, the `site` beside the program's folder (where a build puts both), and `target/site`.
    pub fn site_folder(&self) -> PathBuf {
        if let Some(named) = &self.site {
            return named.clone();
        }
        let program = std::env::current_exe().unwrap_or_default();
        let beside = program.parent().into_iter().flat_map(|folder| {
            let above = folder.parent().map(|above| above.join("site"));
            std::iter::once(folder.join("site")).chain(above)
        });
        let built = Path::new("target/site").to_owned();
        beside.chain([built.clone()]).find(|folder| folder.is_dir()).unwrap_or(built)
    }
}
