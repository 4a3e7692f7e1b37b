//! The page of a version.

use app::api::Versions;
use app::budget::is_drawn;
use app::error::Error;
use app::model::{Caller, VersionDetail};
use async_trait::async_trait;
use krt::outline::WorkflowOutline;

use super::caller::may_read;
use super::summaries::summary;
use super::{Console, Inner, errors, runtimes};
use crate::state::{Runtime, Version};

#[async_trait]
impl Versions for Console {
    async fn get_version(&self, caller: &Caller, runtime: &str, version: &str) -> Result<VersionDetail, Error> {
        let (runtime, version) = find(&self.0, caller, runtime, version).await?;
        let (started, published) = self.0.store.last_brought(&version.uid).await.map_err(errors::store)?;
        let summary = summary(&self.0.cluster, &runtime, &version);
        let workflows = &version.manifest.workflows;
        let workflows =
            if is_drawn(workflows) { workflows.iter().map(WorkflowOutline::from).collect() } else { Vec::new() };
        Ok(VersionDetail {
            runtime: runtimes::summary_of(&self.0, runtime).await?,
            version: summary,
            workflows,
            package: version.package,
            started,
            published,
            needs_broker: !self.0.settings.has_broker,
        })
    }
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
