//! Phase: a start in progress (cluster). Applies the version's objects; then every process has to become ready before
//! the deadline and before a process turns out to be unrecoverable.

use std::time::Instant;

use krt::lifecycle::{Action, Event};

use super::grace_period::{Judgment, judge};
use super::present::{OwnService, present};
use crate::cluster::{ClusterError, Ending};
use crate::reconcile::ReconcileError;
use crate::reconcile::context::{Context, VersionMemory, Wait, sooner};
use crate::state::Version;

pub(in crate::reconcile) async fn start(
    context: &Context<'_>,
    version: &Version,
    memory: &mut VersionMemory,
) -> Result<Wait, ReconcileError> {
    let Context { cluster, runtime, .. } = context;
    // The streams and stores of a broker would be created here, before the processes that use them.
    let applied = match cluster.is_read(runtime) {
        true => present(context, version, OwnService::Wanted).await,
        false => Err(ClusterError::NotRead.into()),
    };
    let left = context.until_deadline(version);
    let is_late = left.is_some_and(|left| left.is_zero());
    // After a restart of this process, running pods are not observed yet: a start is judged late only after the lists.
    let is_being_read = !cluster.is_read(runtime) && cluster.state().unreachable.is_none();
    match applied {
        Ok(true) if cluster.is_ready(runtime, version) => return context.record(version, Event::Ready).await,
        Err(error) if !is_late || is_being_read => return Err(error),
        Err(error) => memory.last_error = Some(error.to_string()),
        Ok(_) => {}
    }
    let unhealthy = cluster.unhealthy(runtime, version);
    let ending = match judge(&unhealthy, memory, cluster.settings(), Instant::now()) {
        Judgment::Hopeless(one) => Ending::Hopeless(one),
        Judgment::Wait(_) if is_late => Ending::Deadline(cluster.settings().start_deadline),
        Judgment::Wait(grace_period) => return Ok(sooner(left, grace_period)),
    };
    let failure = cluster.diagnose(runtime, version, Action::Start, ending, memory.last_error.as_deref()).await;
    tracing::info!(runtime = runtime.id, version = version.name, chain = ?failure.chain, "the start failed");
    context.store.record_event(&version.uid, Event::Failure, Some(failure)).await?;
    Ok(None)
}
