//! The last log lines of a version's pods.

use std::time::Duration;

use app::model::{NodeLog, Timestamp};
use futures::{AsyncReadExt, StreamExt, stream};
use k8s_openapi::api::core::v1::{ContainerStatus, Pod};
use krt::manifest::ENTRYPOINT;
use kube::Api;
use kube::api::LogParams;

use super::{Cluster, ClusterError, labels};
use crate::store::{RuntimeRow, VersionRow};

/// Logs that are read at the same time.
const AT_ONCE: usize = 16;

/// How long one pod's log may take: a machine that does not answer must not hold up a stop.
const LONGEST_READ: Duration = Duration::from_secs(10);

/// Bytes read of one pod's log, so that one that writes endless lines fills neither memory nor store: 2 KiB a line, of
/// a thousand.
const LONGEST_LOG: u64 = 2 * 1024 * 1024;

impl Cluster {
    /// The last `lines` lines of each pod of a version, in the order of its processes. Pods that have not written
    /// anything, or whose machine does not answer, are left out.
    ///
    /// # Errors
    /// When the cluster cannot be reached.
    pub async fn logs(
        &self,
        runtime: &RuntimeRow,
        version: &VersionRow,
        lines: i64,
    ) -> Result<Vec<NodeLog>, ClusterError> {
        if !self.is_read(runtime) {
            return Err(ClusterError::NotRead);
        }
        let reads = self.pods_of(version).into_iter().map(|pod| async move { self.log(runtime, &pod, lines).await });
        let mut logs: Vec<_> = stream::iter(reads).buffered(AT_ONCE).filter_map(std::future::ready).collect().await;
        logs.sort_by_cached_key(|log: &NodeLog| (position(version, &log.workflow, &log.node), log.pod.clone()));
        Ok(logs)
    }

    /// The last lines of one pod; of its last life, when it crashed and has written nothing since.
    pub(super) async fn log(&self, runtime: &RuntimeRow, pod: &Pod, lines: i64) -> Option<NodeLog> {
        let name = pod.metadata.name.clone()?;
        let (workflow, node) = labels::process(pod.metadata.labels.as_ref()?)?;
        let api = Api::<Pod>::namespaced(self.0.client.clone(), &runtime.namespace);
        let (container, has_crashed) = container(pod, node)?;
        let read = |previous| {
            let parameters = LogParams {
                container: Some(container.clone()),
                previous,
                tail_lines: Some(lines),
                limit_bytes: i64::try_from(LONGEST_LOG).ok(),
                ..LogParams::default()
            };
            let (api, name) = (api.clone(), name.clone());
            async move {
                // As bytes: whatever a process writes, and wherever it is cut, the rest of its log can be read.
                let read = async {
                    let mut bytes = Vec::new();
                    let log = api.log_stream(&name, &parameters).await.ok()?;
                    log.take(LONGEST_LOG).read_to_end(&mut bytes).await.ok()?;
                    Some(String::from_utf8_lossy(&bytes).into_owned())
                };
                tokio::time::timeout(LONGEST_READ, read).await.ok()?
            }
        };
        let mut text = read(false).await.unwrap_or_default();
        if text.is_empty() && has_crashed {
            text = read(true).await.unwrap_or_default();
        }
        if text.is_empty() {
            return None;
        }
        let saved_at = Timestamp(jiff::Timestamp::now().as_millisecond());
        let lines = text.lines().map(str::to_owned).collect();
        Some(NodeLog { workflow: workflow.to_owned(), node: node.to_owned(), pod: name, saved_at, lines })
    }
}

/// The container whose log tells most: the init container while it fails, or else the process; and whether it crashed.
fn container(pod: &Pod, node: &str) -> Option<(String, bool)> {
    let status = pod.status.as_ref()?;
    let failed = |status: &&ContainerStatus| {
        let ended = status.state.as_ref().and_then(|state| state.terminated.as_ref());
        status.restart_count > 0 || ended.is_some_and(|ended| ended.exit_code != 0)
    };
    let is_unpacked = status.container_statuses.iter().flatten().any(|status| {
        let state = status.state.as_ref();
        state.is_some_and(|state| state.running.is_some() || state.terminated.is_some()) || status.restart_count > 0
    });
    let init = status.init_container_statuses.iter().flatten().find(failed);
    match init {
        Some(init) if !is_unpacked => Some((init.name.clone(), true)),
        _ => {
            let own = status.container_statuses.iter().flatten().find(|status| status.name == node);
            Some((node.to_owned(), own.is_some_and(|own| own.restart_count > 0)))
        }
    }
}

/// Where a process stands in its version.
fn position(version: &VersionRow, workflow: &str, node: &str) -> usize {
    if node == ENTRYPOINT {
        return 0;
    }
    let all =
        version.manifest.workflows.iter().flat_map(|one| one.nodes.iter().map(move |node| (&one.name, &node.name)));
    all.into_iter().position(|(w, n)| w == workflow && n == node).map_or(usize::MAX, |position| position + 1)
}
