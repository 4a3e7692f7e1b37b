//! Phase: a version that runs is kept as it was built (cluster). Nothing is written while nothing differs.

use super::ReconcileError;
use super::pass::{Scene, Wait};
use super::present::{self, OwnService, present};
use super::public;
use crate::store::VersionRow;

pub(super) async fn started(scene: &Scene<'_>, version: &VersionRow) -> Result<Wait, ReconcileError> {
    present(scene, version, OwnService::Wanted).await?;
    Ok(None)
}

pub(super) async fn published(scene: &Scene<'_>, version: &VersionRow) -> Result<Wait, ReconcileError> {
    // While another version is being published, that phase moves the Services of both.
    if scene.is_publishing() {
        present(scene, version, OwnService::LeftAlone).await?;
        return Ok(None);
    }
    // The public name first: it is what people miss.
    let active = present::active(scene, version).await?;
    if !scene.cluster.is_current(&active) {
        // Refuses one that is not ours.
        scene.cluster.active(scene.runtime).await?;
        scene.cluster.ensure(&[active]).await?;
    }
    public::ensure_ingress(scene).await?;
    present(scene, version, OwnService::Unwanted).await?;
    Ok(None)
}
