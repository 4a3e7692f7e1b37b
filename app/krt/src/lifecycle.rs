//! The lifecycle of a version: one table, used by the pages, the server and the diagram.
//!
//! Source: the KAI Server documentation's status table and lifecycle picture ("Versions", "Version management");
//! `publishing` and `archived` come from the picture.

pub mod map;
mod states;

pub use states::{Desired, PAIRS, Recorded, after, is_unpublishing, status_of};

use serde::{Deserialize, Serialize};

use crate::roles::{Permission, Role, may};

/// The status of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Package and manifest are stored; no objects in the cluster.
    Stopped,
    /// The Kubernetes objects are being created.
    Starting,
    /// Entrypoint and nodes are ready; reachable only inside the cluster.
    Started,
    /// `active-entrypoint` is being switched to this version.
    Publishing,
    /// External requests are routed to this version.
    Published,
    /// The Kubernetes objects are being deleted.
    Stopping,
    /// Hidden from the default list; the package is kept. Permanent.
    Archived,
}

impl Status {
    pub const ALL: [Status; 7] = [
        Status::Stopped,
        Status::Starting,
        Status::Started,
        Status::Publishing,
        Status::Published,
        Status::Stopping,
        Status::Archived,
    ];

    /// Returns the documentation's term: `stopped`, `starting`, …
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Stopped => "stopped",
            Status::Starting => "starting",
            Status::Started => "started",
            Status::Publishing => "publishing",
            Status::Published => "published",
            Status::Stopping => "stopping",
            Status::Archived => "archived",
        }
    }

    /// Returns the status with this name, as written by [`Status::as_str`].
    pub fn parse(name: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// Returns whether the status changes to another one without an action; drawn dashed.
    pub fn is_transitional(self) -> bool {
        matches!(self, Status::Starting | Status::Publishing | Status::Stopping)
    }
}

/// What a person does to a version. Every action has a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Create,
    Start,
    Stop,
    Publish,
    Unpublish,
    Archive,
}

impl Action {
    pub const ALL: [Action; 6] =
        [Action::Create, Action::Start, Action::Stop, Action::Publish, Action::Unpublish, Action::Archive];

    /// The actions on an existing version, in the order of the buttons.
    pub const ON_A_VERSION: [Action; 5] =
        [Action::Start, Action::Stop, Action::Publish, Action::Unpublish, Action::Archive];

    /// Returns `start` and the like, as in paths and audit entries.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Start => "start",
            Action::Stop => "stop",
            Action::Publish => "publish",
            Action::Unpublish => "unpublish",
            Action::Archive => "archive",
        }
    }

    /// Returns `Start` and the like, as on the button.
    pub fn title(self) -> &'static str {
        match self {
            Action::Create => "Create",
            Action::Start => "Start",
            Action::Stop => "Stop",
            Action::Publish => "Publish",
            Action::Unpublish => "Unpublish",
            Action::Archive => "Archive",
        }
    }

    /// Returns the action with this name, as written by [`Action::as_str`].
    pub fn parse(name: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.as_str() == name)
    }
}

/// An observation of the system that changes the status of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    /// All nodes and the entrypoint are ready.
    Ready,
    /// A deadline passed, or an unrecoverable cause was observed.
    Failure,
    /// No objects of the version remain in the cluster.
    Gone,
    /// `active-entrypoint` serves only this version.
    Switched,
}

/// What causes a transition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    Action(Action),
    Event(Event),
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// `None`: before the version exists.
    pub from: Option<Status>,
    pub cause: Cause,
    pub to: Status,
}

/// The transition table.
pub const TABLE: [Transition; 12] = [
    by_action(None, Action::Create, Status::Stopped),
    by_action(Some(Status::Stopped), Action::Start, Status::Starting),
    by_event(Status::Starting, Event::Ready, Status::Started),
    by_action(Some(Status::Starting), Action::Stop, Status::Stopping),
    by_event(Status::Starting, Event::Failure, Status::Stopping),
    by_action(Some(Status::Started), Action::Stop, Status::Stopping),
    by_event(Status::Stopping, Event::Gone, Status::Stopped),
    by_action(Some(Status::Started), Action::Publish, Status::Publishing),
    by_event(Status::Publishing, Event::Switched, Status::Published),
    by_event(Status::Publishing, Event::Failure, Status::Started),
    by_action(Some(Status::Published), Action::Unpublish, Status::Started),
    by_action(Some(Status::Stopped), Action::Archive, Status::Archived),
];

/// Returns the status that this cause leads to; `None` when the table has no such transition.
pub fn next(from: Option<Status>, cause: Cause) -> Option<Status> {
    TABLE.iter().find(|line| line.from == from && line.cause == cause).map(|line| line.to)
}

/// What decides, besides the role, whether an action is possible now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Situation {
    pub status: Status,
    /// The version is published and being unpublished: Ingress and Service are being removed.
    pub unpublishing: bool,
    /// The version of the same runtime that is being published now (perhaps this one).
    pub publishing: Option<String>,
    /// Whether this version takes part in that publish, as the new or as the replaced version.
    pub part_of_publish: bool,
    /// Declared variables and files without a value.
    pub missing_configuration: Vec<String>,
}

/// Returns why this role cannot take this action now, as a lowercase phrase for the action's button; `None` when the
/// action is possible.
pub fn why_not(situation: &Situation, action: Action, role: Role) -> Option<String> {
    let permission = if action == Action::Create { Permission::CreateVersion } else { Permission::TakeAction };
    if !may(role, permission) {
        return Some(format!("a {} cannot do this; ask a {}", role.as_str(), permission.least_role().as_str()));
    }
    if situation.part_of_publish
        && let Some(publishing) = &situation.publishing
    {
        return Some(format!("wait until {publishing} is published"));
    }
    if situation.unpublishing {
        return Some("wait until unpublishing is complete".to_owned());
    }
    if next(Some(situation.status), Cause::Action(action)).is_none() {
        return Some(refusal(situation.status, action));
    }
    match action {
        Action::Publish => situation.publishing.as_ref().map(|other| format!("wait until {other} is published")),
        Action::Start => set_first(situation),
        _ => None,
    }
}

/// Returns why the configuration of a version cannot be changed in this status, as a sentence for its page; `None` when
/// it can. Processes read their configuration when they start: a later change would be shown, but not be in effect.
pub fn configuration_locked(status: Status) -> Option<&'static str> {
    match status {
        Status::Stopped => None,
        Status::Archived => Some("The version is archived; its configuration can no longer be changed."),
        Status::Stopping => Some("Wait until the version is stopped."),
        Status::Starting | Status::Started => {
            Some("Stop the version first: its processes read these values when they start.")
        }
        Status::Publishing => {
            Some("Once published, unpublish and stop the version: its processes read these values when they start.")
        }
        Status::Published => {
            Some("Unpublish and stop the version first: its processes read these values when they start.")
        }
    }
}

/// Returns which values must be set before a start, as the reason why not; `None` when all are set.
pub fn set_first(situation: &Situation) -> Option<String> {
    let missing = &situation.missing_configuration;
    (!missing.is_empty()).then(|| format!("set these first: {}", missing.join(", ")))
}

/// Returns why the table has no transition for this action from this status.
fn refusal(status: Status, action: Action) -> String {
    let why = match (status, action) {
        (_, Action::Create) => "already exists",
        (Status::Archived, _) => "archived permanently",
        (Status::Starting, Action::Start) => "already starting",
        (Status::Started | Status::Publishing | Status::Published, Action::Start) => "already running",
        (Status::Stopping, Action::Start) => "wait until the version has stopped",
        (Status::Published, Action::Stop) => "unpublish first: the version still receives external requests",
        (Status::Publishing, _) => "wait until publishing is complete",
        (Status::Stopping, Action::Stop) => "already stopping",
        (Status::Stopped, Action::Stop) => "already stopped",
        (Status::Published, Action::Publish) => "already published",
        (Status::Stopped, Action::Publish) => "start the version first",
        (Status::Starting, Action::Publish) => "wait until all processes are ready",
        (Status::Stopping, Action::Publish) => "start the version again first",
        (_, Action::Unpublish) => "not published",
        (Status::Published, Action::Archive) => "unpublish and stop the version first",
        (Status::Stopping, Action::Archive) => "wait until the version has stopped",
        (_, Action::Archive) => "stop the version first",
        (_, Action::Start | Action::Stop | Action::Publish) => "not possible in this status",
    };
    why.to_owned()
}

const fn by_action(from: Option<Status>, action: Action, to: Status) -> Transition {
    Transition { from, cause: Cause::Action(action), to }
}

const fn by_event(from: Status, event: Event, to: Status) -> Transition {
    Transition { from: Some(from), cause: Cause::Event(event), to }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn situation(status: Status) -> Situation {
        Situation {
            status,
            unpublishing: false,
            publishing: None,
            part_of_publish: false,
            missing_configuration: Vec::new(),
        }
    }

    /// Status × action for a manager: the new status, or why the button is disabled.
    #[test]
    fn the_whole_table_in_words() {
        let mut table = String::new();
        for status in Status::ALL {
            for action in Action::ON_A_VERSION {
                let answer = why_not(&situation(status), action, Role::Manager);
                let to = next(Some(status), Cause::Action(action)).map(Status::as_str);
                assert_eq!(answer.is_none(), to.is_some(), "{status:?} {action:?}");
                let answer = answer.unwrap_or_else(|| format!("-> {}", to.unwrap_or_default()));
                table += &format!("{} {}: {answer}\n", status.as_str(), action.as_str());
            }
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn a_viewer_is_referred_to_a_manager() {
        for action in Action::ALL {
            let answer = why_not(&situation(Status::Stopped), action, Role::Viewer);
            assert_eq!(answer.as_deref(), Some("a viewer cannot do this; ask a manager"));
        }
    }

    #[test]
    fn a_refused_start_names_the_missing_configuration() {
        let mut stopped = situation(Status::Stopped);
        stopped.missing_configuration = vec!["WEBHOOK_URL".to_owned()];
        let answer = why_not(&stopped, Action::Start, Role::Manager);
        assert_eq!(answer.as_deref(), Some("set these first: WEBHOOK_URL"));
        assert_eq!(why_not(&stopped, Action::Archive, Role::Manager), None);
    }

    #[test]
    fn configuration_can_be_changed_exactly_while_the_version_can_be_started() {
        for status in Status::ALL {
            let can_start = next(Some(status), Cause::Action(Action::Start)).is_some();
            assert_eq!(configuration_locked(status).is_none(), can_start, "{status:?}");
        }
    }

    #[test]
    fn during_a_publish_no_action_on_either_version_is_possible() {
        for status in [Status::Publishing, Status::Published] {
            let mut busy = situation(status);
            busy.publishing = Some("v2".to_owned());
            busy.part_of_publish = true;
            for action in Action::ON_A_VERSION {
                let answer = why_not(&busy, action, Role::Admin);
                assert_eq!(answer.as_deref(), Some("wait until v2 is published"), "{status:?} {action:?}");
            }
        }
        let mut third = situation(Status::Started);
        third.publishing = Some("v2".to_owned());
        assert!(why_not(&third, Action::Publish, Role::Admin).is_some());
        assert_eq!(why_not(&third, Action::Stop, Role::Admin), None);
    }

    #[test]
    fn every_status_can_be_reached_and_every_transitional_one_left_by_an_event() {
        for status in Status::ALL {
            assert!(TABLE.iter().any(|line| line.to == status), "{status:?} is never reached");
            let leaves = TABLE.iter().any(|line| line.from == Some(status) && matches!(line.cause, Cause::Event(_)));
            assert_eq!(leaves, status.is_transitional(), "{status:?}");
        }
    }
}
