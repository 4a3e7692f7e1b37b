//! One tab's part in sharing the event stream, as a state machine that is independent of the browser: each input
//! returns the steps to take.
//!
//! One tab of a browser leads: it reads the stream and forwards every event to the others. A tab ignores events that it
//! knows. A tab that finds a gap asks the leader for the missed events; when the leader no longer has them, the tab
//! reloads its page.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::Link;
use super::position::Position;

/// Maximum number of events that a tab keeps for others that fell behind. Tabs that open within seconds of each other
/// need a few; reloading a page costs one request.
const KEPT: usize = 256;

/// Messages between tabs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Message {
    /// From the leader: an event as received.
    Event { id: String, data: String },
    /// A tab reports its position and asks for later events.
    Hello { at: String },
    /// From the leader, to tabs at exactly this position: the later events.
    Missed { after: String, events: Vec<(String, String)> },
    /// From the leader, to tabs at exactly this position: it is too old; reload and continue from `now`.
    Behind { at: String, now: String },
    /// From a new leader: asks the tabs for their positions.
    Leads,
    /// From the leader: the state of its connection to the server.
    Link { link: Link },
}

/// A step that a tab has to take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Apply this event (JSON of a `LiveEvent`).
    Apply(String),
    /// Send this message to the other tabs.
    Post(Message),
    /// Reload the page's data.
    Reload,
    /// Show this state of the connection.
    Show(Link),
}

/// The position of a tab and the events that it keeps.
#[derive(Debug)]
pub struct Tab {
    at: Position,
    leads: bool,
    link: Link,
    /// The position before the first kept event.
    kept_after: Position,
    kept: VecDeque<(String, String)>,
}

impl Tab {
    /// Returns a tab whose page was rendered at this position, and the step that announces it.
    pub fn new(at: Position) -> (Tab, Vec<Step>) {
        let hello = Step::Post(Message::Hello { at: at.to_string() });
        (Tab { kept_after: at.clone(), at, leads: false, link: Link::Rendered, kept: VecDeque::new() }, vec![hello])
    }

    /// The position after which to read the stream.
    pub fn position(&self) -> String {
        self.at.to_string()
    }

    /// Makes this tab the leader, which reads the stream.
    pub fn lead(&mut self) -> Vec<Step> {
        self.leads = true;
        vec![Step::Post(Message::Leads)]
    }

    /// Handles a change of the leader's connection.
    pub fn link(&mut self, link: Link) -> Vec<Step> {
        if self.link == link {
            return Vec::new();
        }
        self.link = link;
        vec![Step::Show(link), Step::Post(Message::Link { link })]
    }

    /// Handles an event from the server, in the leader.
    pub fn event(&mut self, id: &str, data: String) -> Vec<Step> {
        let mut effects = self.take(id, &data);
        if !effects.is_empty() {
            effects.push(Step::Post(Message::Event { id: id.to_owned(), data }));
        }
        effects
    }

    /// Handles a message from another tab.
    pub fn message(&mut self, message: Message) -> Vec<Step> {
        match message {
            Message::Event { id, data } => match Position::parse(&id) {
                // No event is missing in between, or the server restarted, in which case `take` reloads.
                Some(next) if next.boot != self.at.boot || next.number <= self.at.number + 1 => self.take(&id, &data),
                Some(_) => vec![self.hello()],
                None => Vec::new(),
            },
            Message::Missed { after, events } if after == self.position() => {
                events.iter().flat_map(|(id, data)| self.take(id, data)).collect()
            }
            Message::Behind { at, now } if at == self.position() => self.jump(&now),
            Message::Hello { at } if self.leads => self.serve(&at),
            Message::Leads => vec![self.hello()],
            Message::Link { link } if !self.leads => {
                self.link = link;
                vec![Step::Show(link)]
            }
            _ => Vec::new(),
        }
    }

    /// Applies an event unless the tab knows it already.
    fn take(&mut self, id: &str, data: &str) -> Vec<Step> {
        let Some(next) = Position::parse(id) else { return Vec::new() };
        if self.at.covers(&next) {
            return Vec::new();
        }
        let mut effects = Vec::new();
        if next.boot != self.at.boot {
            self.kept.clear();
            self.kept_after = next.clone();
            effects.push(Step::Reload);
        } else {
            self.kept.push_back((id.to_owned(), data.to_owned()));
            if self.kept.len() > KEPT
                && let Some((oldest, _)) = self.kept.pop_front()
                && let Some(oldest) = Position::parse(&oldest)
            {
                self.kept_after = oldest;
            }
        }
        self.at = next;
        effects.push(Step::Apply(data.to_owned()));
        effects
    }

    /// Continues from this position after a gap.
    fn jump(&mut self, now: &str) -> Vec<Step> {
        let Some(now) = Position::parse(now) else { return Vec::new() };
        self.kept.clear();
        self.kept_after = now.clone();
        self.at = now;
        vec![Step::Reload]
    }

    fn hello(&self) -> Step {
        Step::Post(Message::Hello { at: self.position() })
    }

    /// The leader's answer to a tab at this position.
    fn serve(&self, at: &str) -> Vec<Step> {
        let link = Step::Post(Message::Link { link: self.link });
        let Some(asked) = Position::parse(at) else { return vec![link] };
        if asked.covers(&self.at) {
            return vec![link];
        }
        let answer = if asked.covers(&self.kept_after) {
            let after = |id: &str| Position::parse(id).is_some_and(|id| !asked.covers(&id));
            let events = self.kept.iter().filter(|(id, _)| after(id)).cloned().collect();
            Message::Missed { after: at.to_owned(), events }
        } else {
            Message::Behind { at: at.to_owned(), now: self.position() }
        };
        vec![link, Step::Post(answer)]
    }
}

#[cfg(test)]
mod tests;
