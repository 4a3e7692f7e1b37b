//! Runtimes: list, details, creation.

use app::api::Runtimes;
use app::error::{Error, ErrorKind};
use app::model::{
    Caller, Health, NewRuntime, RuntimeDetail, RuntimeList, RuntimeSummary, VersionFilter, VersionSummary,
};
use async_trait::async_trait;
use krt::roles::Permission;

use super::caller::{authorize, may_read};
use super::{Console, Inner, errors, input, summaries};
use crate::cluster::ClusterError;
use crate::live::in_a_list;
use crate::state::{Runtime, RuntimeCounts, Version};
use crate::store::CreateRuntimeError;

/// Maximum runtimes on one page of the list.
const RUNTIMES: u32 = 50;

/// Maximum versions on one page of the list.
const VERSIONS: usize = 100;

#[async_trait]
impl Runtimes for Console {
    async fn list_runtimes(&self, caller: &Caller, after: &str) -> Result<RuntimeList, Error> {
        may_read(caller)?;
        let found = self.0.store.list_runtimes(after, RUNTIMES, is_unhealthy(&self.0)).await;
        let (counted, total, is_more) = found.map_err(errors::store)?;
        let runtimes: Vec<_> = counted.into_iter().map(|(runtime, counts)| summary(runtime, counts)).collect();
        let next = runtimes.last().filter(|_| is_more).map(|last| last.id.clone());
        Ok(RuntimeList { runtimes, total, next })
    }

    async fn get_runtime(&self, caller: &Caller, runtime: &str, filter: VersionFilter) -> Result<RuntimeDetail, Error> {
        may_read(caller)?;
        let row = find(&self.0, runtime).await?;
        let (cluster, of, is_unhealthy_now) = (self.0.cluster.clone(), row.clone(), is_unhealthy(&self.0));
        let only_unhealthy = filter.unhealthy;
        let show = move |version: &Version| {
            if only_unhealthy && version.failure.is_none() && !is_unhealthy_now(&of, version) {
                return None;
            }
            let summary = summaries::summary(&cluster, &of, version);
            // The list shows no description, and at most one unhealthy node per version.
            Some(VersionSummary { description: String::new(), live: in_a_list(summary.live), ..summary })
        };
        let page = self.0.store.list_versions(runtime, filter, VERSIONS, show).await.map_err(errors::store)?;
        let counts = self.0.store.counts(&row, is_unhealthy(&self.0)).await.map_err(errors::store)?;
        Ok(RuntimeDetail {
            runtime: summary(row, counts),
            versions: page.versions,
            found: if only_unhealthy { counts.unhealthy } else { page.found },
            next: page.next,
            archived: counts.archived,
            names: page.names,
        })
    }

    async fn create_runtime(&self, caller: &Caller, typed: NewRuntime) -> Result<String, Error> {
        authorize(caller, Permission::CreateRuntime)?;
        let runtime = input::new_runtime(typed)?;
        self.0.cluster.check_namespace(&runtime.namespace, &runtime.id).await.map_err(|error| match error {
            ClusterError::Namespace(words) => {
                Error::new(ErrorKind::Invalid, "The runtime was not created: its namespace cannot be used.")
                    .with_field("namespace", sentence(&words))
            }
            error => errors::cluster(&error),
        })?;
        self.0.store.create_runtime(caller, runtime).await.map_err(|error| match error {
            CreateRuntimeError::Taken(fields) => fields.into_iter().fold(
                Error::new(ErrorKind::Conflict, "The runtime was not created: some values are in use."),
                |error, field| error.with_field(field, format!("Another runtime uses this {}.", title(field))),
            ),
            CreateRuntimeError::LooksLike(other) => {
                Error::new(ErrorKind::Conflict, "The runtime was not created: its name is too similar.")
                    .with_field("name", format!("Looks the same as the name of runtime \"{other}\"."))
            }
            CreateRuntimeError::KeyReused(_) => errors::key_reused(),
            CreateRuntimeError::Store(error) => errors::store(error),
        })
    }
}

/// The summary of a runtime, for the pages of its versions.
pub(super) async fn summary_of(console: &Inner, runtime: Runtime) -> Result<RuntimeSummary, Error> {
    let counts = console.store.counts(&runtime, is_unhealthy(console)).await.map_err(errors::store)?;
    Ok(summary(runtime, counts))
}

pub(super) async fn find(console: &Inner, runtime: &str) -> Result<Runtime, Error> {
    let found = console.store.runtime(runtime).await.map_err(errors::store)?;
    found.ok_or_else(|| errors::no_runtime(runtime))
}

fn summary(runtime: Runtime, counts: RuntimeCounts) -> RuntimeSummary {
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
        unhealthy: counts.unhealthy,
    }
}

/// Returns whether a version is unhealthy: one of its processes has an error.
fn is_unhealthy(console: &Inner) -> impl Fn(&Runtime, &Version) -> bool + Send + 'static {
    let cluster = console.cluster.clone();
    move |runtime, version| cluster.nodes(runtime, version).iter().any(|node| node.health == Health::Error)
}

/// Turns an error message into a sentence for display next to a field.
fn sentence(words: &str) -> String {
    let mut rest = words.chars();
    let first = rest.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", rest.as_str())
}

fn title(field: &str) -> &str {
    if field == "id" { "ID" } else { field }
}
