//! The state that handlers share.

use std::sync::Arc;

use app::api::Platform;
use app::model::Caller;
use tokio_util::sync::CancellationToken;

use crate::live::Hub;
use crate::platform::Console;
use crate::settings::{Bytes, Hosts, PublicUrl};
use crate::store::Store;
use crate::supervise::Supervisor;
use crate::web::streams::Streams;
use crate::web::{Links, Load, Site};

/// State shared by all requests; clones share it.
#[derive(Clone)]
pub struct Web(Arc<Inner>);

pub struct Inner {
    /// The operations that pages and server functions call.
    pub platform: Arc<dyn Platform>,
    pub store: Store,
    /// The platform with the operations for other routes: upload and download of packages.
    pub console: Console,
    pub hub: Hub,
    /// Prints sign-in links.
    pub links: Links,
    /// The user whom printed links sign in.
    pub administrator: Caller,
    /// The public URL of the console.
    pub public_url: PublicUrl,
    /// Host names that the console accepts.
    pub hosts: Hosts,
    /// Lifetime of an unused session, in milliseconds.
    pub session_life: i64,
    /// Maximum size of an uploaded file.
    pub max_upload: Bytes,
    /// Limits of costly concurrent work.
    pub load: Load,
    /// The front end's files.
    pub site: Site,
    /// Open live streams.
    pub streams: Streams,
    /// Broadcasts tokens of ended sessions, so that their live streams end.
    pub ended_sessions: tokio::sync::broadcast::Sender<String>,
    /// Reports background tasks that are down.
    pub supervisor: Supervisor,
    /// Cancelled at shutdown, which ends long responses (the live stream).
    pub stop: CancellationToken,
}

impl Web {
    pub fn new(inner: Inner) -> Web {
        Web(Arc::new(inner))
    }
}

impl std::ops::Deref for Web {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
