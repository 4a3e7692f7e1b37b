//! The last lines of a version's pods, saved before the pods are deleted.

use app::budget::{fair_share, head};
use app::model::{NodeLog, Timestamp};
use rusqlite::{Row, Transaction};

use super::versions::{from_json, to_json};
use super::{Store, StoreError};

/// Lines kept of one pod: what a person reads after a failure, about 100 KB.
const LINES: usize = 1_000;

/// Bytes kept of one line.
const LONGEST_LINE: usize = 16 * 1024;

/// Bytes kept of all pods of a version together: the maximum of 64 pods.
const LONGEST_LOGS: usize = 64 * LONGEST_LOG;

/// Bytes kept of one pod.
pub const LONGEST_LOG: usize = 256 * 1024;

/// The logs of some pods of a version, and the number of all its pods with a log.
pub type SavedLogs = (Vec<NodeLog>, u32);

const COLUMNS: &str = "SELECT workflow, node, pod, saved_at, lines_json FROM logs WHERE version = ?1
     ORDER BY workflow, node, pod LIMIT ?2 OFFSET ?3";

impl Store {
    /// Stores the last lines of these pods, replacing those stored of the same pods. Sends no notification: pages wait
    /// for the change of status that follows.
    pub async fn save_logs(&self, uid: &str, mut logs: Vec<NodeLog>) -> Result<(), StoreError> {
        let uid = uid.to_owned();
        self.write(move |_, transaction, _| {
            let share = fair_share(logs.iter().map(size), LONGEST_LOGS).min(LONGEST_LOG);
            for log in &mut logs {
                keep_last(log, share);
                transaction
                    .prepare_cached(
                        "INSERT INTO logs (version, workflow, node, pod, saved_at, lines_json)
                         SELECT uid, ?2, ?3, ?4, ?5, ?6 FROM versions WHERE uid = ?1
                         ON CONFLICT (version, workflow, node, pod)
                         DO UPDATE SET saved_at = excluded.saved_at, lines_json = excluded.lines_json",
                    )?
                    .execute((&uid, &log.workflow, &log.node, &log.pod, log.saved_at.0, to_json(&log.lines)?))?;
            }
            Ok(())
        })
        .await
    }

    /// The saved logs of the last run: at most `most` pods in the order of workflow, node and pod, starting at number
    /// `from`, each after `show` has shortened it. Only one full log is in memory at a time.
    pub async fn saved_logs(
        &self,
        uid: &str,
        from: u32,
        most: u32,
        show: impl Fn(&mut NodeLog) + Send + 'static,
    ) -> Result<SavedLogs, StoreError> {
        let uid = uid.to_owned();
        self.read(move |_, transaction| {
            let total = transaction
                .prepare_cached("SELECT COUNT(*) FROM logs WHERE version = ?1")?
                .query_row([&uid], |row| row.get(0))?;
            let mut statement = transaction.prepare_cached(COLUMNS)?;
            let mut rows = statement.query((&uid, most, from))?;
            let mut logs = Vec::new();
            while let Some(row) = rows.next()? {
                let mut log = log(row, &uid)?;
                show(&mut log);
                logs.push(log);
            }
            Ok((logs, total))
        })
        .await
    }
}

fn log(row: &Row, uid: &str) -> Result<NodeLog, StoreError> {
    let lines: String = row.get(4)?;
    Ok(NodeLog {
        workflow: row.get(0)?,
        node: row.get(1)?,
        pod: row.get(2)?,
        saved_at: Timestamp(row.get(3)?),
        lines: from_json(&lines, "the log of version", uid)?,
    })
}

/// Bytes of a log, with one line break per line.
fn size(log: &NodeLog) -> usize {
    log.lines.iter().map(|line| line.len() + 1).sum()
}

/// Keeps only the last lines, at most `bytes` bytes together, and only the beginning of long lines.
fn keep_last(log: &mut NodeLog, bytes: usize) {
    for line in &mut log.lines {
        let kept = head(line, LONGEST_LINE.min(bytes)).0.len();
        line.truncate(kept);
    }
    let mut left = bytes;
    let fits = |line: &&String| {
        let rest = left.checked_sub(line.len() + 1);
        left = rest.unwrap_or_default();
        rest.is_some()
    };
    let kept = log.lines.iter().rev().take(LINES).take_while(fits).count();
    log.lines.drain(..log.lines.len() - kept);
}

/// Deletes the logs of a version: a new run starts without logs, as it starts without a failure.
pub(super) fn forget(transaction: &Transaction, uid: &str) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM logs WHERE version = ?1")?.execute([uid])?;
    Ok(())
}
