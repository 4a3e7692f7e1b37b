//! Checks the permissions, at startup and again whenever the cluster comes back.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};

use super::table::{BINDING, INSIDE, MAKE_NAMESPACE, NAMESPACES, Right, WRITING};
use super::{PermissionNotes, Version, may};
use crate::changes::{Change, Listener};
use crate::cluster::ClusterError;
use crate::cluster::Start;
use crate::cluster::cache::ClusterCache;

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
    notes.extend(
        missing(client, &NAMESPACES, None).await?.iter().map(|missing_permission| missing_permission.sentence(None)),
    );
    let all: Vec<_> = INSIDE.into_iter().chain(WRITING).collect();
    // What is not allowed in all namespaces must be allowed in each one.
    let not_everywhere = missing(client, &all, None).await?;
    if not_everywhere.is_empty() {
        return Ok(notes);
    }
    let namespaces: BTreeSet<_> = start.seen.namespaces.names().into_iter().collect();
    for namespace in namespaces.iter().take(NAMESPACES_ASKED) {
        let permissions: Vec<_> = not_everywhere.iter().map(MissingPermission::alone).collect();
        let missing_permissions = missing(client, &permissions, Some(namespace)).await?;
        notes.extend(missing_permissions.iter().map(|missing_permission| missing_permission.sentence(Some(namespace))));
    }
    match may(client, &MAKE_NAMESPACE, "create", None).await? {
        true => notes.extend(
            missing(client, &BINDING, None).await?.iter().map(|missing_permission| missing_permission.sentence(None)),
        ),
        false => tracing::info!("this console may not create namespaces: each runtime needs a prepared one"),
    }
    Ok(notes)
}

/// A missing verb of a permission.
#[derive(Clone, Copy, Debug)]
struct MissingPermission {
    right: Right,
    verb: &'static str,
}

impl MissingPermission {
    fn sentence(&self, namespace: Option<&str>) -> String {
        let place = namespace.map(|namespace| format!(" in {namespace}")).unwrap_or_default();
        format!("The console may not {}{place}: {}.", self.right.words(self.verb), self.right.so)
    }

    /// The permission for this verb only.
    fn alone(&self) -> Right {
        let verbs = self.right.verbs.iter().position(|verb| *verb == self.verb);
        let verbs = verbs.map_or(self.right.verbs, |place| &self.right.verbs[place..=place]);
        Right { verbs, ..self.right }
    }
}

async fn missing(
    client: &kube::Client,
    permissions: &[Right],
    namespace: Option<&str>,
) -> Result<Vec<MissingPermission>, ClusterError> {
    let missing_permissions: Vec<_> = permissions
        .iter()
        .flat_map(|right| right.verbs.iter().map(|verb| MissingPermission { right: *right, verb }))
        .collect();
    let asked = missing_permissions.into_iter().map(|missing_permission| async move {
        let is_allowed = may(client, &missing_permission.right, missing_permission.verb, namespace).await?;
        Ok((!is_allowed).then_some(missing_permission))
    });
    let answers: Vec<_> = stream::iter(asked).buffered(AT_ONCE).try_collect().await?;
    Ok(answers.into_iter().flatten().collect())
}
