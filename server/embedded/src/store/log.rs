//! The log of recent changes, which watches and controllers read.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::{Key, Version};
use crate::kinds::Resource;

/// Maximum number of changes kept: a start with 200 nodes is a burst of about 3,000. An entry holds the text of an
/// object (3 to 6 KB), so this also bounds memory (about 20 MB).
const MOST: usize = 4_096;

/// Changes are kept at least this long, up to [`MOST`] of them: the API server's default etcd compaction interval.
const REMEMBERED: Duration = Duration::from_secs(300);

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Added,
    Modified,
    Deleted,
}

/// One change of one object.
#[derive(Debug)]
pub struct Change {
    pub revision: u64,
    pub kind: ChangeKind,
    pub key: Key,
    /// The object after the change; for deletions its last state, with the revision of the deletion.
    pub object: Arc<Version>,
    /// The object before the change; watches with selectors need it to detect that the object left their selection.
    pub before: Option<Arc<Version>>,
}

#[derive(Debug)]
pub struct Log {
    entries: VecDeque<(Instant, Arc<Change>)>,
    /// All changes after this revision are available.
    start: u64,
}

impl Log {
    pub fn starting_at(start: u64) -> Log {
        Log { entries: VecDeque::new(), start }
    }

    pub fn push(&mut self, change: Arc<Change>) {
        self.entries.push_back((Instant::now(), change));
        while self.entries.len() > MOST {
            self.drop_first();
        }
    }

    pub fn forget_old(&mut self) {
        while self.entries.front().is_some_and(|(at, _)| at.elapsed() > REMEMBERED) {
            self.drop_first();
        }
        if self.entries.is_empty() {
            self.entries.shrink_to_fit();
        }
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn drop_first(&mut self) {
        if let Some((_, change)) = self.entries.pop_front() {
            self.start = change.revision;
        }
    }

    pub fn since(&self, revision: u64, resource: Option<Resource>) -> Result<Vec<Arc<Change>>, u64> {
        if revision < self.start {
            return Err(self.start);
        }
        let first = self.entries.partition_point(|(_, change)| change.revision <= revision);
        let wanted = |change: &&Arc<Change>| resource.is_none_or(|resource| change.key.resource == resource);
        Ok(self.entries.range(first..).map(|(_, change)| change).filter(wanted).cloned().collect())
    }
}
