//! Runtimes: list, details, creation.

use async_trait::async_trait;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::answer::answer;
use crate::error::Error;
use crate::model::{Caller, NewRuntime, RuntimeDetail, RuntimeList, VersionFilter};

#[async_trait]
pub trait Runtimes {
    /// Returns the page of runtimes after the runtime with this ID.
    async fn list_runtimes(&self, caller: &Caller, after: &str) -> Result<RuntimeList, Error>;

    async fn get_runtime(&self, caller: &Caller, runtime: &str, filter: VersionFilter) -> Result<RuntimeDetail, Error>;

    /// Creates the runtime and its namespace, and returns its ID. A repeated idempotency key returns the first result.
    async fn create_runtime(&self, caller: &Caller, runtime: NewRuntime) -> Result<String, Error>;
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
