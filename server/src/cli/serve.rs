//! `krt-console serve`: opens all resources, serves until a signal stops it, and closes them in reverse order.

use std::io::{ErrorKind, Write as _};
use std::time::Duration;

use anyhow::Context as _;
use clap::ValueEnum as _;
use tokio::net::TcpListener;

use super::log;
use crate::settings::{ClusterChoice, PublicUrl, Settings};
use crate::start::start;
use crate::web::{self, Links};
use crate::{descriptors, private};

/// Timeout for writing the last lines to standard output.
const FLUSH: Duration = Duration::from_secs(1);

pub async fn serve(settings: Settings) -> anyhow::Result<()> {
    private::make_private();
    let stop = super::stop_signal()?;
    descriptors::raise();
    let listener = listen(&settings).await?;
    let address = listener.local_addr().context("cannot determine the listening address")?;
    let public_url = settings.public_url.clone().unwrap_or_else(|| PublicUrl::of_listener(&settings.listen, address));
    // The parent process may have closed standard output or may not read it; the console serves anyway.
    let mut terminal = log::outlet(std::io::stdout(), "output lines were lost, possibly sign-in links")?;

    let started = start(&settings).await?;
    let web = started.web(&settings, public_url.clone(), Links::new(terminal.clone()), stop.clone());
    if !web.site.is_built() {
        tracing::warn!("front end not built (run `make build`): pages are served without JavaScript");
    }
    // An outlet never fails.
    let _ = writeln!(terminal, "KRT console running at {public_url}/ (press Ctrl+C to stop)");
    match started.store.create_sign_in_link(started.administrator.id).await {
        Ok(token) => {
            web.links.print(&public_url, &token);
        }
        // People who are already signed in can still work.
        Err(error) => tracing::error!(
            error = &error as &dyn std::error::Error,
            "no sign-in link was printed; request one on the sign-in page"
        ),
    }

    let (router, _) = web::router(web);
    let limits = web::listen::ConnectionLimits::of(&settings);
    tracing::info!(
        address = %address,
        public_url = %public_url,
        data = %settings.data.display(),
        cluster = name_of(settings.cluster),
        connections = limits.connections,
        version = env!("CARGO_PKG_VERSION"),
        "listening"
    );
    web::listen::serve(listener, router, limits, stop).await;
    started.end().await;
    tracing::info!("stopped");
    terminal.flush(FLUSH);
    Ok(())
}

/// The value of `--cluster` as written on the command line.
fn name_of(cluster: ClusterChoice) -> String {
    cluster.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

async fn listen(settings: &Settings) -> anyhow::Result<TcpListener> {
    let address = &settings.listen;
    address.bind().await.map_err(|error| {
        let why = match error.kind() {
            ErrorKind::AddrInUse => "the address is already in use; choose another one with --listen",
            ErrorKind::PermissionDenied => "ports below 1024 require privileges; choose another port with --listen",
            ErrorKind::AddrNotAvailable => "this machine has no such address; choose another one with --listen",
            _ => return anyhow::Error::new(error).context(format!("cannot listen on {address}")),
        };
        anyhow::anyhow!("cannot listen on {address}: {why}")
    })
}
