//! The page of a version.

use async_trait::async_trait;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::answer::answer;
use crate::error::Error;
use crate::model::{Caller, VersionDetail};

#[async_trait]
pub trait Versions {
    async fn get_version(&self, caller: &Caller, runtime: &str, version: &str) -> Result<VersionDetail, Error>;
}

#[server(prefix = "/api", endpoint = "get-version", input = Json)]
pub async fn get_version(runtime: String, version: String) -> Result<VersionDetail, Error> {
    answer(|caller, platform| async move { platform.get_version(&caller, &runtime, &version).await }).await
}
