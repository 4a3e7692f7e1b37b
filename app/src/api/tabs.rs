//! The read-only tabs of a version: the server renders them, and the browser inserts their HTML. Their data and views
//! are therefore not part of the browser's download, and no page contains them twice. One file for each tab has its
//! view and the trait that reads its data.
//!
//! These tabs are not live: a link to the same tab reloads the data.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::answer::answer;
use crate::error::Error;
#[cfg(feature = "ssr")]
use crate::{error::ErrorKind, paths};

#[cfg(feature = "ssr")]
mod here;
#[cfg(feature = "ssr")]
use here::Here;

#[cfg(feature = "ssr")]
mod logs;
#[cfg(feature = "ssr")]
pub use logs::Logs;

#[cfg(feature = "ssr")]
mod manifest;
#[cfg(feature = "ssr")]
pub use manifest::Manifests;

#[cfg(feature = "ssr")]
mod nodes;
#[cfg(feature = "ssr")]
pub use nodes::Nodes;

#[cfg(feature = "ssr")]
mod objects;
#[cfg(feature = "ssr")]
pub use objects::Objects;

/// Returns a read-only tab as HTML: `log`, `objects`, `manifest`, or `nodes` on the first tab. `from` is the start of
/// the page to show. Fails with `NotFound` for an unknown tab.
#[server(prefix = "/api", endpoint = "show-tab", input = Json)]
pub async fn show_tab(runtime: String, version: String, tab: String, from: String) -> Result<String, Error> {
    answer(|caller, platform| async move {
        let (runtime, version) = (&*runtime, &*version);
        let number = from.parse().unwrap_or_default();
        let here = Here { base: paths::version_tab(runtime, version, &tab), runtime, version };
        match &*tab {
            "log" => Ok(logs::html(platform.list_logs(&caller, runtime, version, number).await?, &here)),
            "objects" => Ok(objects::html(platform.list_objects(&caller, runtime, version, &from).await?, &here)),
            "manifest" => {
                let manifest = platform.get_manifest(&caller, runtime, version).await?;
                let members = platform.list_members(&caller, runtime, version, number).await?;
                Ok(manifest::html(manifest, members, &here))
            }
            "nodes" => {
                let here = Here { base: paths::version(runtime, version), runtime, version };
                Ok(nodes::html(platform.list_nodes(&caller, runtime, version, number).await?, &here))
            }
            _ => Err(Error::new(ErrorKind::NotFound, format!("{version} has no tab with this name."))),
        }
    })
    .await
}
