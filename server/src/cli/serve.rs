//! `krt-console serve`: opens everything, serves until told to stop, closes everything in reverse.

use std::io::{ErrorKind, Write};

use anyhow::Context as _;
use tokio::net::TcpListener;

use crate::settings::{PublicUrl, Settings};
use crate::start::{Started, start};
use crate::web;

pub async fn serve(settings: Settings) -> anyhow::Result<()> {
    let stop = super::stop_signal()?;
    let listener = listen(&settings).await?;
    let address = listener.local_addr().context("cannot tell the address that is listened on")?;
    let public_url = settings.public_url.clone().unwrap_or_else(|| PublicUrl::of_listener(address));

    let started = start(&settings).await?;
    let web = started.web(&settings, public_url.clone(), stop.clone());
    if !web.site.is_built() {
        tracing::warn!("the browser's files are not built (make build): pages work as they do without JavaScript");
    }
    let router = web::router(web);
    announce(&started, &public_url).await?;
    web::listen::serve(listener, router, stop).await;
    started.end().await;
    Ok(())
}

/// Prints where the console is and the link that signs in once: to the terminal, never to a log.
async fn announce(started: &Started, public_url: &PublicUrl) -> anyhow::Result<()> {
    let token = started.store.create_sign_in_link(started.administrator.id).await?;
    let link = public_url.join(&web::sign_in_link(&token));
    let mut terminal = std::io::stdout().lock();
    // A closed stdout is no reason not to serve.
    let _ = write!(
        terminal,
        "\nThe KRT console is at {public_url}/\nSign in within 15 minutes, once: {link}\nCtrl+C ends it.\n\n"
    );
    let _ = terminal.flush();
    Ok(())
}

async fn listen(settings: &Settings) -> anyhow::Result<TcpListener> {
    let address = settings.listen;
    TcpListener::bind(address).await.map_err(|error| {
        let why = match error.kind() {
            ErrorKind::AddrInUse => "another program listens there already; stop it, or choose another with --listen",
            ErrorKind::PermissionDenied => "ports below 1024 need special rights; choose another with --listen",
            ErrorKind::AddrNotAvailable => "this machine has no such address; choose another with --listen",
            _ => return anyhow::Error::new(error).context(format!("cannot listen on {address}")),
        };
        anyhow::anyhow!("cannot listen on {address}: {why}")
    })
}
