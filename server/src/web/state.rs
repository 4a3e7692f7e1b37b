//! What every request may need.

use std::sync::Arc;

use app::model::Caller;
use app::platform::Platform;
use tokio_util::sync::CancellationToken;

use crate::live::Hub;
use crate::platform::Console;
use crate::settings::{Bytes, Hosts, PublicUrl};
use crate::store::Store;
use crate::supervise::Supervisor;
use crate::web::streams::Streams;
use crate::web::{Links, Load, Site};

/// Shared by all requests; clones are the same.
#[derive(Clone)]
pub struct Web(Arc<Inner>);

pub struct Inner {
    /// What pages and server functions ask.
    pub platform: Arc<dyn Platform>,
    pub store: Store,
    /// The same with what only plain routes need: packages, in and out.
    pub console: Console,
    pub hub: Hub,
    /// Where sign-in links are printed, and whom they sign in.
    pub links: Links,
    pub administrator: Caller,
    /// How people reach the console.
    pub public_url: PublicUrl,
    /// Names that it is asked by.
    pub hosts: Hosts,
    /// How long a session lives unused, in milliseconds.
    pub session_life: i64,
    /// The largest file that can be uploaded.
    pub max_upload: Bytes,
    /// How much of the costly work goes on at once.
    pub load: Load,
    /// The browser's files.
    pub site: Site,
    /// Live streams that are open.
    pub streams: Streams,
    /// Tokens of sessions that people end: their live streams end with them.
    pub ended_sessions: tokio::sync::broadcast::Sender<String>,
    /// Knows what of the work in the background is down.
    pub supervisor: Supervisor,
    /// Cancelled when the server is to end: long answers (the live stream) end then.
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
