//! The page of a version and its tabs.

use app::budget::{cut, is_drawn};
use app::error::Error;
use app::model::{Caller, ManifestText, MembersPage, ObjectsPage, VersionDetail, VersionSummary};

use super::caller::may_read;
use super::{Inner, errors, runtimes};
use crate::cluster::Cluster;
use crate::live::version_live;
use crate::store::{RuntimeRow, VersionRow};

/// Members on one page of their list.
const MEMBERS: u32 = 100;

/// Characters shown of a description; the manifest has it whole.
const LONGEST_DESCRIPTION: usize = 2_000;

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

/// A version and its runtime, for somebody who may see them.
pub(super) async fn find(
    console: &Inner,
    caller: &Caller,
    runtime: &str,
    version: &str,
) -> Result<(RuntimeRow, VersionRow), Error> {
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

pub(super) fn summary(cluster: &Cluster, runtime: &RuntimeRow, version: &VersionRow) -> VersionSummary {
    VersionSummary {
        name: version.name.clone(),
        description: cut(version.manifest.description.clone(), LONGEST_DESCRIPTION),
        format: version.manifest.format,
        created_at: version.created_at,
        created_by: version.created_by.clone(),
        live: version_live(cluster, runtime, version),
    }
}
