//! What happens, line by line on stderr; never tokens, cookies, typed values or queries.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;

#[derive(Args, Debug)]
pub struct LogOptions {
    /// How the log on stderr is written
    #[arg(long, env = "KRT_CONSOLE_LOG_FORMAT", value_enum, default_value_t = Format::Text)]
    pub log_format: Format,

    /// What is logged: error, warn, info, debug, trace, also per module (server::reconciler=debug)
    // The client of Kubernetes says of each call that it failed, without what; the console tells it once, with since when.
    #[arg(
        long,
        env = "KRT_CONSOLE_LOG",
        value_name = "FILTER",
        default_value = "info,kube_client::client::builder=off"
    )]
    pub log: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One line for people
    Text,
    /// One JSON object a line
    Json,
}

/// Starts logging for the whole process.
pub fn start(options: LogOptions) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&options.log).with_context(|| format!("--log {} is not a filter", options.log))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .with_target(false);
    let started = match options.log_format {
        Format::Text => log.try_init(),
        Format::Json => log.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!(error)).context("cannot start logging")
}
