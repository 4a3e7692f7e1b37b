//! Runtimes and versions as stored, and the statuses that follow.

use std::sync::Arc;

use app::model::{Caller, Failure, PackageInfo, Timestamp};
use krt::lifecycle::{Action, Cause, Event, Situation, Status};
use krt::manifest::Manifest;
use krt::roles::Role;
use rusqlite::Row;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeRow {
    pub id: String,
    pub name: String,
    pub description: String,
    pub namespace: String,
    pub created_at: Timestamp,
    pub created_by: String,
    /// Uid and name of the published version, also while it is being unpublished.
    pub published: Option<String>,
    pub published_name: Option<String>,
    /// Uid and name of the version that `active-entrypoint` is being switched to.
    pub publishing: Option<String>,
    pub publishing_name: Option<String>,
}

/// The numbers of a runtime's versions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuntimeCounts {
    pub archived: u32,
    /// Not archived.
    pub present: u32,
    /// Started, publishing or published.
    pub running: u32,
    /// Versions that need attention: the last start or publish failed, or the version runs with an unhealthy process.
    pub unhealthy: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    pub uid: String,
    pub runtime: String,
    pub name: String,
    pub desired: Desired,
    pub recorded: Recorded,
    /// Since when the version has its status, and who caused that.
    pub since: Timestamp,
    pub since_by: String,
    /// Until when a start or publish must be complete.
    pub deadline: Option<Timestamp>,
    pub failure: Option<Failure>,
    /// Declared variables and files without a value, in manifest order.
    pub missing_configuration: Vec<String>,
    pub manifest: Arc<Manifest>,
    pub package: PackageInfo,
    pub created_at: Timestamp,
    pub created_by: String,
}

/// The desired state of a version: what people decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Desired {
    Stopped,
    Started,
    Published,
    Archived,
}

/// The recorded state of a version: what is known to have come true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recorded {
    /// The cluster has no objects of the version.
    Stopped,
    /// A start is in progress: the cluster may have some objects of the version.
    Partial,
    Started,
    Published,
    Archived,
}

impl VersionRow {
    pub fn status(&self) -> Status {
        status(self.desired, self.recorded)
    }

    /// Whether the version is published and on its way back to started.
    pub fn unpublishing(&self) -> bool {
        self.recorded == Recorded::Published && self.desired != Desired::Published
    }

    /// Everything that decides which actions are possible; `runtime` is the version's runtime.
    pub fn situation(&self, runtime: &RuntimeRow) -> Situation {
        let uid = Some(&self.uid);
        let takes_part = runtime.publishing.as_ref() == uid || runtime.published.as_ref() == uid;
        Situation {
            status: self.status(),
            unpublishing: self.unpublishing(),
            publishing: runtime.publishing_name.clone(),
            part_of_publish: runtime.publishing.is_some() && takes_part,
            missing_configuration: self.missing_configuration.clone(),
        }
    }
}

/// The status that follows from a desired and a recorded state. The schema allows only the nine pairs handled here.
fn status(desired: Desired, recorded: Recorded) -> Status {
    match (desired, recorded) {
        (Desired::Archived, _) | (_, Recorded::Archived) => Status::Archived,
        (_, Recorded::Published) => Status::Published,
        (Desired::Published, _) => Status::Publishing,
        (Desired::Started, Recorded::Started) => Status::Started,
        (Desired::Started, _) => Status::Starting,
        (Desired::Stopped, Recorded::Stopped) => Status::Stopped,
        (Desired::Stopped, _) => Status::Stopping,
    }
}

/// The desired and recorded state after `cause` moves a version by the lifecycle table. The one exception is an
/// unpublish: the version counts as published until Ingress and Service are gone.
pub(super) fn after(desired: Desired, recorded: Recorded, cause: Cause) -> (Desired, Recorded) {
    match cause {
        Cause::Action(Action::Create) | Cause::Event(Event::Gone) => (Desired::Stopped, Recorded::Stopped),
        Cause::Action(Action::Start) => (Desired::Started, Recorded::Partial),
        Cause::Action(Action::Stop) => (Desired::Stopped, recorded),
        Cause::Action(Action::Publish) => (Desired::Published, recorded),
        Cause::Action(Action::Unpublish) => (Desired::Started, recorded),
        Cause::Action(Action::Archive) => (Desired::Archived, Recorded::Archived),
        Cause::Event(Event::Ready) => (Desired::Started, Recorded::Started),
        Cause::Event(Event::Switched) => (Desired::Published, Recorded::Published),
        Cause::Event(Event::Failure) if desired == Desired::Published => (Desired::Started, recorded),
        Cause::Event(Event::Failure) => (Desired::Stopped, recorded),
    }
}

impl Desired {
    pub const ALL: [Desired; 4] = [Desired::Stopped, Desired::Started, Desired::Published, Desired::Archived];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Desired::Stopped => "stopped",
            Desired::Started => "started",
            Desired::Published => "published",
            Desired::Archived => "archived",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Desired> {
        Desired::ALL.into_iter().find(|desired| desired.as_str() == name)
    }
}

impl Recorded {
    pub const ALL: [Recorded; 5] =
        [Recorded::Stopped, Recorded::Partial, Recorded::Started, Recorded::Published, Recorded::Archived];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Recorded::Stopped => "stopped",
            Recorded::Partial => "partial",
            Recorded::Started => "started",
            Recorded::Published => "published",
            Recorded::Archived => "archived",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Recorded> {
        Recorded::ALL.into_iter().find(|recorded| recorded.as_str() == name)
    }
}

/// In milliseconds.
pub(super) const MINUTE: i64 = 60 * 1000;
/// In milliseconds.
pub(super) const DAY: i64 = 24 * 60 * MINUTE;

/// A caller from a row that begins with ID, name and role of a user.
pub(super) fn caller(row: &Row) -> rusqlite::Result<Caller> {
    let role: String = row.get(2)?;
    // The schema allows no other names; should a later schema do so, the weakest role is the safe choice.
    let role = Role::parse(&role).unwrap_or(Role::Viewer);
    Ok(Caller { id: row.get(0)?, name: row.get(1)?, role })
}

#[cfg(test)]
mod tests {
    use krt::lifecycle::TABLE;

    use super::*;

    /// Every pair that the schema allows.
    const PAIRS: [(Desired, Recorded); 9] = [
        (Desired::Stopped, Recorded::Stopped),
        (Desired::Started, Recorded::Partial),
        (Desired::Stopped, Recorded::Partial),
        (Desired::Stopped, Recorded::Started),
        (Desired::Started, Recorded::Started),
        (Desired::Published, Recorded::Started),
        (Desired::Published, Recorded::Published),
        (Desired::Started, Recorded::Published),
        (Desired::Archived, Recorded::Archived),
    ];

    #[test]
    fn every_line_of_the_table_leads_to_its_status_and_stays_within_the_schema() {
        for line in TABLE {
            for (desired, recorded) in PAIRS.into_iter().filter(|(d, r)| Some(status(*d, *r)) == line.from) {
                // On its way back to started: the table's line for that was applied already.
                if (desired, recorded) == (Desired::Started, Recorded::Published) {
                    continue;
                }
                let pair = after(desired, recorded, line.cause);
                assert!(PAIRS.contains(&pair), "{line:?} from {desired:?} {recorded:?} leads to {pair:?}");
                let expected = match line.cause {
                    Cause::Action(Action::Unpublish) => Status::Published,
                    _ => line.to,
                };
                assert_eq!(status(pair.0, pair.1), expected, "{line:?} from {desired:?} {recorded:?}");
            }
        }
    }
}
