//! The server functions that pages call: each identifies its caller first, then calls [`Platform`].
//!
//! [`Platform`]: crate::platform::Platform

use krt::lifecycle::Action;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::Error;
use crate::model::{
    ActionPreview, ActionRequest, ActivityFilter, ActivityPage, Configuration, Frame, NewRuntime, RuntimeDetail,
    RuntimeList, VersionDetail, VersionFilter,
};

#[cfg(feature = "ssr")]
mod answer;
#[cfg(feature = "ssr")]
use answer::{answer, new_idempotency_key};

#[cfg(feature = "ssr")]
use crate::shown;

#[server(prefix = "/api", endpoint = "get-frame", input = Json)]
pub async fn get_frame() -> Result<Frame, Error> {
    answer(|caller, platform| async move { platform.frame(&caller).await }).await
}

#[server(prefix = "/api", endpoint = "list-runtimes", input = Json)]
pub async fn list_runtimes(after: String) -> Result<RuntimeList, Error> {
    answer(|caller, platform| async move { platform.list_runtimes(&caller, &after).await }).await
}

#[server(prefix = "/api", endpoint = "get-runtime", input = Json)]
pub async fn get_runtime(runtime: String, filter: VersionFilter) -> Result<RuntimeDetail, Error> {
    answer(|caller, platform| async move { platform.get_runtime(&caller, &runtime, filter).await }).await
}

/// Returns the ID of the runtime.
#[server(prefix = "/api", endpoint = "create-runtime", input = Json)]
pub async fn create_runtime(runtime: NewRuntime) -> Result<String, Error> {
    answer(|caller, platform| async move { platform.create_runtime(&caller, runtime).await }).await
}

#[server(prefix = "/api", endpoint = "get-version", input = Json)]
pub async fn get_version(runtime: String, version: String) -> Result<VersionDetail, Error> {
    answer(|caller, platform| async move { platform.get_version(&caller, &runtime, &version).await }).await
}

/// Returns a read-only tab as HTML: `log`, `objects`, `manifest`, or `nodes` on the first tab. `from` is the start of
/// the page to show.
#[server(prefix = "/api", endpoint = "show-tab", input = Json)]
pub async fn show_tab(runtime: String, version: String, tab: String, from: String) -> Result<String, Error> {
    answer(|caller, platform| async move { shown::tab(&caller, &*platform, [&runtime, &version], &tab, &from).await })
        .await
}

#[server(prefix = "/api", endpoint = "get-configuration", input = Json)]
pub async fn get_configuration(runtime: String, version: String, from: u32) -> Result<Configuration, Error> {
    answer(|caller, platform| async move { platform.get_configuration(&caller, &runtime, &version, from).await }).await
}

/// Sets the given values and keeps the others.
#[server(prefix = "/api", endpoint = "set-configuration", input = Json)]
pub async fn set_configuration(runtime: String, version: String, values: Vec<(String, String)>) -> Result<(), Error> {
    answer(|caller, platform| async move { platform.set_configuration(&caller, &runtime, &version, values).await })
        .await
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

/// Returns a fresh idempotency key, so that a form sent twice takes effect once.
#[server(prefix = "/api", endpoint = "get-idempotency-key", input = Json)]
pub async fn get_idempotency_key() -> Result<String, Error> {
    new_idempotency_key()
}
