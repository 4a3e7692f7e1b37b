//! Whether the controllers have anything left to do, so that tests need not guess how long they take.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::store::Store;

/// What the controllers do next; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Rest(Arc<watch::Sender<Option<Nap>>>);

/// A sleep of the controllers.
#[derive(Clone, Copy, Debug)]
struct Nap {
    /// All changes up to this revision are handled.
    revision: u64,
    /// When they wake up without a change; `None`: never.
    until: Option<Timestamp>,
}

impl Rest {
    /// Records that the controllers go to sleep. That they wake up needs no record: they do when one of the two is over.
    pub(super) fn begin(&self, revision: u64, until: Option<Timestamp>) {
        self.0.send_replace(Some(Nap { revision, until }));
    }

    /// Waits until the controllers have handled every change so far and everything that is due, or the store is closed.
    /// Returns when they have something to do again, if nothing changes.
    pub async fn reached(&self, store: &Store) -> Option<Timestamp> {
        let (mut naps, mut closed) = (self.0.subscribe(), store.closed());
        loop {
            let nap = *naps.borrow_and_update();
            if let Some(nap) = nap
                && nap.revision >= store.revision()
                && nap.until.is_none_or(|due| due > store.clock.now())
            {
                return nap.until;
            }
            tokio::select! {
                // The sender lives in `self`.
                _ = naps.changed() => {}
                _ = closed.wait_for(|closed| *closed) => return None,
            }
        }
    }
}
