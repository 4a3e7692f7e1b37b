//! Runtimes and versions as the store holds them, and what follows from them.

use std::sync::Arc;

use app::model::{Failure, PackageInfo, Timestamp};
use krt::lifecycle::{Action, Cause, Event, Situation, Status};
use krt::manifest::Manifest;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeRow {
    pub id: String,
    pub name: String,
    pub description: String,
    pub namespace: String,
    pub created_at: Timestamp,
    pub created_by: String,
    /// Uid and name of the version that requests from outside reach, also while it is being withdrawn.
    pub published: Option<String>,
    pub published_name: Option<String>,
    /// Uid and name of the version that `active-entrypoint` is being switched to.
    pub publishing: Option<String>,
    pub publishing_name: Option<String>,
}

/// How many versions of a runtime there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuntimeCounts {
    pub archived: u32,
    /// Not archived.
    pub present: u32,
    /// Started, publishing or published.
    pub running: u32,
    /// Those that need a look: their last start or publish failed, or they run and a process of them does not.
    pub ailing: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    pub uid: String,
    pub runtime: String,
    pub name: String,
    pub wish: Wish,
    pub settled: Settled,
    /// Since when it has its status, and who brought it there.
    pub since: Timestamp,
    pub since_by: String,
    /// Until when a start or publish must have come to its end.
    pub deadline: Option<Timestamp>,
    pub failure: Option<Failure>,
    /// Declared variables and files without a value, in manifest order.
    pub missing_configuration: Vec<String>,
    pub manifest: Arc<Manifest>,
    pub package: PackageInfo,
    pub created_at: Timestamp,
    pub created_by: String,
}

/// What people want of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wish {
    Stopped,
    Started,
    Published,
    Archived,
}

/// What of a version's wish is known to have come true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Settled {
    /// Nothing of it is in the cluster.
    Stopped,
    /// A start was begun: the cluster may hold some of it.
    Partial,
    Started,
    Published,
    Archived,
}

impl VersionRow {
    pub fn status(&self) -> Status {
        status(self.wish, self.settled)
    }

    /// Published, and on its way back to started.
    pub fn unpublishing(&self) -> bool {
        self.settled == Settled::Published && self.wish != Wish::Published
    }

    /// All that decides which actions are possible; `runtime` is the version's own.
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

/// The status that a wish and what is settled of it come to. The schema allows no other pairs than the nine named here.
fn status(wish: Wish, settled: Settled) -> Status {
    match (wish, settled) {
        (Wish::Archived, _) | (_, Settled::Archived) => Status::Archived,
        (_, Settled::Published) => Status::Published,
        (Wish::Published, _) => Status::Publishing,
        (Wish::Started, Settled::Started) => Status::Started,
        (Wish::Started, _) => Status::Starting,
        (Wish::Stopped, Settled::Stopped) => Status::Stopped,
        (Wish::Stopped, _) => Status::Stopping,
    }
}

/// The pair that follows when the table lets `cause` move a version. The one step that the table does not show is an
/// unpublish: it settles only when Ingress and Service are withdrawn, and is shown as published until then.
pub(super) fn after(wish: Wish, settled: Settled, cause: Cause) -> (Wish, Settled) {
    match cause {
        Cause::Action(Action::Create) | Cause::Event(Event::Gone) => (Wish::Stopped, Settled::Stopped),
        Cause::Action(Action::Start) => (Wish::Started, Settled::Partial),
        Cause::Action(Action::Stop) => (Wish::Stopped, settled),
        Cause::Action(Action::Publish) => (Wish::Published, settled),
        Cause::Action(Action::Unpublish) => (Wish::Started, settled),
        Cause::Action(Action::Archive) => (Wish::Archived, Settled::Archived),
        Cause::Event(Event::Ready) => (Wish::Started, Settled::Started),
        Cause::Event(Event::Switched) => (Wish::Published, Settled::Published),
        Cause::Event(Event::Failure) if wish == Wish::Published => (Wish::Started, settled),
        Cause::Event(Event::Failure) => (Wish::Stopped, settled),
    }
}

impl Wish {
    pub const ALL: [Wish; 4] = [Wish::Stopped, Wish::Started, Wish::Published, Wish::Archived];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Wish::Stopped => "stopped",
            Wish::Started => "started",
            Wish::Published => "published",
            Wish::Archived => "archived",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Wish> {
        Wish::ALL.into_iter().find(|wish| wish.as_str() == name)
    }
}

impl Settled {
    pub const ALL: [Settled; 5] =
        [Settled::Stopped, Settled::Partial, Settled::Started, Settled::Published, Settled::Archived];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Settled::Stopped => "stopped",
            Settled::Partial => "partial",
            Settled::Started => "started",
            Settled::Published => "published",
            Settled::Archived => "archived",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Settled> {
        Settled::ALL.into_iter().find(|settled| settled.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use krt::lifecycle::TABLE;

    use super::*;

    /// Every pair that the schema allows.
    const PAIRS: [(Wish, Settled); 9] = [
        (Wish::Stopped, Settled::Stopped),
        (Wish::Started, Settled::Partial),
        (Wish::Stopped, Settled::Partial),
        (Wish::Stopped, Settled::Started),
        (Wish::Started, Settled::Started),
        (Wish::Published, Settled::Started),
        (Wish::Published, Settled::Published),
        (Wish::Started, Settled::Published),
        (Wish::Archived, Settled::Archived),
    ];

    #[test]
    fn every_line_of_the_table_leads_to_its_status_and_stays_inside_of_the_schema() {
        for line in TABLE {
            for (wish, settled) in PAIRS.into_iter().filter(|(w, s)| Some(status(*w, *s)) == line.from) {
                // On its way back to started: the table has one line for it, and it was taken already.
                if (wish, settled) == (Wish::Started, Settled::Published) {
                    continue;
                }
                let pair = after(wish, settled, line.cause);
                assert!(PAIRS.contains(&pair), "{line:?} from {wish:?} {settled:?} leads to {pair:?}");
                let expected = match line.cause {
                    Cause::Action(Action::Unpublish) => Status::Published,
                    _ => line.to,
                };
                assert_eq!(status(pair.0, pair.1), expected, "{line:?} from {wish:?} {settled:?}");
            }
        }
    }
}
