//! Every option of `krt-console serve`, each also an environment variable `KRT_CONSOLE_*`, with its default and reason.

mod units;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use app::model::ClusterKind;
use clap::{Args, ValueEnum};
use ipnet::IpNet;

use crate::cluster;

pub use units::{Bytes, Period};

pub mod public_url;

mod hosts;
mod listen;
mod network;

pub use hosts::{AllowedHost, Hosts};
pub use listen::Listen;
pub use public_url::PublicUrl;

/// What `serve` is told.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct Settings {
    /// Address or name, and port to listen on; port 0 takes any free one
    #[arg(long, env = "KRT_CONSOLE_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:3000")]
    pub listen: Listen,

    /// How people reach the console, when a proxy stands before it: https://console.example.org
    ///
    /// With https, the session cookie is sent over https only. Without this option, it is http and the listen address.
    #[arg(long, env = "KRT_CONSOLE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<PublicUrl>,

    /// Another host that the console may be asked by: console.example.org, or *.example.org; can be given several times
    ///
    /// The hosts of --public-url, --listen and --pods-url are allowed anyway; others are answered with 421.
    #[arg(long, env = "KRT_CONSOLE_ALLOWED_HOST", value_name = "HOST", value_delimiter = ',')]
    pub allowed_host: Vec<AllowedHost>,

    /// Connections of one client address at the same time
    #[arg(long, env = "KRT_CONSOLE_MAX_CONNECTIONS_PER_ADDRESS", value_name = "N", default_value = "256")]
    pub max_connections_per_address: NonZeroUsize,

    /// Live streams of one session at the same time; a browser needs one, however many tabs it has
    #[arg(long, env = "KRT_CONSOLE_MAX_STREAMS_PER_SESSION", value_name = "N", default_value = "16")]
    pub max_streams_per_session: NonZeroUsize,

    /// Proxy in front of the console, as an address or a network such as 10.0.0.0/8; can be given several times
    ///
    /// Its connections are not counted for its own address: each request counts for the client that it names in
    /// X-Forwarded-For, or in Forwarded where there is none.
    #[arg(long, env = "KRT_CONSOLE_TRUSTED_PROXY", value_name = "NETWORK", value_delimiter = ',', value_parser = network::network)]
    pub trusted_proxy: Vec<IpNet>,

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
    pub on_cluster: cluster::ClusterSettings,
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
