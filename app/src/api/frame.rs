//! The data that every page needs.

use async_trait::async_trait;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::answer::answer;
use crate::error::Error;
use crate::model::{Caller, Frame};

#[async_trait]
pub trait Frames {
    /// Returns the data that every page needs. Reads the live position first, so that no event is missed.
    async fn frame(&self, caller: &Caller) -> Result<Frame, Error>;
}

#[server(prefix = "/api", endpoint = "get-frame", input = Json)]
pub async fn get_frame() -> Result<Frame, Error> {
    answer(|caller, platform| async move { platform.frame(&caller).await }).await
}
