//! Actions on a version, and the idempotency keys of forms.

use async_trait::async_trait;
use krt::lifecycle::Action;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::answer::{answer, new_idempotency_key};
use crate::error::Error;
use crate::model::{ActionPreview, ActionRequest, Caller};

#[async_trait]
pub trait VersionActions {
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

    /// Returns a fresh idempotency key, so that a form sent twice takes effect once.
    fn new_idempotency_key(&self) -> String;
}

#[server(prefix = "/api", endpoint = "preview-action", input = Json)]
pub async fn preview_action(runtime: String, version: String, action: Action) -> Result<ActionPreview, Error> {
    answer(|caller, platform| async move { platform.preview_action(&caller, &runtime, &version, action).await }).await
}

#[server(prefix = "/api", endpoint = "take-action", input = Json)]
pub async fn take_action(request: ActionRequest) -> Result<(), Error> {
    answer(|caller, platform| async move { platform.take_action(&caller, request).await }).await
}

/// Returns a fresh idempotency key, so that a form sent twice takes effect once.
#[server(prefix = "/api", endpoint = "get-idempotency-key", input = Json)]
pub async fn get_idempotency_key() -> Result<String, Error> {
    new_idempotency_key()
}
