//! Implements the console's operations: authorizes every caller, validates input, and uses store, packages and cluster.
//! Independent of HTTP and of pages. One file for each noun implements its trait of [`app::api`].

use std::sync::Arc;

use app::api::Platform;

use crate::cluster::Cluster;
use crate::live::Hub;
use crate::packages::Packages;
use crate::store::{Deadlines, Store};

mod caller;
mod errors;
mod input;

mod frame;

mod runtimes;

mod summaries;
mod versions;

mod manifest;
mod nodes;
mod objects;

mod logs;
pub use logs::LogBytes;

mod activity;

mod configuration;
pub use configuration::CONFIGURATION_LIMIT;

mod actions;

mod package;
mod upload;

pub use errors::{busy, store as store_error};
pub use package::PackageBytes;
pub use upload::{Upload, UploadOutcome};

/// The platform; clones share it.
#[derive(Clone)]
pub struct Console(Arc<Inner>);

impl Platform for Console {}

struct Inner {
    store: Store,
    packages: Packages,
    cluster: Cluster,
    hub: Hub,
    settings: PlatformSettings,
}

/// Settings of the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformSettings {
    /// Deadlines of a start and a publish.
    pub deadlines: Deadlines,
    /// Whether a message broker is configured.
    pub has_broker: bool,
}

impl Console {
    pub fn new(store: Store, packages: Packages, cluster: Cluster, hub: Hub, settings: PlatformSettings) -> Console {
        Console(Arc::new(Inner { store, packages, cluster, hub, settings }))
    }
}

#[cfg(test)]
pub(crate) mod tests;
