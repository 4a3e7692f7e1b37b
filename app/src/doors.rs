//! The doors from a page to the platform: every one names its caller first, and leaves the work to [`Platform`].
//!
//! [`Platform`]: crate::platform::Platform

use krt::lifecycle::Action;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::Error;
use crate::model::{
    ActionPreview, ActionRequest, ActivityFilter, ActivityPage, ClusterObject, Configuration, Frame, ManifestText,
    NewRuntime, NodeLog, PackageMember, RuntimeDetail, RuntimeSummary, VersionDetail,
};

#[cfg(feature = "ssr")]
mod answer;
#[cfg(feature = "ssr")]
use answer::{answer, form_id};

#[server(prefix = "/api", endpoint = "get-frame", input = Json)]
pub async fn get_frame() -> Result<Frame, Error> {
    answer(|caller, platform| async move { platform.frame(&caller).await }).await
}

#[server(prefix = "/api", endpoint = "list-runtimes", input = Json)]
pub async fn list_runtimes() -> Result<Vec<RuntimeSummary>, Error> {
    answer(|caller, platform| async move { platform.list_runtimes(&caller).await }).await
}

#[server(prefix = "/api", endpoint = "get-runtime", input = Json)]
pub async fn get_runtime(runtime: String, with_archived: bool) -> Result<RuntimeDetail, Error> {
    answer(|caller, platform| async move { platform.get_runtime(&caller, &runtime, with_archived).await }).await
}

/// Answers with the ID of the runtime.
#[server(prefix = "/api", endpoint = "create-runtime", input = Json)]
pub async fn create_runtime(runtime: NewRuntime) -> Result<String, Error> {
    answer(|caller, platform| async move { platform.create_runtime(&caller, runtime).await }).await
}

#[server(prefix = "/api", endpoint = "get-version", input = Json)]
pub async fn get_version(runtime: String, version: String) -> Result<VersionDetail, Error> {
    answer(|caller, platform| async move { platform.get_version(&caller, &runtime, &version).await }).await
}

#[server(prefix = "/api", endpoint = "get-manifest", input = Json)]
pub async fn get_manifest(runtime: String, version: String) -> Result<ManifestText, Error> {
    answer(|caller, platform| async move { platform.get_manifest(&caller, &runtime, &version).await }).await
}

#[server(prefix = "/api", endpoint = "list-members", input = Json)]
pub async fn list_members(runtime: String, version: String) -> Result<Vec<PackageMember>, Error> {
    answer(|caller, platform| async move { platform.list_members(&caller, &runtime, &version).await }).await
}

#[server(prefix = "/api", endpoint = "get-configuration", input = Json)]
pub async fn get_configuration(runtime: String, version: String) -> Result<Configuration, Error> {
    answer(|caller, platform| async move { platform.get_configuration(&caller, &runtime, &version).await }).await
}

/// Sets the named values and leaves the others as they are.
#[server(prefix = "/api", endpoint = "set-configuration", input = Json)]
pub async fn set_configuration(runtime: String, version: String, values: Vec<(String, String)>) -> Result<(), Error> {
    answer(|caller, platform| async move { platform.set_configuration(&caller, &runtime, &version, values).await })
        .await
}

#[server(prefix = "/api", endpoint = "list-objects", input = Json)]
pub async fn list_objects(runtime: String, version: String) -> Result<Vec<ClusterObject>, Error> {
    answer(|caller, platform| async move { platform.list_objects(&caller, &runtime, &version).await }).await
}

#[server(prefix = "/api", endpoint = "list-logs", input = Json)]
pub async fn list_logs(runtime: String, version: String) -> Result<Vec<NodeLog>, Error> {
    answer(|caller, platform| async move { platform.list_logs(&caller, &runtime, &version).await }).await
}

#[server(prefix = "/api", endpoint = "preview-action", input = Json)]
pub async fn preview_action(runtime: String, version: String, action: Action) -> Result<ActionPreview, Error> {
    answer(|caller, platform| async move { platform.preview_action(&caller, &runtime, &version, action).await }).await
}

#[server(prefix = "/api", endpoint = "take-action", input = Json)]
pub async fn take_action(request: ActionRequest) -> Result<(), Error> {
    answer(|caller, platform| async move { platform.take_action(&caller, request).await }).await
}

#[server(prefix = "/api", endpoint = "list-activity", input = Json)]
pub async fn list_activity(filter: ActivityFilter) -> Result<ActivityPage, Error> {
    answer(|caller, platform| async move { platform.list_activity(&caller, filter).await }).await
}

/// A fresh ID for a form, so that sending it twice does its work once.
#[server(prefix = "/api", endpoint = "get-form-id", input = Json)]
pub async fn get_form_id() -> Result<String, Error> {
    form_id()
}
