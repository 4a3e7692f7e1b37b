//! The data of a version's page and its tabs.

use app::budget::is_drawn;
use app::error::Error;
use app::model::{Caller, ManifestText, MembersPage, ObjectsPage, VersionDetail};

use super::caller::may_read;
use super::summaries::summary;
use super::{Inner, errors, runtimes};
use crate::state::{Runtime, Version};

/// Maximum package members on one page of the list.
const MEMBERS: u32 = 100;

pub(super) async fn get(
    console: &Inner,
    caller: &Caller,
    runtime: &str,
    version: &str,
) -> Result<VersionDetail, Error> {
    let (runtime, version) = find(console, caller, runtime, version).await?;
    let (started, published) = console.store.last_brought(&version.uid).await.map_err(errors::store)?;
    let summary = summary(&console.cluster, &runtime, &version);
    let workflows = if is_drawn(&version.manifest.workflows) { version.manifest.workflows.clone() } else { Vec::new() };
    Ok(VersionDetail {
        runtime: runtimes::summary_of(console, runtime).await?,
        version: summary,
        workflows,
        package: version.package,
        started,
        published,
        needs_broker: !console.settings.has_broker,
    })
}

pub(super) async fn manifest(
    console: &Inner,
    caller: &Caller,
    runtime: &str,
    version: &str,
) -> Result<ManifestText, Error> {
    let (_, version) = find(console, caller, runtime, version).await?;
    let found = console.store.manifest_text(&version.uid).await.map_err(errors::store)?;
    let (text, diagnostics) = found.ok_or_else(|| errors::no_version(runtime, &version.name))?;
    Ok(ManifestText { text, diagnostics })
}

pub(super) async fn members(
    console: &Inner,
    caller: &Caller,
    runtime: &str,
    version: &str,
    from: u32,
) -> Result<MembersPage, Error> {
    let (_, version) = find(console, caller, runtime, version).await?;
    console.store.members(&version.package.sha256, from, MEMBERS).await.map_err(errors::store)
}

pub(super) async fn objects(
    console: &Inner,
    caller: &Caller,
    runtime: &str,
    version: &str,
    after: &str,
) -> Result<ObjectsPage, Error> {
    let (runtime, version) = find(console, caller, runtime, version).await?;
    console.cluster.objects(&runtime, &version, after).await.map_err(|error| errors::cluster(&error))
}

/// Finds a version and its runtime for a caller who may read them.
pub(super) async fn find(
    console: &Inner,
    caller: &Caller,
    runtime: &str,
    version: &str,
) -> Result<(Runtime, Version), Error> {
    may_read(caller)?;
    let found = console.store.version(runtime, version).await.map_err(errors::store)?;
    match found {
        Some(found) => Ok(found),
        None => {
            runtimes::find(console, runtime).await?;
            Err(errors::no_version(runtime, version))
        }
    }
}
