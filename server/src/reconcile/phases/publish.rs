//! Phase: moves the public name to a version (cluster). Each step checks the current state first, so that an
//! interrupted publish resumes where it stopped.

use std::time::Instant;

use krt::lifecycle::{Action, Event};
use krt::manifest::ENTRYPOINT;
use krt::names::{self, ACTIVE_ENTRYPOINT};

use super::grace_period::{Judgment, judge};
use super::present::{self, OwnService, present};
use super::{public, roll_back};
use crate::cluster::objects::ObjectKind;
use crate::cluster::{Ending, Owned};
use crate::reconcile::ReconcileError;
use crate::reconcile::context::{Context, VersionMemory, Wait, sooner};
use crate::state::Version;

pub(in crate::reconcile) async fn publish(
    context: &Context<'_>,
    new: &Version,
    memory: &mut VersionMemory,
) -> Result<Wait, ReconcileError> {
    match go_on(context, new, memory).await {
        // A permanent rejection (by a webhook, or since the name belongs to someone else) must not block both versions
        // forever: no other action is possible on them during a publish.
        Err(error) if is_late(context, new) => {
            memory.last_error = Some(error.to_string());
            give_up_or_wait(context, new, context.published(), memory).await
        }
        result => result,
    }
}

async fn go_on(context: &Context<'_>, new: &Version, memory: &mut VersionMemory) -> Result<Wait, ReconcileError> {
    let Context { cluster, runtime, .. } = context;
    let old = context.published();
    // An unpublish in progress deletes the public name; it finishes first.
    let is_free = !context.versions.iter().any(Version::unpublishing);
    if !is_free || !present(context, new, OwnService::LeftAlone).await? {
        return give_up_or_wait(context, new, old, memory).await;
    }
    let active = cluster.active(runtime).await?;
    if !public::leads_to(active.as_ref(), new) {
        // 1. The new version has ready endpoints.
        let Some(own) = present::own_service(context, new).await? else {
            return give_up_or_wait(context, new, old, memory).await;
        };
        cluster.ensure(&[own]).await?;
        if is_late(context, new) || !cluster.endpoints(runtime, &names::service(&new.name), new).is_only() {
            return give_up_or_wait(context, new, old, memory).await;
        }
        // 2. The old version gets a name of its own.
        if let Some(old) = old
            && let Some(own) = present::own_service(context, old).await?
        {
            cluster.ensure(&[own]).await?;
        }
        // 3. The switch: one update, conditional on the resource version that was read.
        let switched = present::active(context, new).await?;
        match active.as_ref().and_then(|active| active.resource_version.as_deref()) {
            Some(resource_version) => {
                cluster.apply(&switched, Some(resource_version)).await?;
            }
            None => {
                cluster.ensure(&[switched]).await?;
            }
        }
        tracing::info!(runtime = runtime.id, version = new.name, "switched the public name");
    }
    // 4. Requests reach only the new version: first as observed, then by a fresh call, since observations may be stale.
    let is_switched = cluster.endpoints(runtime, ACTIVE_ENTRYPOINT, new).is_only()
        && cluster.endpoints_now(runtime, ACTIVE_ENTRYPOINT, new).await?.is_only();
    if !is_switched {
        return give_up_or_wait(context, new, old, memory).await;
    }
    // The first publish creates the Ingress only now that the new version can respond.
    public::ensure_ingress(context).await?;
    // 5. `active-entrypoint` takes the place of the new version's own name.
    if let Some(own) = cluster.find(ObjectKind::Service, &runtime.namespace, &names::service(&new.name))
        && !own.is_leaving
    {
        cluster.delete(&own, Owned::Later).await?;
    }
    context.record(new, Event::Switched).await
}

/// Whether the deadline has passed.
fn is_late(context: &Context<'_>, version: &Version) -> bool {
    context.until_deadline(version).is_some_and(|left| left.is_zero())
}

/// Waits for the deadline or for the end of the entrypoint's grace period, then rolls the publish back.
async fn give_up_or_wait(
    context: &Context<'_>,
    new: &Version,
    old: Option<&Version>,
    memory: &mut VersionMemory,
) -> Result<Wait, ReconcileError> {
    let Context { cluster, runtime, .. } = context;
    let left = context.until_deadline(new);
    let mut unhealthy = cluster.unhealthy(runtime, new);
    unhealthy.retain(|one| one.node == ENTRYPOINT);
    let ending = match judge(&unhealthy, memory, cluster.settings(), Instant::now()) {
        Judgment::Hopeless(one) => Ending::Hopeless(one),
        Judgment::Wait(_) if left.is_some_and(|left| left.is_zero()) => {
            Ending::Deadline(cluster.settings().start_deadline)
        }
        Judgment::Wait(grace_period) => return Ok(sooner(left, grace_period)),
    };
    if !roll_back::roll_back(context, new, old).await? {
        return Ok(None);
    }
    let failure = cluster.diagnose(runtime, new, Action::Publish, ending, memory.last_error.as_deref()).await;
    tracing::info!(runtime = runtime.id, version = new.name, chain = ?failure.chain, "the publish failed");
    context.store.record_event(&new.uid, Event::Failure, Some(failure)).await?;
    Ok(None)
}
