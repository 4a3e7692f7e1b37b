//! `krt-console serve`: opens everything in order, serves until told to stop, closes everything in reverse.

use anyhow::Context as _;
use tokio::net::TcpListener;

use crate::settings::{PublicUrl, Settings};
use crate::web;

pub async fn serve(settings: Settings) -> anyhow::Result<()> {
    let stop = super::stop_signal()?;
    let listener = listen(&settings).await?;
    let address = listener.local_addr().context("cannot tell the address that is listened on")?;
    let public_url = settings.public_url.clone().unwrap_or_else(|| PublicUrl::of_listener(address));

    let site = web::Site::find(&settings);
    let console = web::Web::new(public_url.clone(), site, stop.clone());
    println!("The KRT console is at {public_url}/");
    web::listen::serve(listener, web::router(console), stop).await;
    Ok(())
}

async fn listen(settings: &Settings) -> anyhow::Result<TcpListener> {
    use std::io::ErrorKind;

    TcpListener::bind(settings.listen).await.map_err(|error| {
        let address = settings.listen;
        let why = match error.kind() {
            ErrorKind::AddrInUse => "another program listens there already; stop it, or choose another with --listen",
            ErrorKind::PermissionDenied => "ports below 1024 need special rights; choose another with --listen",
            ErrorKind::AddrNotAvailable => "this machine has no such address; choose another with --listen",
            _ => return anyhow::Error::new(error).context(format!("cannot listen on {address}")),
        };
        anyhow::anyhow!("cannot listen on {address}: {why}")
    })
}
