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
    ActionPreview, ActionRequest, ActivityFilter, ActivityPage, Caller, ClusterObject, Configuration, Frame,
    ManifestText, NewRuntime, NodeLog, PackageMember, RuntimeDetail, RuntimeSummary, VersionDetail,
};

/// The console's work, behind the doors.
#[async_trait]
pub trait Platform: Send + Sync + 'static {
    /// What every page needs; the position is read before anything else, so that no event is missed.
    async fn frame(&self, caller: &Caller) -> Result<Frame, Error>;

    async fn list_runtimes(&self, caller: &Caller) -> Result<Vec<RuntimeSummary>, Error>;

    async fn get_runtime(&self, caller: &Caller, runtime: &str, with_archived: bool) -> Result<RuntimeDetail, Error>;

    /// Creates the runtime and its namespace; answers with its ID. A form that was sent before answers as it did then.
    async fn create_runtime(&self, caller: &Caller, runtime: NewRuntime) -> Result<String, Error>;

    async fn get_version(&self, caller: &Caller, runtime: &str, version: &str) -> Result<VersionDetail, Error>;

    async fn get_manifest(&self, caller: &Caller, runtime: &str, version: &str) -> Result<ManifestText, Error>;

    async fn list_members(&self, caller: &Caller, runtime: &str, version: &str) -> Result<Vec<PackageMember>, Error>;

    async fn get_configuration(&self, caller: &Caller, runtime: &str, version: &str) -> Result<Configuration, Error>;

    /// Sets the named values and leaves the others; an empty variable is a value, an absent one is not.
    async fn set_configuration(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        values: Vec<(String, String)>,
    ) -> Result<(), Error>;

    /// What the cluster holds for this version now.
    async fn list_objects(&self, caller: &Caller, runtime: &str, version: &str) -> Result<Vec<ClusterObject>, Error>;

    /// While it runs: the last lines of each pod; after stop or failure: what was saved.
    async fn list_logs(&self, caller: &Caller, runtime: &str, version: &str) -> Result<Vec<NodeLog>, Error>;

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
    fn form_id(&self) -> String;
}
