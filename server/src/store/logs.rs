//! The last lines of a version's pods, saved before the pods are deleted.

use app::model::{NodeLog, Timestamp};
use rusqlite::Transaction;

use super::versions::{from_json, to_json};
use super::{Store, StoreError};

/// Lines kept of one pod: what a person reads after a failure, some 100 KB.
const LINES: usize = 1_000;

impl Store {
    /// Keeps the last lines of these pods, in place of what was kept of the same pods. Nobody is notified: the change
    /// of status that follows is what pages wait for.
    pub async fn save_logs(&self, uid: &str, logs: Vec<NodeLog>) -> Result<(), StoreError> {
        let uid = uid.to_owned();
        self.write(move |_, transaction, _| {
            for log in &logs {
                let last = &log.lines[log.lines.len().saturating_sub(LINES)..];
                transaction
                    .prepare_cached(
                        "INSERT INTO logs (version, workflow, node, pod, saved_at, lines_json)
                         SELECT uid, ?2, ?3, ?4, ?5, ?6 FROM versions WHERE uid = ?1
                         ON CONFLICT (version, workflow, node, pod)
                         DO UPDATE SET saved_at = excluded.saved_at, lines_json = excluded.lines_json",
                    )?
                    .execute((&uid, &log.workflow, &log.node, &log.pod, log.saved_at.0, to_json(&last)?))?;
            }
            Ok(())
        })
        .await
    }

    /// What was saved of the last run, in the order of workflow, node and pod.
    pub async fn saved_logs(&self, uid: &str) -> Result<Vec<NodeLog>, StoreError> {
        let uid = uid.to_owned();
        self.read(move |_, transaction| {
            let mut statement = transaction.prepare_cached(
                "SELECT workflow, node, pod, saved_at, lines_json FROM logs WHERE version = ?1
                 ORDER BY workflow, node, pod",
            )?;
            let mut rows = statement.query([&uid])?;
            let mut logs = Vec::new();
            while let Some(row) = rows.next()? {
                let lines: String = row.get(4)?;
                logs.push(NodeLog {
                    workflow: row.get(0)?,
                    node: row.get(1)?,
                    pod: row.get(2)?,
                    saved_at: Timestamp(row.get(3)?),
                    lines: from_json(&lines, "the log of version", &uid)?,
                });
            }
            Ok(logs)
        })
        .await
    }
}

/// A new run begins with empty logs, as it begins without a failure.
pub(super) fn forget(transaction: &Transaction, uid: &str) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM logs WHERE version = ?1")?.execute([uid])?;
    Ok(())
}
