//! What happens, line by line on stderr; never tokens, cookies, typed values or queries.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::fs::File;
use std::io::{self, IsTerminal as _};
use std::os::fd::AsFd;
use std::panic::PanicHookInfo;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;

use super::outlet::Outlet;

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

/// Starts logging for the whole process; what is returned is flushed before the process ends.
pub fn start(options: LogOptions) -> anyhow::Result<Outlet> {
    let filter = EnvFilter::try_new(&options.log).with_context(|| format!("--log {} is not a filter", options.log))?;
    let outlet = outlet(io::stderr(), "lines of the log were lost: nobody took them, or the disk was full")?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(outlet.clone())
        .with_target(false);
    let started = match options.log_format {
        Format::Text => log.try_init(),
        Format::Json => log.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!(error)).context("cannot start logging")?;
    // The usual one writes to stderr itself, and would wait there for a reader that is stuck.
    std::panic::set_hook(Box::new(panicked));
    Ok(outlet)
}

/// Standard output or error, as one that nobody waits for.
pub fn outlet(stream: impl AsFd, lost: &'static str) -> anyhow::Result<Outlet> {
    // A descriptor of our own: a write that is stuck must not hold the lock of the standard library's.
    let file: File = stream.as_fd().try_clone_to_owned().context("cannot use standard output and error")?.into();
    Outlet::new(file, move |lines| tracing::warn!(lines, "{lost}")).context("cannot start a thread for the output")
}

fn panicked(info: &PanicHookInfo) {
    let thread = std::thread::current();
    let (thread, place) = (thread.name().unwrap_or("?"), info.location().map(ToString::to_string).unwrap_or_default());
    let backtrace = Backtrace::capture();
    let backtrace = (backtrace.status() == BacktraceStatus::Captured).then_some(backtrace);
    let backtrace = backtrace.as_ref().map(tracing::field::display);
    tracing::error!(thread, place, backtrace, "panicked: {}", words(info.payload()));
}

/// What `panic!` was given.
fn words(payload: &dyn Any) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("for an unknown reason")
}
