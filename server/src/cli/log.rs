//! The log on stderr. It never contains tokens, cookies, configuration values or query strings.

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
    /// Format of the log on stderr
    #[arg(long, env = "KRT_CONSOLE_LOG_FORMAT", value_enum, default_value_t = Format::Text)]
    pub log_format: Format,

    /// Log filter: error, warn, info, debug or trace, also per module (server::reconcile=debug)
    // The Kubernetes client logs every failed call without saying which one; the console logs it once, and since when.
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
    /// One human-readable line per event
    Text,
    /// One JSON object per event, on one line
    Json,
}

/// Starts logging for the whole process. The caller flushes the returned outlet before the process exits.
pub fn start(options: LogOptions) -> anyhow::Result<Outlet> {
    let filter = EnvFilter::try_new(&options.log).with_context(|| format!("invalid log filter {}", options.log))?;
    let outlet = outlet(io::stderr(), "log lines were lost: the reader was stuck or gone, or the disk was full")?;
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
    // The default hook writes to stderr itself and would block on a reader that is stuck.
    std::panic::set_hook(Box::new(panicked));
    Ok(outlet)
}

/// Wraps standard output or standard error so that writing never blocks. Logs `lost` with the number of lost lines.
pub fn outlet(stream: impl AsFd, lost: &'static str) -> anyhow::Result<Outlet> {
    // A separate descriptor: a blocked write must not hold the standard library's lock.
    let file: File = stream.as_fd().try_clone_to_owned().context("cannot use standard output or error")?.into();
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

/// The message that was passed to `panic!`.
fn words(payload: &dyn Any) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("unknown reason")
}
