//! The desired and the recorded state of a version: the status that follows from the two, and how causes change them.

use super::{Action, Cause, Event, Status};

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

/// Every pair of a desired and a recorded state that a version can have.
pub const PAIRS: [(Desired, Recorded); 9] = [
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

/// Returns the status that follows from a pair of [`PAIRS`].
pub fn status_of(desired: Desired, recorded: Recorded) -> Status {
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

/// Returns whether a version is published and on its way back to started.
pub fn is_unpublishing(desired: Desired, recorded: Recorded) -> bool {
    recorded == Recorded::Published && desired != Desired::Published
}

/// Returns the desired and recorded state after `cause` moves a version by [`super::TABLE`]. The one exception is an
/// unpublish: the version counts as published until Ingress and Service are gone.
pub fn after(desired: Desired, recorded: Recorded, cause: Cause) -> (Desired, Recorded) {
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

    /// Returns `stopped` and the like, as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Desired::Stopped => "stopped",
            Desired::Started => "started",
            Desired::Published => "published",
            Desired::Archived => "archived",
        }
    }

    /// Returns the state with this name, as written by [`Desired::as_str`].
    pub fn parse(name: &str) -> Option<Desired> {
        Desired::ALL.into_iter().find(|desired| desired.as_str() == name)
    }
}

impl Recorded {
    pub const ALL: [Recorded; 5] =
        [Recorded::Stopped, Recorded::Partial, Recorded::Started, Recorded::Published, Recorded::Archived];

    /// Returns `stopped` and the like, as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Recorded::Stopped => "stopped",
            Recorded::Partial => "partial",
            Recorded::Started => "started",
            Recorded::Published => "published",
            Recorded::Archived => "archived",
        }
    }

    /// Returns the state with this name, as written by [`Recorded::as_str`].
    pub fn parse(name: &str) -> Option<Recorded> {
        Recorded::ALL.into_iter().find(|recorded| recorded.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::TABLE;
    use super::*;

    #[test]
    fn every_line_of_the_table_leads_to_its_status_and_to_a_possible_pair() {
        for line in TABLE {
            for (desired, recorded) in PAIRS.into_iter().filter(|(d, r)| Some(status_of(*d, *r)) == line.from) {
                // The table's line for an unpublish was applied already.
                if is_unpublishing(desired, recorded) {
                    continue;
                }
                let pair = after(desired, recorded, line.cause);
                assert!(PAIRS.contains(&pair), "{line:?} from {desired:?} {recorded:?} leads to {pair:?}");
                let expected = match line.cause {
                    Cause::Action(Action::Unpublish) => Status::Published,
                    _ => line.to,
                };
                assert_eq!(status_of(pair.0, pair.1), expected, "{line:?} from {desired:?} {recorded:?}");
            }
        }
    }
}
