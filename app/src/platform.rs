//! The trait behind the server functions: implemented by the server, provided to them in context.
//!
//! Every method authorizes its caller first. It fails with [`ErrorKind::NotFound`] when the caller may not see the
//! object, and with [`ErrorKind::Forbidden`] when they may see it but not perform the action.
//!
//! [`ErrorKind::NotFound`]: crate::error::ErrorKind::NotFound
//! [`ErrorKind::Forbidden`]: crate::error::ErrorKind::Forbidden

use async_trait::async_trait;
use krt::lifecycle::Action;

use crate::error::Error;
use crate::model::{
    ActionPreview, ActionRequest, ActivityFilter, ActivityPage, Caller, Configuration, Frame, LogsPage, ManifestText,
    MembersPage, NewRuntime, NodesPage, ObjectsPage, RuntimeDetail, RuntimeList, VersionDetail, VersionFilter,
    WorkflowPicture,
};

/// The operations of the console.
#[async_trait]
pub trait Platform: Send + Sync + 'static {
    /// Returns the data that every page needs. Reads the live position first, so that no event is missed.
    async fn frame(&self, caller: &Caller) -> Result<Frame, Error>;

    /// Returns the page of runtimes after the runtime with this ID.
    async fn list_runtimes(&self, caller: &Caller, after: &str) -> Result<RuntimeList, Error>;

    async fn get_runtime(&self, caller: &Caller, runtime: &str, filter: VersionFilter) -> Result<RuntimeDetail, Error>;

    /// Creates the runtime and its namespace, and returns its ID. A repeated idempotency key returns the first result.
    async fn create_runtime(&self, caller: &Caller, runtime: NewRuntime) -> Result<String, Error>;

    async fn get_version(&self, caller: &Caller, runtime: &str, version: &str) -> Result<VersionDetail, Error>;

    async fn get_manifest(&self, caller: &Caller, runtime: &str, version: &str) -> Result<ManifestText, Error>;

    /// Returns a page of the package's members, starting after the first `from`.
    async fn list_members(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        from: u32,
    ) -> Result<MembersPage, Error>;

    /// Returns a page of the nodes, starting after the first `from`.
    async fn list_nodes(&self, caller: &Caller, runtime: &str, version: &str, from: u32) -> Result<NodesPage, Error>;

    /// Returns one workflow of any size with the health of its processes.
    async fn get_graph(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        workflow: &str,
    ) -> Result<WorkflowPicture, Error>;

    /// Returns a page of the configuration, starting after the first `from` entries.
    async fn get_configuration(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        from: u32,
    ) -> Result<Configuration, Error>;

    /// Returns one complete value, if the caller may read it.
    async fn get_value(&self, caller: &Caller, runtime: &str, version: &str, name: &str) -> Result<String, Error>;

    /// Sets the given values and keeps the others. An empty string counts as a value, an absent one does not.
    async fn set_configuration(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        values: Vec<(String, String)>,
    ) -> Result<(), Error>;

    /// Returns a page of this version's objects in the cluster; `after` is [`ObjectsPage::next`] of the previous page.
    async fn list_objects(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        after: &str,
    ) -> Result<ObjectsPage, Error>;

    /// Returns the last log lines of a page of pods, starting after the first `from`: the current lines while the
    /// version runs, the saved ones after a stop or failure.
    async fn list_logs(&self, caller: &Caller, runtime: &str, version: &str, from: u32) -> Result<LogsPage, Error>;

    async fn preview_action(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        action: Action,
    ) -> Result<ActionPreview, Error>;

    /// Checks the lifecycle and writes the desired state and the audit entry in one transaction; returns without
    /// waiting for the cluster. A repeated idempotency key returns the first result.
    async fn take_action(&self, caller: &Caller, request: ActionRequest) -> Result<(), Error>;

    async fn list_activity(&self, caller: &Caller, filter: ActivityFilter) -> Result<ActivityPage, Error>;

    /// Returns a fresh idempotency key, so that a form sent twice takes effect once.
    fn new_idempotency_key(&self) -> String;
}
