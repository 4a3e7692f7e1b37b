//! The logs of a version: one page, or all lines unchanged.

use app::api::Logs;
use app::budget::{fair_share, html_weight};
use app::error::Error;
use app::model::{Caller, LogsPage, NodeLog, Timestamp};
use app::visible;
use async_trait::async_trait;
use futures::{Stream, StreamExt, stream};
use krt::lifecycle::Status;

use super::{Console, Inner, errors, versions};
use crate::cluster::LoggedPod;
use crate::state::{Runtime, Version};
use crate::store::LONGEST_LOG;

/// Maximum lines per pod of a running version.
const LINES: i64 = 1_000;

/// Maximum pods on one page.
const PODS: u32 = 30;

/// Maximum bytes of HTML of all lines on a page.
const MOST: usize = 512 * 1024;

/// Bytes read per pod for a page: a pod can use more than its share when the logs of the others are short.
const READ: usize = 128 * 1024;

/// Bytes of HTML per line besides its text: the element of its level.
const LINE: usize = 28;

/// The logs of all pods as text, one pod after the other.
pub type LogBytes = std::pin::Pin<Box<dyn Stream<Item = Result<String, Error>> + Send>>;

#[async_trait]
impl Logs for Console {
    async fn list_logs(&self, caller: &Caller, runtime: &str, version: &str, from: u32) -> Result<LogsPage, Error> {
        let (runtime, version) = versions::find(&self.0, caller, runtime, version).await?;
        let (mut logs, total) = if runs(&version) {
            let pods = pods(&self.0, &runtime, &version)?;
            let page: Vec<_> = pods.iter().skip(from as usize).take(PODS as usize).cloned().collect();
            let mut logs = self.0.cluster.logs(&runtime, &page, LINES, READ).await;
            logs.iter_mut().for_each(show);
            // Pods without log lines are not shown and do not fill a page.
            (logs, u32::try_from(pods.len()).unwrap_or(u32::MAX))
        } else {
            // A stopping version loses its pods one by one; their logs were saved before.
            self.0.store.saved_logs(&version.uid, from, PODS, show).await.map_err(errors::store)?
        };
        let is_cut = fit(&mut logs);
        let total = if logs.is_empty() && from == 0 { 0 } else { total };
        Ok(LogsPage { logs, from, total, is_cut, read_at: Timestamp(jiff::Timestamp::now().as_millisecond()) })
    }
}

fn runs(version: &Version) -> bool {
    matches!(version.status(), Status::Starting | Status::Started | Status::Publishing | Status::Published)
}

fn pods(console: &Inner, runtime: &Runtime, version: &Version) -> Result<Vec<LoggedPod>, Error> {
    console.cluster.pods(runtime, version).map_err(|error| errors::cluster(&error))
}

/// Formats the last lines for a page. Lines beyond the page's size are dropped before the next pod is read.
fn show(log: &mut NodeLog) {
    let first = log.lines.len().saturating_sub(usize::try_from(LINES).unwrap_or(usize::MAX));
    let mut left = MOST;
    let shown = log.lines.drain(first..).rev().map(|line| visible::line(&line)).take_while(|line| {
        let rest = left.checked_sub(LINE + html_weight(line));
        left = rest.unwrap_or_default();
        rest.is_some()
    });
    let mut shown: Vec<_> = shown.collect();
    shown.reverse();
    log.lines = shown;
}

/// Keeps as many last lines of each log as fit on the page together. Returns whether any line was dropped.
fn fit(logs: &mut [NodeLog]) -> bool {
    let cost = |line: &String| LINE + html_weight(line);
    let share = fair_share(logs.iter().map(|log| log.lines.iter().map(cost).sum()), MOST);
    let mut is_cut = false;
    for log in logs {
        let mut left = share;
        let fits = |line: &&String| {
            let rest = left.checked_sub(cost(line));
            left = rest.unwrap_or_default();
            rest.is_some()
        };
        let kept = log.lines.iter().rev().take_while(fits).count();
        is_cut |= kept < log.lines.len();
        log.lines.drain(..log.lines.len() - kept);
    }
    is_cut
}

impl Console {
    /// Streams the logs of all pods, each below a line that names the pod; for a running version, the current logs.
    /// Holds the log of one pod at a time in memory.
    ///
    /// # Errors
    /// The errors of the page; later errors end the stream.
    pub async fn open_logs(&self, caller: &Caller, runtime: &str, version: &str) -> Result<LogBytes, Error> {
        let console = self.0.clone();
        let (runtime, version) = versions::find(&console, caller, runtime, version).await?;
        if runs(&version) {
            let pods = pods(&console, &runtime, &version)?;
            let read = move |pod: LoggedPod| {
                let (console, runtime) = (console.clone(), runtime.clone());
                async move {
                    let logs = console.cluster.logs(&runtime, &[pod], LINES, LONGEST_LOG).await;
                    Ok(logs.into_iter().map(written).collect())
                }
            };
            return Ok(Box::pin(stream::iter(pods).then(read)));
        }
        let read = move |at: u32| {
            let (console, uid) = (console.clone(), version.uid.clone());
            async move {
                let saved = console.store.saved_logs(&uid, at, 1, |_| ()).await;
                let next =
                    |(logs, _): (Vec<NodeLog>, u32)| logs.into_iter().next().map(|log| (Ok(written(log)), at + 1));
                // An error ends the stream.
                saved.map_or_else(|error| Some((Err(errors::store(error)), u32::MAX)), next)
            }
        };
        Ok(Box::pin(stream::unfold(0, read)))
    }
}

/// The lines exactly as the process wrote them: they go into a file, not onto a page, and need no escaping.
fn written(log: NodeLog) -> String {
    let NodeLog { workflow, node, pod, lines, .. } = log;
    let mut text = format!("==> {workflow} / {node}, pod {pod} <==\n");
    for line in lines {
        text += &line;
        text.push('\n');
    }
    text.push('\n');
    text
}
