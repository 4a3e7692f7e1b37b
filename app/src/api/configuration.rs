//! The configuration of a version.

use async_trait::async_trait;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::answer::answer;
use crate::error::Error;
use crate::model::{Caller, Configuration};

#[async_trait]
pub trait Configurations {
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
