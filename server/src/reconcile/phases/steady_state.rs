//! Phase: repairs the drift of a running version (cluster). Writes nothing while nothing differs.

use super::present::{self, OwnService, present};
use super::public;
use crate::reconcile::ReconcileError;
use crate::reconcile::context::{Context, Wait};
use crate::state::Version;

pub(in crate::reconcile) async fn started(context: &Context<'_>, version: &Version) -> Result<Wait, ReconcileError> {
    present(context, version, OwnService::Wanted).await?;
    Ok(None)
}

pub(in crate::reconcile) async fn published(context: &Context<'_>, version: &Version) -> Result<Wait, ReconcileError> {
    // While another version is being published, that phase moves the Services of both.
    if context.is_publishing() {
        present(context, version, OwnService::LeftAlone).await?;
        return Ok(None);
    }
    // The public name first: without it, external requests fail.
    let active = present::active(context, version).await?;
    if !context.cluster.is_current(&active) {
        // Fails if the existing one is not ours.
        context.cluster.active(context.runtime).await?;
        context.cluster.ensure(&[active]).await?;
    }
    public::ensure_ingress(context).await?;
    present(context, version, OwnService::Unwanted).await?;
    Ok(None)
}
