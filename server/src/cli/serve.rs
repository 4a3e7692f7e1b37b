//! `krt-console serve`: opens everything, serves until told to stop, closes everything in reverse.

use std::io::{ErrorKind, Write as _};

use anyhow::Context as _;
use tokio::net::TcpListener;

use crate::private;
use crate::settings::{PublicUrl, Settings};
use crate::start::start;
use crate::web::{self, Links};

pub async fn serve(settings: Settings) -> anyhow::Result<()> {
    private::make_private();
    let stop = super::stop_signal()?;
    let listener = listen(&settings).await?;
    let address = listener.local_addr().context("cannot tell the address that is listened on")?;
    let public_url = settings.public_url.clone().unwrap_or_else(|| PublicUrl::of_listener(address));

    let started = start(&settings).await?;
    let web = started.web(&settings, public_url.clone(), Links::new(std::io::stdout()), stop.clone());
    if !web.site.is_built() {
        tracing::warn!("the browser's files are not built (make build): pages work as they do without JavaScript");
    }
    // Whoever started it may have closed its stdout: no reason not to serve.
    let _ = writeln!(std::io::stdout(), "The KRT console is at {public_url}/ (Ctrl+C ends it)");
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
    web::listen::serve(listener, router, web::listen::Limits::default(), stop).await;
    started.end().await;
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
