//! Runtimes: the list, the page, the form.

use std::collections::HashMap;

use app::error::{Error, ErrorKind};
use app::model::{Caller, Health, NewRuntime, RuntimeDetail, RuntimeSummary};
use krt::lifecycle::Status;
use krt::roles::Permission;

use super::caller::{authorise, may_read};
use super::{Inner, errors, input, versions};
use crate::cluster::ClusterError;
use crate::store::{CreateRuntimeError, RuntimeCounts, RuntimeRow, VersionRow};

pub(super) async fn list(console: &Inner, caller: &Caller) -> Result<Vec<RuntimeSummary>, Error> {
    may_read(caller)?;
    let runtimes = console.store.runtimes().await.map_err(errors::store)?;
    let counts = console.store.counts().await.map_err(errors::store)?;
    let mut busy: HashMap<String, Vec<VersionRow>> = HashMap::new();
    for version in console.store.busy_versions(None).await.map_err(errors::store)? {
        busy.entry(version.runtime.clone()).or_default().push(version);
    }
    let summaries = runtimes.into_iter().map(|runtime| {
        let counts = counts.get(&runtime.id).copied().unwrap_or_default();
        let busy = busy.remove(&runtime.id).unwrap_or_default();
        summary(console, runtime, counts, &busy)
    });
    Ok(summaries.collect())
}

pub(super) async fn get(
    console: &Inner,
    caller: &Caller,
    runtime: &str,
    with_archived: bool,
) -> Result<RuntimeDetail, Error> {
    may_read(caller)?;
    let row = find(console, runtime).await?;
    let rows = match with_archived {
        true => console.store.versions_of(runtime).await,
        false => {
            console.store.present_versions(runtime).await.map(|found| found.map_or_else(Vec::new, |(_, rows)| rows))
        }
    };
    let rows = rows.map_err(errors::store)?;
    let versions = rows.iter().map(|version| versions::summary(console, &row, version)).collect();
    let counts = counts(console, runtime).await?;
    let runtime = summary(console, row, counts, &rows);
    Ok(RuntimeDetail { runtime, versions, archived: counts.archived })
}

pub(super) async fn create(console: &Inner, caller: &Caller, typed: NewRuntime) -> Result<String, Error> {
    authorise(caller, Permission::CreateRuntime)?;
    let runtime = input::new_runtime(typed)?;
    console.cluster.check_namespace(&runtime.namespace, &runtime.id).await.map_err(|error| match error {
        ClusterError::Namespace(words) => {
            Error::new(ErrorKind::Invalid, "The runtime was not created: its namespace cannot be taken.")
                .with_field("namespace", sentence(&words))
        }
        error => errors::cluster(&error),
    })?;
    console.store.create_runtime(caller, runtime).await.map_err(|error| match error {
        CreateRuntimeError::Taken(fields) => fields.into_iter().fold(
            Error::new(ErrorKind::Conflict, "The runtime was not created: another one has the same."),
            |error, field| error.with_field(field, format!("Another runtime has this {}.", title(field))),
        ),
        CreateRuntimeError::FormReused(_) => errors::form_reused(),
        CreateRuntimeError::Store(error) => errors::store(error),
    })
}

/// The summary of one runtime, for the pages inside of it.
pub(super) async fn summary_of(console: &Inner, runtime: RuntimeRow) -> Result<RuntimeSummary, Error> {
    let counts = counts(console, &runtime.id).await?;
    let busy = console.store.busy_versions(Some(&runtime.id)).await.map_err(errors::store)?;
    Ok(summary(console, runtime, counts, &busy))
}

pub(super) async fn find(console: &Inner, runtime: &str) -> Result<RuntimeRow, Error> {
    let found = console.store.runtime(runtime).await.map_err(errors::store)?;
    found.ok_or_else(|| errors::no_runtime(runtime))
}

/// `versions`: at least those that are busy.
fn summary(console: &Inner, runtime: RuntimeRow, counts: RuntimeCounts, versions: &[VersionRow]) -> RuntimeSummary {
    let ailing = versions.iter().filter(|version| is_ailing(console, &runtime, version)).count();
    RuntimeSummary {
        id: runtime.id,
        name: runtime.name,
        description: runtime.description,
        namespace: runtime.namespace,
        created_at: runtime.created_at,
        created_by: runtime.created_by,
        published: runtime.published_name,
        versions: counts.present,
        running: counts.running,
        ailing: u32::try_from(ailing).unwrap_or(u32::MAX),
    }
}

/// Needs a look: its last start or publish failed, or it runs and a process of it does not.
fn is_ailing(console: &Inner, runtime: &RuntimeRow, version: &VersionRow) -> bool {
    match version.status() {
        Status::Archived => false,
        _ if version.failure.is_some() => true,
        Status::Started | Status::Publishing | Status::Published => {
            console.cluster.nodes(runtime, version).iter().any(|node| node.health == Health::Error)
        }
        Status::Stopped | Status::Starting | Status::Stopping => false,
    }
}

async fn counts(console: &Inner, runtime: &str) -> Result<RuntimeCounts, Error> {
    let counts = console.store.counts().await.map_err(errors::store)?;
    Ok(counts.get(runtime).copied().unwrap_or_default())
}

/// The words of an error as they stand beside a field.
fn sentence(words: &str) -> String {
    let mut rest = words.chars();
    let first = rest.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", rest.as_str())
}

fn title(field: &str) -> &str {
    if field == "id" { "ID" } else { field }
}
