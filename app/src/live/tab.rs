//! One tab's part in sharing the event stream, as a machine without a browser: what came in decides what to do.
//!
//! One tab of a browser leads: it reads the stream and passes every event on to the others. A tab ignores what it
//! knows already, and one that finds a gap asks the leader for what it missed; when the leader no longer has it, the
//! tab reads its page again.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::Link;
use super::position::Position;

/// How many events a tab keeps for others that fell behind: tabs that open within seconds of each other need a few;
/// a page that reads again costs one request.
const KEPT: usize = 256;

/// What tabs tell each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Message {
    /// From the leader: an event as it came.
    Event { id: String, data: String },
    /// A tab says where it stands, and wants what came after.
    Hello { at: String },
    /// From the leader, to those who stand exactly there: what came after.
    Missed { after: String, events: Vec<(String, String)> },
    /// From the leader, to those who stand exactly there: that is too long ago, read again and go on from `now`.
    Behind { at: String, now: String },
    /// From a new leader: say where you stand.
    Leads,
    /// From the leader: how its link to the server is.
    Link { link: Link },
}

/// What a tab is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Take this event in (JSON of a `LiveEvent`).
    Apply(String),
    /// Tell the other tabs.
    Post(Message),
    /// Read the page again.
    ReadAgain,
    /// Show this state of the link.
    Show(Link),
}

/// Where a tab stands and what it still knows.
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
    /// A tab whose page was rendered at this position; it introduces itself.
    pub fn new(at: Position) -> (Tab, Vec<Step>) {
        let hello = Step::Post(Message::Hello { at: at.to_string() });
        (Tab { kept_after: at.clone(), at, leads: false, link: Link::Rendered, kept: VecDeque::new() }, vec![hello])
    }

    /// Where it stands: what the stream is to be read after.
    pub fn position(&self) -> String {
        self.at.to_string()
    }

    /// From now on this tab reads the stream.
    pub fn lead(&mut self) -> Vec<Step> {
        self.leads = true;
        vec![Step::Post(Message::Leads)]
    }

    /// The leader's link changed.
    pub fn link(&mut self, link: Link) -> Vec<Step> {
        if self.link == link {
            return Vec::new();
        }
        self.link = link;
        vec![Step::Show(link), Step::Post(Message::Link { link })]
    }

    /// An event came from the server, to the leader.
    pub fn event(&mut self, id: &str, data: String) -> Vec<Step> {
        let mut effects = self.take(id, &data);
        if !effects.is_empty() {
            effects.push(Step::Post(Message::Event { id: id.to_owned(), data }));
        }
        effects
    }

    /// Another tab said something.
    pub fn message(&mut self, message: Message) -> Vec<Step> {
        match message {
            Message::Event { id, data } => match Position::parse(&id) {
                // Nothing is missing in between, or a new run of the server, which says itself what to do.
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

    /// Takes an event in, unless it is known already.
    fn take(&mut self, id: &str, data: &str) -> Vec<Step> {
        let Some(next) = Position::parse(id) else { return Vec::new() };
        if self.at.covers(&next) {
            return Vec::new();
        }
        let mut effects = Vec::new();
        if next.boot != self.at.boot {
            self.kept.clear();
            self.kept_after = next.clone();
            effects.push(Step::ReadAgain);
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

    /// Goes on from here after a gap.
    fn jump(&mut self, now: &str) -> Vec<Step> {
        let Some(now) = Position::parse(now) else { return Vec::new() };
        self.kept.clear();
        self.kept_after = now.clone();
        self.at = now;
        vec![Step::ReadAgain]
    }

    fn hello(&self) -> Step {
        Step::Post(Message::Hello { at: self.position() })
    }

    /// The leader's answer to a tab that stands there.
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
