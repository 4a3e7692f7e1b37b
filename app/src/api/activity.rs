//! The audit log.

use async_trait::async_trait;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::answer::answer;
use crate::error::Error;
use crate::model::{ActivityFilter, ActivityPage, Caller};

#[async_trait]
pub trait Activity {
    async fn list_activity(&self, caller: &Caller, filter: ActivityFilter) -> Result<ActivityPage, Error>;
}

#[server(prefix = "/api", endpoint = "list-activity", input = Json)]
pub async fn list_activity(filter: ActivityFilter) -> Result<ActivityPage, Error> {
    answer(|caller, platform| async move { platform.list_activity(&caller, filter).await }).await
}
