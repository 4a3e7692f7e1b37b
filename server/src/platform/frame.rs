//! The data that every page needs: the caller, the state of the cluster, and the position in the live stream.

use app::api::Frames;
use app::budget::cut;
use app::error::Error;
use app::model::{Caller, ClusterState, Frame};
use async_trait::async_trait;

use super::Console;
use super::caller::may_read;

/// Maximum number of notes in the top bar, and characters of one.
const MOST_NOTES: usize = 20;
const LONGEST_NOTE: usize = 500;

/// Maximum number of runtimes managed by other processes; the top bar names three and counts the rest.
const MOST_ELSEWHERE: usize = 1_000;

#[async_trait]
impl Frames for Console {
    async fn frame(&self, caller: &Caller) -> Result<Frame, Error> {
        may_read(caller)?;
        let position = self.0.hub.position();
        Ok(Frame { caller: caller.clone(), cluster: in_the_bar(self.0.cluster.state()), position })
    }
}

/// Limits the size of the cluster's state to what fits into the top bar.
fn in_the_bar(mut state: ClusterState) -> ClusterState {
    state.notes.truncate(MOST_NOTES);
    for note in &mut state.notes {
        *note = cut(std::mem::take(note), LONGEST_NOTE);
    }
    if let Some(unreachable) = &mut state.unreachable {
        unreachable.why = cut(std::mem::take(&mut unreachable.why), LONGEST_NOTE);
    }
    if let Some(elsewhere) = &mut state.elsewhere {
        elsewhere.runtimes.truncate(MOST_ELSEWHERE);
    }
    state
}
