//! Implements the console's operations: authorizes every caller, validates input, and uses store, packages and cluster.
//! Independent of HTTP and of pages.

use std::sync::Arc;

use app::error::Error;
use app::model::{
    ActionPreview, ActionRequest, ActivityFilter, ActivityPage, Caller, Configuration, Frame, LogsPage, ManifestText,
    MembersPage, NewRuntime, NodesPage, ObjectsPage, RuntimeDetail, RuntimeList, VersionDetail, VersionFilter,
    WorkflowPicture,
};
use app::platform::Platform;
use async_trait::async_trait;
use krt::lifecycle::Action;

use crate::cluster::Cluster;
use crate::live::Hub;
use crate::packages::Packages;
use crate::store::{Deadlines, Store};

mod caller;
mod errors;
mod input;

mod nodes;
mod runtimes;

mod summaries;
mod versions;

mod logs;
pub use logs::LogBytes;

mod activity;

mod configuration;

mod actions;

mod package;
mod upload;

pub use configuration::CONFIGURATION_LIMIT;
pub use errors::{busy, store as store_error};
pub use package::PackageBytes;
pub use upload::{Upload, UploadOutcome};

/// The platform; clones share it.
#[derive(Clone)]
pub struct Console(Arc<Inner>);

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

#[async_trait]
impl Platform for Console {
    async fn frame(&self, caller: &Caller) -> Result<Frame, Error> {
        caller::may_read(caller)?;
        let position = self.0.hub.position();
        Ok(Frame { caller: caller.clone(), cluster: activity::in_the_bar(self.0.cluster.state()), position })
    }

    async fn list_runtimes(&self, caller: &Caller, after: &str) -> Result<RuntimeList, Error> {
        runtimes::list(&self.0, caller, after).await
    }

    async fn get_runtime(&self, caller: &Caller, runtime: &str, filter: VersionFilter) -> Result<RuntimeDetail, Error> {
        runtimes::get(&self.0, caller, runtime, filter).await
    }

    async fn create_runtime(&self, caller: &Caller, runtime: NewRuntime) -> Result<String, Error> {
        runtimes::create(&self.0, caller, runtime).await
    }

    async fn get_version(&self, caller: &Caller, runtime: &str, version: &str) -> Result<VersionDetail, Error> {
        versions::get(&self.0, caller, runtime, version).await
    }

    async fn get_manifest(&self, caller: &Caller, runtime: &str, version: &str) -> Result<ManifestText, Error> {
        versions::manifest(&self.0, caller, runtime, version).await
    }

    async fn list_members(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        from: u32,
    ) -> Result<MembersPage, Error> {
        versions::members(&self.0, caller, runtime, version, from).await
    }

    async fn list_nodes(&self, caller: &Caller, runtime: &str, version: &str, from: u32) -> Result<NodesPage, Error> {
        nodes::list(&self.0, caller, runtime, version, from).await
    }

    async fn get_graph(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        workflow: &str,
    ) -> Result<WorkflowPicture, Error> {
        nodes::picture(&self.0, caller, runtime, version, workflow).await
    }

    async fn get_configuration(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        from: u32,
    ) -> Result<Configuration, Error> {
        configuration::get(&self.0, caller, runtime, version, from).await
    }

    async fn get_value(&self, caller: &Caller, runtime: &str, version: &str, name: &str) -> Result<String, Error> {
        configuration::value(&self.0, caller, runtime, version, name).await
    }

    async fn set_configuration(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        values: Vec<(String, String)>,
    ) -> Result<(), Error> {
        configuration::set(&self.0, caller, runtime, version, values).await
    }

    async fn list_objects(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        after: &str,
    ) -> Result<ObjectsPage, Error> {
        versions::objects(&self.0, caller, runtime, version, after).await
    }

    async fn list_logs(&self, caller: &Caller, runtime: &str, version: &str, from: u32) -> Result<LogsPage, Error> {
        logs::list(&self.0, caller, runtime, version, from).await
    }

    async fn preview_action(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        action: Action,
    ) -> Result<ActionPreview, Error> {
        actions::preview(&self.0, caller, runtime, version, action).await
    }

    async fn take_action(&self, caller: &Caller, request: ActionRequest) -> Result<(), Error> {
        actions::take(&self.0, caller, request).await
    }

    async fn list_activity(&self, caller: &Caller, filter: ActivityFilter) -> Result<ActivityPage, Error> {
        caller::may_read_activity(caller)?;
        let page = self.0.store.activity(caller, filter).await.map_err(errors::store)?;
        Ok(activity::bounded(page))
    }

    fn new_idempotency_key(&self) -> String {
        new_idempotency_key()
    }
}

/// Random, so that a caller cannot guess the key of another one.
fn new_idempotency_key() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

#[cfg(test)]
pub(crate) mod tests;
