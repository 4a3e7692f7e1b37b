//! Numbers events and keeps the most recent ones, so that a browser that reconnects gets the events it missed.
//!
//! Subscribers have no queues: each holds a position in one shared ring buffer and reads at its own pace. A subscriber
//! that falls out of the ring gets [`LiveEvent::Resync`]; events are never skipped silently.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::model::LiveEvent;
use futures::stream::{self, Stream};
use tokio::sync::watch;

/// Events kept: minutes of a busy cluster.
const EVENTS: usize = 4_096;

/// Bytes of events kept, as JSON: enough for 200 states of a version with 200 nodes.
const BYTES: usize = 8 * 1024 * 1024;

/// One event in its wire format, serialized once for all subscribers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement(Arc<str>);

impl Announcement {
    fn new(event: &LiveEvent) -> Announcement {
        match serde_json::to_string(event) {
            Ok(json) => Announcement(json.into()),
            Err(error) => {
                // Plain data with string keys always serializes; should it fail, all browsers reload.
                tracing::error!(%error, "an event of the live stream cannot be serialized");
                Announcement(r#""resync""#.into())
            }
        }
    }

    /// The [`LiveEvent`] as JSON on one line.
    pub fn json(&self) -> &str {
        &self.0
    }

    /// The event itself.
    pub fn event(&self) -> Result<LiveEvent, serde_json::Error> {
        serde_json::from_str(&self.0)
    }
}

/// Publishes events to subscribers; clones share one ring.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    /// Identifies this run of the server; event numbers of other runs are not valid.
    boot: String,
    ring: Mutex<Ring>,
    /// The number of the newest event, to wake subscribers.
    newest: watch::Sender<u64>,
}

#[derive(Default)]
struct Ring {
    /// Number of the newest event ever published; numbers start at 1.
    newest: u64,
    /// The most recent events, oldest first.
    events: VecDeque<Announcement>,
    bytes: usize,
}

/// What a subscriber at a given position gets next.
enum Next {
    Event(u64, Announcement),
    /// The position is not (or no longer) in the ring; the stream continues after this number.
    Lost(u64),
    /// No newer event yet.
    Wait,
}

impl Default for Hub {
    fn default() -> Self {
        Hub::new()
    }
}

impl Hub {
    pub fn new() -> Hub {
        let boot = uuid::Uuid::new_v4().simple().to_string();
        Hub(Arc::new(Inner { boot: boot[..12].to_owned(), ring: Mutex::default(), newest: watch::Sender::new(0) }))
    }

    /// `<boot>-<number>` of the newest event. A page read after this call includes everything up to that event.
    pub fn position(&self) -> String {
        let newest = self.ring().newest;
        self.id(newest)
    }

    pub fn publish(&self, event: LiveEvent) {
        let announcement = Announcement::new(&event);
        let mut ring = self.ring();
        ring.push(announcement);
        self.0.newest.send_replace(ring.newest);
    }

    /// Returns all events after `last` (a position or the ID of an event) with their IDs, or all future events when
    /// `last` is `None`. Begins with [`LiveEvent::Resync`] when `last` is of another run or too old. Never ends.
    pub fn subscribe(&self, last: Option<&str>) -> impl Stream<Item = (String, Announcement)> + Send + use<> {
        let place = {
            let ring = self.ring();
            match last.map(|last| self.number(last)) {
                None => Some(ring.newest),
                Some(number) => number.filter(|number| *number <= ring.newest),
            }
        };
        stream::unfold((self.clone(), self.0.newest.subscribe(), place), |(hub, mut newest, place)| async move {
            loop {
                // Marked as seen before reading, so that an event published meanwhile wakes this task.
                newest.borrow_and_update();
                let next = hub.ring().after(place);
                match next {
                    Next::Event(number, announcement) => {
                        return Some(((hub.id(number), announcement), (hub, newest, Some(number))));
                    }
                    Next::Lost(number) => {
                        let resync = Announcement::new(&LiveEvent::Resync);
                        return Some(((hub.id(number), resync), (hub, newest, Some(number))));
                    }
                    // The hub, which this stream holds, owns the sender.
                    Next::Wait => newest.changed().await.ok()?,
                }
            }
        })
    }

    fn id(&self, number: u64) -> String {
        format!("{}-{number}", self.0.boot)
    }

    /// The number in an ID of this run.
    fn number(&self, id: &str) -> Option<u64> {
        id.strip_prefix(self.0.boot.as_str())?.strip_prefix('-')?.parse().ok()
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.0.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ring {
    fn push(&mut self, announcement: Announcement) {
        self.newest += 1;
        self.bytes += announcement.json().len();
        self.events.push_back(announcement);
        while self.events.len() > EVENTS || (self.bytes > BYTES && self.events.len() > 1) {
            let Some(oldest) = self.events.pop_front() else { break };
            self.bytes -= oldest.json().len();
        }
    }

    /// The entry after the event with this number.
    fn after(&self, place: Option<u64>) -> Next {
        let oldest = self.newest - self.events.len() as u64 + 1;
        match place {
            Some(number) if number == self.newest => Next::Wait,
            Some(number) if number + 1 >= oldest => match self.events.get((number + 1 - oldest) as usize) {
                Some(announcement) => Next::Event(number + 1, announcement.clone()),
                None => Next::Lost(self.newest),
            },
            _ => Next::Lost(self.newest),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures::StreamExt;

    use super::*;

    fn event(runtime: usize) -> LiveEvent {
        LiveEvent::VersionList { runtime: format!("r{runtime}") }
    }

    /// The next item, expected at once.
    async fn next(stream: &mut (impl Stream<Item = (String, Announcement)> + Unpin)) -> (String, LiveEvent) {
        let waited = tokio::time::timeout(std::time::Duration::from_secs(5), stream.next()).await;
        let (id, announcement) = waited.unwrap().unwrap();
        (id, announcement.event().unwrap())
    }

    #[tokio::test]
    async fn a_subscriber_gets_the_events_after_its_position_in_order() {
        let hub = Hub::new();
        hub.publish(event(1));
        let position = hub.position();
        hub.publish(event(2));
        hub.publish(event(3));
        let mut stream = pin!(hub.subscribe(Some(&position)));
        assert_eq!(next(&mut stream).await.1, event(2));
        let (id, third) = next(&mut stream).await;
        assert_eq!((id, third), (hub.position(), event(3)));
        hub.publish(event(4));
        assert_eq!(next(&mut stream).await.1, event(4));
    }

    #[tokio::test]
    async fn a_subscriber_without_a_position_starts_now() {
        let hub = Hub::new();
        hub.publish(event(1));
        let mut stream = pin!(hub.subscribe(None));
        hub.publish(event(2));
        assert_eq!(next(&mut stream).await.1, event(2));
    }

    #[tokio::test]
    async fn an_unknown_position_gets_a_resync() {
        let hub = Hub::new();
        hub.publish(event(1));
        let of_another_boot = Hub::new().position();
        let of_the_future = hub.position().replace("-1", "-7");
        for position in [of_another_boot.as_str(), of_the_future.as_str(), "", "x-1"] {
            let mut stream = pin!(hub.subscribe(Some(position)));
            assert_eq!(next(&mut stream).await, (hub.position(), LiveEvent::Resync), "{position:?}");
        }
    }

    #[tokio::test]
    async fn a_slow_subscriber_gets_a_resync_and_then_continues() {
        let hub = Hub::new();
        let mut slow = pin!(hub.subscribe(Some(&hub.position())));
        for number in 0..=EVENTS {
            hub.publish(event(number));
        }
        assert_eq!(next(&mut slow).await, (hub.position(), LiveEvent::Resync));
        hub.publish(event(0));
        assert_eq!(next(&mut slow).await.1, event(0));
    }

    #[tokio::test]
    async fn the_ring_is_bounded_in_bytes_too() {
        let hub = Hub::new();
        let large = || LiveEvent::VersionList { runtime: "x".repeat(BYTES / 4) };
        for _ in 0..20 {
            hub.publish(large());
        }
        let ring = hub.ring();
        assert!(ring.events.len() <= 4, "{} events", ring.events.len());
        assert_eq!(ring.bytes, ring.events.iter().map(|event| event.json().len()).sum::<usize>());
    }
}
