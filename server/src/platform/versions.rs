//! The page of a version and its tabs.

use app::error::Error;
use app::model::{Caller, ClusterObject, ManifestText, NodeLog, PackageMember, VersionDetail, VersionSummary};
use krt::lifecycle::Status;

use super::caller::may_read;
use super::{Inner, errors, runtimes};
use crate::live::version_live;
use crate::store::{RuntimeRow, VersionRow};

/// Lines shown of each pod of a running version.
const LOG_LINES: i64 = 1_000;

pub(super) async fn get(
    console: &Inner,
    caller: &Caller,
    runtime: &str,
    version: &str,
) -> Result<VersionDetail, Error> {
    let (runtime, version) = find(console, caller, runtime, version).await?;
    let (started, published) = console.store.last_brought(&version.uid).await.map_err(errors::store)?;
    let summary = summary(console, &runtime, &version);
    Ok(VersionDetail {
        runtime: runtimes::summary_of(console, runtime).await?,
        version: summary,
        manifest: (*version.manifest).clone(),
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
) -> Result<Vec<PackageMember>, Error> {
    let (_, version) = find(console, caller, runtime, version).await?;
    let found = console.store.members(&version.package.sha256).await.map_err(errors::store)?;
    Ok(found.unwrap_or_default())
}

pub(super) async fn objects(
    console: &Inner,
    caller: &Caller,
    runtime: &str,
    version: &str,
) -> Result<Vec<ClusterObject>, Error> {
    let (runtime, version) = find(console, caller, runtime, version).await?;
    console.cluster.objects(&runtime, &version).await.map_err(|error| errors::cluster(&error))
}

pub(super) async fn logs(
    console: &Inner,
    caller: &Caller,
    runtime: &str,
    version: &str,
) -> Result<Vec<NodeLog>, Error> {
    let (runtime, version) = find(console, caller, runtime, version).await?;
    match version.status() {
        Status::Starting | Status::Started | Status::Publishing | Status::Published => {
            console.cluster.logs(&runtime, &version, LOG_LINES).await.map_err(|error| errors::cluster(&error))
        }
        // While it stops, its pods go one by one; what is worth reading was saved before.
        Status::Stopping | Status::Stopped | Status::Archived => {
            console.store.saved_logs(&version.uid).await.map_err(errors::store)
        }
    }
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

pub(super) fn summary(console: &Inner, runtime: &RuntimeRow, version: &VersionRow) -> VersionSummary {
    VersionSummary {
        name: version.name.clone(),
        description: version.manifest.description.clone(),
        format: version.manifest.format,
        created_at: version.created_at,
        created_by: version.created_by.clone(),
        live: version_live(&console.cluster, runtime, version),
    }
}
