//! All options of `krt-console serve`, each also an environment variable `KRT_CONSOLE_*`, with their defaults.

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

pub use hosts::{AllowedHost, Hosts};
pub use listen::Listen;
pub use public_url::PublicUrl;

/// The options of `serve`.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct Settings {
    /// Address or host name and port to listen on; port 0 chooses a free port
    #[arg(long, env = "KRT_CONSOLE_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:3000")]
    pub listen: Listen,

    /// Public URL of the console behind a proxy: https://console.example.org
    ///
    /// With https, the session cookie is sent over https only. Default: http and the listen address.
    #[arg(long, env = "KRT_CONSOLE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<PublicUrl>,

    /// Additional host name to accept: console.example.org or *.example.org; repeatable
    ///
    /// The hosts of --public-url, --listen and --pods-url are always accepted; requests for any other host get 421.
    #[arg(long, env = "KRT_CONSOLE_ALLOWED_HOST", value_name = "HOST", value_delimiter = ',')]
    pub allowed_host: Vec<AllowedHost>,

    /// Maximum number of concurrent connections per client address
    #[arg(long, env = "KRT_CONSOLE_MAX_CONNECTIONS_PER_ADDRESS", value_name = "N", default_value = "256")]
    pub max_connections_per_address: NonZeroUsize,

    /// Maximum number of concurrent live streams per session; a browser needs one for all its tabs
    #[arg(long, env = "KRT_CONSOLE_MAX_STREAMS_PER_SESSION", value_name = "N", default_value = "16")]
    pub max_streams_per_session: NonZeroUsize,

    /// Trusted proxy in front of the console: an address or a network such as 10.0.0.0/8; repeatable
    ///
    /// Each request from the proxy counts against the client address in X-Forwarded-For, or in Forwarded if
    /// X-Forwarded-For is missing, and not against the address of the proxy.
    #[arg(long, env = "KRT_CONSOLE_TRUSTED_PROXY", value_name = "NETWORK", value_delimiter = ',', value_parser = listen::network)]
    pub trusted_proxy: Vec<IpNet>,

    /// Folder for the database and the packages; created if missing, used by one process at a time
    #[arg(long, env = "KRT_CONSOLE_DATA", value_name = "FOLDER", default_value = "./data")]
    pub data: PathBuf,

    /// Maximum disk space for all packages together
    #[arg(long, env = "KRT_CONSOLE_MAX_STORAGE", value_name = "SIZE", default_value = "20GiB")]
    pub max_storage: Bytes,

    /// Maximum size of an uploaded package
    #[arg(long, env = "KRT_CONSOLE_MAX_UPLOAD", value_name = "SIZE", default_value = "1GiB")]
    pub max_upload: Bytes,

    /// Where versions run
    #[arg(long, env = "KRT_CONSOLE_CLUSTER", value_enum, default_value_t = ClusterChoice::Embedded)]
    pub cluster: ClusterChoice,

    /// Kubeconfig file for `--cluster kubeconfig`; default: $KUBECONFIG or ~/.kube/config
    #[arg(long, env = "KRT_CONSOLE_KUBECONFIG", value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,

    /// Context in the kubeconfig; default: its current context
    #[arg(long, env = "KRT_CONSOLE_CONTEXT", value_name = "NAME")]
    pub context: Option<String>,

    /// Speed of the embedded cluster's pods relative to real time: 0.01 to 1000
    #[arg(long, env = "KRT_CONSOLE_CLUSTER_SPEED", value_name = "FACTOR", default_value_t = 1.0, value_parser = cluster_speed)]
    pub cluster_speed: f64,

    /// Folder of the front end's files; default: `site` next to the program, or `target/site`
    #[arg(long, env = "KRT_CONSOLE_SITE", value_name = "FOLDER")]
    pub site: Option<PathBuf>,

    /// Sign out people who have not used the console for this long: 30m, 12h, 7d; sessions last at most 30 days
    #[arg(long, env = "KRT_CONSOLE_SESSION_LENGTH", value_name = "PERIOD", default_value = "7d")]
    pub session_length: Period,

    #[command(flatten)]
    pub on_cluster: cluster::ClusterSettings,
}

/// Where versions run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClusterChoice {
    /// A simulated cluster inside this process, stored in the data folder; every page shows that it is simulated
    Embedded,
    /// The cluster of a kubeconfig file
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

/// Parses the speed of the embedded cluster's clock: a factor from 0.01 to 1000.
pub fn cluster_speed(text: &str) -> Result<f64, String> {
    let speed = text.parse::<f64>().ok().filter(|speed| (0.01..=1000.0).contains(speed));
    speed.ok_or_else(|| "expected a number from 0.01 to 1000".to_owned())
}

impl Settings {
    /// The folder of the front end's files: the configured one, or the first that exists of `site` next to the program,
    /// `site` next to the program's folder (where a build puts it), and `target/site`.
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
