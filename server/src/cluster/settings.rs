//! The command line options about the cluster, each also an environment variable.

use std::time::Duration;

use clap::Args;

use super::quantity::quantity;
use super::sensitive::Sensitive;

/// How versions are laid out on the cluster, and how long they may take.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Cluster")]
pub struct ClusterSettings {
    /// How long a start or a publish may take before it counts as failed: 300s, 5m, 1h
    #[arg(long, env = "KRT_CONSOLE_START_DEADLINE", value_name = "PERIOD", default_value = "5m", value_parser = period)]
    pub start_deadline: Duration,

    /// Grace period of a problem that rarely resolves by itself (an image that cannot be pulled, a missing secret)
    /// before a start counts as failed
    #[arg(long, env = "KRT_CONSOLE_GRACE_PERIOD", value_name = "PERIOD", default_value = "20s", value_parser = period)]
    pub grace_period: Duration,

    /// Number of crashes of one process after which a start counts as failed
    #[arg(long, env = "KRT_CONSOLE_CRASH_LIMIT", value_name = "N", default_value_t = 3)]
    pub crash_limit: i32,

    /// Image of the init container that fetches and unpacks the package, and of the container that serves the .proto
    /// file; must contain sh, wget, sha256sum, tar and httpd, as busybox does
    #[arg(long, env = "KRT_CONSOLE_INIT_IMAGE", value_name = "IMAGE", default_value = "busybox:1.37")]
    pub init_image: String,

    /// URL at which pods reach this console to fetch their package; must not contain a user or password, since everyone
    /// with read access could see them
    #[arg(
        long,
        env = "KRT_CONSOLE_PODS_URL",
        value_name = "URL",
        default_value = "http://krt-console.krt-console.svc:3000",
        value_parser = pods_url
    )]
    pub pods_url: String,

    /// Secret in each namespace for pulling private images; repeatable
    #[arg(long, env = "KRT_CONSOLE_PULL_SECRET", value_name = "NAME", value_delimiter = ',')]
    pub pull_secret: Vec<String>,

    #[command(flatten)]
    pub ingress: Ingress,

    #[command(flatten)]
    pub stores: Stores,

    #[command(flatten)]
    pub resources: Resources,

    /// Not an option: all processes of an instance must use the same timing.
    #[arg(skip)]
    pub lease: super::Timing,
}

/// How the published version is reached from outside.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Ingress of the published version")]
pub struct Ingress {
    /// Host of a runtime's Ingress; `{runtime}` stands for the runtime's ID
    #[arg(
        long,
        env = "KRT_CONSOLE_INGRESS_HOST",
        value_name = "TEMPLATE",
        default_value = "{runtime}-entrypoint.localhost"
    )]
    pub ingress_host: String,

    /// Ingress class; without it, the cluster's default class
    #[arg(long, env = "KRT_CONSOLE_INGRESS_CLASS", value_name = "NAME")]
    pub ingress_class: Option<String>,

    /// Secret with the certificate, in the runtime's namespace; `{runtime}` stands for the runtime's ID. Without it,
    /// the Ingress has no TLS
    #[arg(long, env = "KRT_CONSOLE_INGRESS_TLS_SECRET", value_name = "NAME")]
    pub ingress_tls_secret: Option<String>,

    /// Annotation of every Ingress; repeatable. The default makes ingress-nginx speak gRPC to the
    /// entrypoint
    #[arg(
        long,
        env = "KRT_CONSOLE_INGRESS_ANNOTATION",
        value_name = "KEY=VALUE",
        value_delimiter = ',',
        value_parser = annotation,
        default_value = "nginx.ingress.kubernetes.io/backend-protocol=GRPC"
    )]
    pub ingress_annotation: Vec<(String, String)>,

    /// Port at which people reach the Ingress; without it, 443 with TLS and 80 without
    #[arg(long, env = "KRT_CONSOLE_INGRESS_PORT", value_name = "PORT")]
    pub ingress_port: Option<u16>,
}

/// Where the processes of a version find their broker and stores. The runners require all of these variables; those of
/// unused stores may point nowhere.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Broker and stores of the processes")]
pub struct Stores {
    /// host:port at which pods reach NATS JetStream; without it, processes use kre-nats:4222 and pages say where a
    /// broker is needed
    ///
    /// May contain a user and password, like the two URIs: all three reach pods through a Secret and are never shown.
    #[arg(long, env = "KRT_CONSOLE_BROKER", hide_env_values = true, value_name = "HOST:PORT")]
    pub broker: Option<Sensitive>,

    /// InfluxDB that processes write measurements to
    #[arg(
        long,
        env = "KRT_CONSOLE_INFLUX_URI",
        hide_env_values = true,
        value_name = "URI",
        default_value = "http://kre-influxdb:8086"
    )]
    pub influx_uri: Sensitive,

    /// MongoDB that processes write data to
    #[arg(
        long,
        env = "KRT_CONSOLE_MONGO_URI",
        hide_env_values = true,
        value_name = "URI",
        default_value = "mongodb://kre-mongo:27017"
    )]
    pub mongo_uri: Sensitive,

    /// Name of the database in that MongoDB
    #[arg(long, env = "KRT_CONSOLE_MONGO_DB_NAME", value_name = "NAME", default_value = "data")]
    pub mongo_db_name: String,

    /// How long the entrypoint waits for a response from a workflow, and a process for the broker
    #[arg(long, env = "KRT_CONSOLE_REQUEST_TIMEOUT", value_name = "PERIOD", default_value = "30s", value_parser = period)]
    pub request_timeout: Duration,
}

/// What each process requests from the cluster.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Resources of each process")]
pub struct Resources {
    /// CPU that each node requests
    #[arg(long, env = "KRT_CONSOLE_NODE_CPU", value_name = "QUANTITY", default_value = "100m", value_parser = quantity)]
    pub node_cpu: String,

    /// Memory that each node requests
    #[arg(long, env = "KRT_CONSOLE_NODE_MEMORY", value_name = "QUANTITY", default_value = "128Mi", value_parser = quantity)]
    pub node_memory: String,

    /// Memory above which a node is killed; without it, no limit
    #[arg(long, env = "KRT_CONSOLE_NODE_MEMORY_LIMIT", value_name = "QUANTITY", value_parser = quantity)]
    pub node_memory_limit: Option<String>,

    /// CPU that each entrypoint requests
    #[arg(long, env = "KRT_CONSOLE_ENTRYPOINT_CPU", value_name = "QUANTITY", default_value = "100m", value_parser = quantity)]
    pub entrypoint_cpu: String,

    /// Memory that each entrypoint requests
    #[arg(long, env = "KRT_CONSOLE_ENTRYPOINT_MEMORY", value_name = "QUANTITY", default_value = "128Mi", value_parser = quantity)]
    pub entrypoint_memory: String,
}

impl Ingress {
    /// The host of this runtime's Ingress.
    pub fn host(&self, runtime: &str) -> String {
        self.ingress_host.replace("{runtime}", runtime)
    }

    /// The Secret with this runtime's certificate.
    pub fn tls_secret(&self, runtime: &str) -> Option<String> {
        self.ingress_tls_secret.as_ref().map(|name| name.replace("{runtime}", runtime))
    }

    /// Where people reach a runtime's published version: `host:port`.
    pub fn address(&self, runtime: &str) -> String {
        let usual = if self.ingress_tls_secret.is_some() { 443 } else { 80 };
        format!("{}:{}", self.host(runtime), self.ingress_port.unwrap_or(usual))
    }
}

impl Stores {
    /// The broker address passed to processes; KRE's own name for it when none is configured.
    pub fn broker_address(&self) -> &str {
        self.broker.as_ref().map_or("kre-nats:4222", Sensitive::reveal)
    }
}

impl Default for ClusterSettings {
    /// The defaults of the command line; environment variables are ignored.
    fn default() -> ClusterSettings {
        use clap::{Command, FromArgMatches};
        let command =
            ClusterSettings::augment_args(Command::new("defaults")).mut_args(|argument| argument.env(None::<&str>));
        let matches = command.get_matches_from(["defaults"]);
        // Every default passes its own parser; a test ensures this.
        ClusterSettings::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

/// The longest duration that an option accepts: a day, far beyond every sensible start.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

fn period(text: &str) -> Result<Duration, String> {
    let parsed = text.parse::<jiff::SignedDuration>().ok().and_then(|period| Duration::try_from(period).ok());
    parsed
        .filter(|period| !period.is_zero() && *period <= LONGEST)
        .ok_or_else(|| "expected a duration of at most one day, e.g. 90s, 5m or 1h".to_owned())
}

/// Rejects a URL with a password: the URL is in the environment of pods, where everyone with read access sees it.
fn pods_url(text: &str) -> Result<String, String> {
    let has_user = text.contains('@');
    let has_rest = text.contains(['?', '#']);
    let has_scheme = text.starts_with("http://") || text.starts_with("https://");
    if has_user || has_rest || !has_scheme {
        return Err("expected an http:// or https:// URL without user, password or query".to_owned());
    }
    Ok(text.to_owned())
}

fn annotation(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.to_owned())),
        _ => Err("expected KEY=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_passes_its_own_parser() {
        let settings = ClusterSettings::default();
        assert_eq!(settings.start_deadline, Duration::from_secs(300));
        assert_eq!(settings.ingress.address("demo"), "demo-entrypoint.localhost:80");
        assert_eq!(settings.ingress.ingress_annotation.len(), 1);
        assert_eq!(settings.stores.broker_address(), "kre-nats:4222");
    }

    #[test]
    fn periods_are_positive_and_at_most_a_day() {
        assert_eq!(period("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(period("1h 30m"), Ok(Duration::from_secs(5400)));
        for wrong in ["", "5", "0s", "-1m", "25h", "soon"] {
            assert!(period(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn printed_settings_do_not_contain_the_addresses_of_stores() {
        let mut settings = ClusterSettings::default();
        for password in [&mut settings.stores.influx_uri, &mut settings.stores.mongo_uri] {
            *password = "mongodb://ada:p/w@host?p=pass".into();
        }
        settings.stores.broker = Some("ada:p/w@host".into());
        let printed = format!("{settings:?} {settings:#?}");
        assert!(!printed.contains("p/w") && !printed.contains("ada"), "{printed}");
        assert_eq!(settings.stores.broker_address(), "ada:p/w@host");
    }

    #[test]
    fn the_url_for_pods_has_no_password_in_it() {
        assert_eq!(pods_url("https://console.example.org/krt"), Ok("https://console.example.org/krt".to_owned()));
        for wrong in ["", "console:3000", "http://ada:secret@console", "http://console?token=secret", "http://a#b"] {
            assert!(pods_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn annotations_need_a_key() {
        assert_eq!(annotation("a/b=c=d"), Ok(("a/b".to_owned(), "c=d".to_owned())));
        assert!(annotation("=x").is_err() && annotation("x").is_err());
    }
}
