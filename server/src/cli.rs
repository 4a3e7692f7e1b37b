//! The command line: `krt-console [serve]`, `krt-console cluster`, `krt-console validate`, `explain`, `convert`.

mod cluster;
mod convert;
mod explain;
mod log;
mod outlet;
mod replace;
mod serve;
mod validate;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use tokio_util::sync::CancellationToken;

use crate::settings::Settings;

/// Web console for KAI Server runtimes and their versions on Kubernetes.
///
/// Without a command, `krt-console` serves the console: `krt-console --listen 127.0.0.1:8000`.
#[derive(Parser, Debug)]
#[command(name = "krt-console", version, args_conflicts_with_subcommands = true, max_term_width = 110)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    log: log::LogOptions,

    #[command(flatten)]
    serve: Settings,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serve the console (the default command)
    Serve {
        #[command(flatten)]
        log: log::LogOptions,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Run the simulated cluster as a separate process and print its kubeconfig
    Cluster {
        #[command(flatten)]
        log: log::LogOptions,
        #[command(flatten)]
        options: cluster::ClusterOptions,
    },
    /// Check packages, manifests and folders, and fix what can be fixed automatically
    Validate(validate::ValidateArgs),
    /// Explain a rule: what it requires, why, and how to fix the problem
    Explain(explain::ExplainArgs),
    /// Convert a KRT v1 manifest to v2; comments, order and quoting are kept
    Convert(convert::ConvertArgs),
}

/// Timeout for writing the last log lines.
const FLUSH: Duration = Duration::from_secs(1);

/// Runs the command of the command line. An error is written to stderr, outermost cause first.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Serve { log, settings }) => run(log, serve::serve(*settings)),
        Some(Command::Cluster { log, options }) => run(log, cluster::run(options)),
        Some(Command::Validate(args)) => return validate::run(args),
        Some(Command::Explain(args)) => return explain::run(&args),
        Some(Command::Convert(args)) => return convert::run(&args),
        None => run(cli.log, serve::serve(cli.serve)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // stderr may be closed.
            let _ = writeln!(std::io::stderr(), "krt-console: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(log: log::LogOptions, work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let log = log::start(log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start threads")?;
    let done = runtime.block_on(work);
    // Work that is blocked on an unresponsive disk must not keep the process from exiting.
    runtime.shutdown_timeout(Duration::from_secs(5));
    log.flush(FLUSH);
    done
}

/// Returns a token that is cancelled at the first SIGTERM or SIGINT (Ctrl+C); the second one exits at once.
fn stop_signal() -> anyhow::Result<CancellationToken> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    let stop = CancellationToken::new();
    let on_signal = stop.clone();
    tokio::spawn(async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        on_signal.cancel();
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        // 128 + SIGTERM, as shells report it.
        std::process::exit(143);
    });
    Ok(stop)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn serve_is_the_default_command() {
        let cli = Cli::try_parse_from(["krt-console", "--listen", "127.0.0.1:8000"]).unwrap();
        assert!(cli.command.is_none());
        assert_eq!(cli.serve.listen.port(), 8000);
        let cli = Cli::try_parse_from(["krt-console", "serve", "--listen", "127.0.0.1:8000"]).unwrap();
        assert!(matches!(cli.command, Some(Command::Serve { settings, .. }) if settings.listen.port() == 8000));
    }

    #[test]
    fn every_option_has_its_own_environment_variable_and_a_help_text() {
        let mut command = Cli::command();
        command.build();
        for command in std::iter::once(&command).chain(command.get_subcommands()) {
            for option in command.get_opts().filter(|option| !["help", "version"].contains(&option.get_id().as_str())) {
                let name = option.get_long().unwrap_or_default();
                assert!(option.get_help().is_some(), "--{name} has no help text");
                let variable = option.get_env().and_then(|name| name.to_str()).unwrap_or_default();
                let expected = format!("KRT_CONSOLE_{}", name.replace('-', "_").to_uppercase());
                let exempt = ["validate", "explain", "convert", "cluster"].contains(&command.get_name());
                assert!(exempt || variable == expected, "--{name} has the variable {variable:?}, not {expected}");
            }
        }
    }
}
