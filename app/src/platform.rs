//! Who answers the pages: implemented by the server, found in context by the server functions.
//!
//! Every method authorises its caller first. What a caller may not see is [`ErrorKind::NotFound`]; what he may see but
//! not do is [`ErrorKind::Forbidden`].
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

/// The console's work, behind the doors.
#[async_trait]
pub trait Platform: Send + Sync + 'static {
    /// What every page needs; the position is read before anything else, so that no event is missed.
    async fn frame(&self, caller: &Caller) -> Result<Frame, Error>;

    /// A page of them, after the runtime of this ID.
    async fn list_runtimes(&self, caller: &Caller, after: &str) -> Result<RuntimeList, Error>;

    async fn get_runtime(&self, caller: &Caller, runtime: &str, filter: VersionFilter) -> Result<RuntimeDetail, Error>;

    /// Creates the runtime and its namespace; answers with its ID. A form that was sent before answers as it did then.
    async fn create_runtime(&self, caller: &Caller, runtime: NewRuntime) -> Result<String, Error>;

    async fn get_version(&self, caller: &Caller, runtime: &str, version: &str) -> Result<VersionDetail, Error>;

    async fn get_manifest(&self, caller: &Caller, runtime: &str, version: &str) -> Result<ManifestText, Error>;

    /// A page of them; `from` stand before it.
    async fn list_members(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        from: u32,
    ) -> Result<MembersPage, Error>;

    /// A page of the nodes; `from` stand before it.
    async fn list_nodes(&self, caller: &Caller, runtime: &str, version: &str, from: u32) -> Result<NodesPage, Error>;

    /// One workflow, whatever its size.
    async fn get_picture(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        workflow: &str,
    ) -> Result<WorkflowPicture, Error>;

    /// A page of the values; `from` stand before it.
    async fn get_configuration(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        from: u32,
    ) -> Result<Configuration, Error>;

    /// One value whole, for those who may read it.
    async fn get_value(&self, caller: &Caller, runtime: &str, version: &str, name: &str) -> Result<String, Error>;

    /// Sets the named values and leaves the others; an empty variable is a value, an absent one is not.
    async fn set_configuration(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        values: Vec<(String, String)>,
    ) -> Result<(), Error>;

    /// A page of what the cluster holds for this version now; `after` is [`ObjectsPage::next`] of the page before.
    async fn list_objects(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        after: &str,
    ) -> Result<ObjectsPage, Error>;

    /// While it runs: the last lines of each pod; after stop or failure: what was saved. A page of the pods; `from`
    /// stand before it.
    async fn list_logs(&self, caller: &Caller, runtime: &str, version: &str, from: u32) -> Result<LogsPage, Error>;

    async fn preview_action(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        action: Action,
    ) -> Result<ActionPreview, Error>;

    /// One transaction: checks the table, writes the wish and the audit entry; returns at once. A form that was sent
    /// before answers as it did then.
    async fn take_action(&self, caller: &Caller, request: ActionRequest) -> Result<(), Error>;

    async fn list_activity(&self, caller: &Caller, filter: ActivityFilter) -> Result<ActivityPage, Error>;

    /// A fresh ID for a form, so that sending it twice does its work once.
    fn new_idempotency_key(&self) -> String;
}
