//! Change notifications, sent by the store after every commit and by the cluster's watches after every event. A
//! notification says where to look and not what changed; losing, repeating or delaying one does no harm.

use tokio::sync::broadcast;

/// Maximum number of undelivered notifications per listener: some seconds of a busy start of 200 nodes. A listener that
/// exceeds it gets [`Change::Everything`].
const BACKLOG: usize = 1024;

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// A runtime, its versions or their health; by the runtime's ID.
    Runtime(String),
    /// A version was added to or archived in this runtime.
    VersionList(String),
    /// A runtime was added.
    RuntimeList,
    /// The cluster became reachable or unreachable.
    Cluster,
    /// Notifications were lost: check everything.
    Everything,
}

/// Broadcasts notifications to all listeners; clones share the channel.
#[derive(Clone, Debug)]
pub struct ChangeBus(broadcast::Sender<Change>);

impl Default for ChangeBus {
    fn default() -> Self {
        ChangeBus(broadcast::Sender::new(BACKLOG))
    }
}

impl ChangeBus {
    pub fn notify(&self, change: Change) {
        // Sending fails only when no listener exists yet.
        let _ = self.0.send(change);
    }

    pub fn listen(&self) -> Listener {
        Listener(self.0.subscribe())
    }
}

/// The receiving end of a [`ChangeBus`].
#[derive(Debug)]
pub struct Listener(broadcast::Receiver<Change>);

impl Listener {
    /// Waits for the next notification. Returns `None` when the last [`ChangeBus`] is gone.
    pub async fn next(&mut self) -> Option<Change> {
        match self.0.recv().await {
            Ok(change) => Some(change),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Change::Everything),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_listener_that_fell_behind_checks_everything() {
        let changes = ChangeBus::default();
        let mut listener = changes.listen();
        for _ in 0..=BACKLOG {
            changes.notify(Change::RuntimeList);
        }
        assert_eq!(listener.next().await, Some(Change::Everything));
        assert_eq!(listener.next().await, Some(Change::RuntimeList));
    }
}
