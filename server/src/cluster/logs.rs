//! The last log lines of a version's pods.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use app::model::{NodeLog, Timestamp};
use futures::{AsyncRead, AsyncReadExt, StreamExt, stream};
use k8s_openapi::api::core::v1::{ContainerStatus, Pod};
use krt::manifest::ENTRYPOINT;
use kube::Api;
use kube::api::LogParams;

use super::{Cluster, ClusterError, labels};
use crate::state::{Runtime, Version};

/// Logs read at the same time.
const AT_ONCE: usize = 16;

/// Timeout of reading one pod's log: a cluster node that does not respond must not delay a stop.
const LONGEST_READ: Duration = Duration::from_secs(10);

/// The most bytes read of one pod's log, so that a pod that writes endlessly does not block anything. Only the end of
/// what is read is kept.
const MOST_READ: u64 = 16 * 1024 * 1024;

/// A pod whose log can be read.
pub type LoggedPod = Arc<Pod>;

impl Cluster {
    /// The pods of a version, in the order of its processes.
    ///
    /// # Errors
    /// When the cluster's first lists are not complete yet.
    pub fn pods(&self, runtime: &Runtime, version: &Version) -> Result<Vec<LoggedPod>, ClusterError> {
        if !self.is_read(runtime) {
            return Err(ClusterError::NotRead);
        }
        let positions = positions(version);
        let mut pods = self.pods_of(version);
        pods.sort_by_cached_key(|pod| {
            let process = pod.metadata.labels.as_ref().and_then(labels::process);
            let position = process.and_then(|process| positions.get(&process).copied());
            (position.unwrap_or(usize::MAX), pod.metadata.name.clone())
        });
        Ok(pods)
    }

    /// The last `lines` lines of each of these pods, in their order, and of these the last `bytes` bytes. Pods that have
    /// not written anything, or whose cluster node does not respond, are left out.
    pub async fn logs(&self, runtime: &Runtime, pods: &[LoggedPod], lines: i64, bytes: usize) -> Vec<NodeLog> {
        let reads = pods.iter().cloned().map(|pod| async move { self.log(runtime, &pod, lines, bytes).await });
        stream::iter(reads).buffered(AT_ONCE).filter_map(std::future::ready).collect().await
    }

    /// The last lines of one pod; those before its last crash when it has written nothing since.
    pub async fn log(&self, runtime: &Runtime, pod: &Pod, lines: i64, bytes: usize) -> Option<NodeLog> {
        let name = pod.metadata.name.clone()?;
        let (workflow, node) = labels::process(pod.metadata.labels.as_ref()?)?;
        let api = Api::<Pod>::namespaced(self.0.client.clone(), &runtime.namespace);
        let (container, has_crashed) = container(pod, node)?;
        let read = |previous| {
            let parameters = LogParams {
                container: Some(container.clone()),
                previous,
                tail_lines: Some(lines),
                limit_bytes: i64::try_from(MOST_READ).ok(),
                ..LogParams::default()
            };
            let (api, name) = (api.clone(), name.clone());
            async move {
                let read = async {
                    let log = api.log_stream(&name, &parameters).await.ok()?;
                    let end = end(log.take(MOST_READ), bytes).await.ok()?;
                    // Lossy: invalid bytes, or a cut inside of a character, must not hide the rest of the log.
                    Some(String::from_utf8_lossy(&end).into_owned())
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

/// The container with the relevant log (the init container while it fails, or else the process), and whether it
/// crashed.
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

/// The last bytes of a log. When its beginning is cut off, the result begins with a whole line, if there is one.
async fn end(mut log: impl AsyncRead + Unpin, bytes: usize) -> std::io::Result<Vec<u8>> {
    let mut kept = Vec::new();
    let mut piece = [0; 8 * 1024];
    let mut is_cut = false;
    loop {
        let read = log.read(&mut piece).await?;
        kept.extend_from_slice(&piece[..read]);
        // Drained only at twice the size, so that bytes are rarely moved.
        if kept.len() > 2 * bytes || (read == 0 && kept.len() > bytes) {
            kept.drain(..kept.len() - bytes);
            is_cut = true;
        }
        if read == 0 {
            break;
        }
    }
    if is_cut && let Some(line) = kept.iter().position(|byte| *byte == b'\n').filter(|at| at + 1 < kept.len()) {
        kept.drain(..=line);
    }
    Ok(kept)
}

/// The position of each process in its version, by workflow and node.
fn positions(version: &Version) -> HashMap<(&str, &str), usize> {
    let nodes = version
        .manifest
        .workflows
        .iter()
        .flat_map(|one| one.nodes.iter().map(move |node| (one.name.as_str(), node.name.as_str())));
    std::iter::once((ENTRYPOINT, ENTRYPOINT)).chain(nodes).zip(0..).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_end_of_a_long_log_is_kept_from_a_whole_line_on() {
        let log: String = (0..10_000).map(|n| format!("line {n}\n")).collect();
        let kept = end(log.as_bytes(), 100).await.unwrap();
        let text = String::from_utf8(kept).unwrap();
        assert!(text.len() <= 100 && text.starts_with("line ") && text.ends_with("line 9999\n"), "{text}");
        assert_eq!(end(&b"short"[..], 100).await.unwrap(), b"short");
        assert_eq!(end(&[b'x'; 500][..], 100).await.unwrap(), [b'x'; 100]);
    }
}
