//! `krt-console serve`: opens everything, serves until told to stop, closes everything in reverse.

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

/// How long whoever reads standard output may take for the last lines.
const FLUSH: Duration = Duration::from_secs(1);

pub async fn serve(settings: Settings) -> anyhow::Result<()> {
    private::make_private();
    let stop = super::stop_signal()?;
    descriptors::raise();
    let listener = listen(&settings).await?;
    let address = listener.local_addr().context("cannot tell the address that is listened on")?;
    let public_url = settings.public_url.clone().unwrap_or_else(|| PublicUrl::of_listener(&settings.listen, address));
    // Whoever started it may have closed its stdout, or not read it: no reason not to serve.
    let mut terminal = log::outlet(std::io::stdout(), "lines on standard output were lost, maybe sign-in links")?;

    let started = start(&settings).await?;
    let web = started.web(&settings, public_url.clone(), Links::new(terminal.clone()), stop.clone());
    if !web.site.is_built() {
        tracing::warn!("the browser's files are not built (make build): pages work as they do without JavaScript");
    }
    // An outlet never fails.
    let _ = writeln!(terminal, "The KRT console is at {public_url}/ (Ctrl+C ends it)");
    match started.store.create_sign_in_link(started.administrator.id).await {
        Ok(token) => {
            web.links.print(&public_url, &token);
        }
        // Those who are signed in are served all the same.
        Err(error) => tracing::error!(
            error = &error as &dyn std::error::Error,
            "no sign-in link was printed; ask for one on the sign-in page"
        ),
    }

    let (router, _) = web::router(web);
    let limits = web::listen::Limits::of(&settings);
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

/// As it is written on the command line.
fn name_of(cluster: ClusterChoice) -> String {
    cluster.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

async fn listen(settings: &Settings) -> anyhow::Result<TcpListener> {
    let address = &settings.listen;
    address.bind().await.map_err(|error| {
        let why = match error.kind() {
            ErrorKind::AddrInUse => "another program listens there already; stop it, or choose another with --listen",
            ErrorKind::PermissionDenied => "ports below 1024 need special rights; choose another with --listen",
            ErrorKind::AddrNotAvailable => "this machine has no such address; choose another with --listen",
            _ => return anyhow::Error::new(error).context(format!("cannot listen on {address}")),
        };
        anyhow::anyhow!("cannot listen on {address}: {why}")
    })
}
