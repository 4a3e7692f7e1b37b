//! "Look again": what the store says after every commit and the cluster's watches after every event. Nobody learns
//! from it what changed, only where to look; so it may be lost, doubled and late without harm.

use tokio::sync::broadcast;

/// How many undelivered notices one listener may have before it is told to look at everything: some seconds of a busy
/// start of 200 nodes.
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
    /// Notices were lost: look at everything.
    Everything,
}

/// The bell that everybody may ring and listen to.
#[derive(Clone, Debug)]
pub struct ChangeBus(broadcast::Sender<Change>);

impl Default for ChangeBus {
    fn default() -> Self {
        ChangeBus(broadcast::Sender::new(BACKLOG))
    }
}

impl ChangeBus {
    pub fn notify(&self, change: Change) {
        // An error says only that nobody listens yet.
        let _ = self.0.send(change);
    }

    pub fn listen(&self) -> Listener {
        Listener(self.0.subscribe())
    }
}

/// One listener's end of [`ChangeBus`].
#[derive(Debug)]
pub struct Listener(broadcast::Receiver<Change>);

impl Listener {
    /// The next notice; `None` when the last [`ChangeBus`] is gone.
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
    async fn a_listener_that_fell_behind_is_told_to_look_at_everything() {
        let changes = ChangeBus::default();
        let mut listener = changes.listen();
        for _ in 0..=BACKLOG {
            changes.notify(Change::RuntimeList);
        }
        assert_eq!(listener.next().await, Some(Change::Everything));
        assert_eq!(listener.next().await, Some(Change::RuntimeList));
    }
}
