//! What every request may need.

use std::sync::Arc;

use app::platform::Platform;
use tokio_util::sync::CancellationToken;

use crate::settings::PublicUrl;
use crate::web::Site;

/// Shared by all requests; clones are the same.
#[derive(Clone)]
pub struct Web(Arc<Inner>);

pub struct Inner {
    pub platform: Option<Arc<dyn Platform>>,
    pub public_url: PublicUrl,
    pub site: Site,
    /// Cancelled when the server is to end: long answers (the live stream) end then.
    pub stop: CancellationToken,
}

impl Web {
    pub fn new(public_url: PublicUrl, site: Site, stop: CancellationToken) -> Web {
        Web(Arc::new(Inner { platform: None, public_url, site, stop }))
    }
}

impl std::ops::Deref for Web {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
