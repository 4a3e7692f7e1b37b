//! Checks the permissions, at startup and again whenever the cluster comes back.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};

use super::table::{MAKE_NAMESPACE, Permission, permissions};
use super::{PermissionNotes, Version, may};
use crate::changes::{Change, Listener};
use crate::cluster::ClusterError;
use crate::cluster::Start;
use crate::cluster::cache::ClusterCache;
use crate::cluster::kinds::Granted;

/// Reviews requested at the same time.
const AT_ONCE: usize = 8;
/// Namespaces that are checked: enough to see what a role lacks, few enough not to burden the API server.
const NAMESPACES_ASKED: usize = 5;
/// Pause after a check that failed.
const PAUSE: Duration = Duration::from_secs(30);

/// Checks forever; the results are in `found`.
pub(in crate::cluster) async fn keep(start: Start, found: Arc<PermissionNotes>) {
    let mut changes = start.changes.listen();
    loop {
        match check(&start, &found).await {
            Ok(notes) => {
                for note in &notes {
                    tracing::warn!("{note}");
                }
                if found.note(notes) {
                    start.changes.notify(Change::Cluster);
                }
                came_back(&start.seen, &mut changes).await;
            }
            Err(error) => {
                tracing::debug!(error = &error as &dyn std::error::Error, "could not check the permissions");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Waits until the cluster was unreachable, or forbade something, and is back.
async fn came_back(seen: &ClusterCache, changes: &mut Listener) {
    let mut was_away = seen.unreachable().is_some();
    while let Some(change) = changes.next().await {
        if !matches!(change, Change::Cluster | Change::Everything) {
            continue;
        }
        let is_away = seen.unreachable().is_some();
        if was_away && !is_away {
            return;
        }
        was_away = is_away;
    }
    std::future::pending().await
}

/// The missing permissions, each with its consequence.
async fn check(start: &Start, found: &PermissionNotes) -> Result<Vec<String>, ClusterError> {
    let client = &start.client;
    let mut notes = Vec::new();
    let version = client.apiserver_version().await.map_err(ClusterError::from_kube("report its version"))?;
    if let Some(version) = Version::of(&version.major, &version.minor) {
        notes.extend(found.version.get_or_init(|| version).note());
    }
    let of = |granted: &[Granted]| granted.iter().flat_map(|one| permissions(*one)).collect::<Vec<_>>();
    let sentences = |missing: Vec<Permission>, namespace: Option<&str>| -> Vec<String> {
        missing.iter().map(|permission| sentence(permission, namespace)).collect()
    };
    notes.extend(sentences(missing(client, &of(&[Granted::Wide]), None).await?, None));
    // What is not allowed in all namespaces must be allowed in each one.
    let not_everywhere = missing(client, &of(&[Granted::Anywhere, Granted::Inside]), None).await?;
    if not_everywhere.is_empty() {
        return Ok(notes);
    }
    let namespaces: BTreeSet<_> = start.seen.stores.namespaces.names().into_iter().collect();
    for namespace in namespaces.iter().take(NAMESPACES_ASKED) {
        notes.extend(sentences(missing(client, &not_everywhere, Some(namespace)).await?, Some(namespace)));
    }
    match may(client, &MAKE_NAMESPACE, None).await? {
        true => notes.extend(sentences(missing(client, &of(&[Granted::Setup]), None).await?, None)),
        false => {
            tracing::info!("this console has no permission to create namespaces: each runtime needs a prepared one")
        }
    }
    Ok(notes)
}

fn sentence(missing: &Permission, namespace: Option<&str>) -> String {
    let place = namespace.map(|namespace| format!(" in {namespace}")).unwrap_or_default();
    format!("The console has no permission to {missing}{place}: {}.", missing.consequence)
}

/// Those of the permissions that this process does not have.
async fn missing(
    client: &kube::Client,
    permissions: &[Permission],
    namespace: Option<&str>,
) -> Result<Vec<Permission>, ClusterError> {
    let asked = permissions.iter().copied().map(|permission| async move {
        let is_allowed = may(client, &permission, namespace).await?;
        Ok((!is_allowed).then_some(permission))
    });
    let answers: Vec<_> = stream::iter(asked).buffered(AT_ONCE).try_collect().await?;
    Ok(answers.into_iter().flatten().collect())
}
