//! What pages say besides of who did what and how the cluster is: cut to what fits on them.

use app::budget::cut;
use app::model::{ActivityPage, ClusterState};

/// Characters of one reason: what people type has 500; what the system says may be longer.
const LONGEST_REASON: usize = 600;

/// What a filter offers to choose from; anything else can be typed into the address.
const MOST_CHOICES: usize = 500;

/// Notes in the bar, and the characters of one.
const MOST_NOTES: usize = 20;
const LONGEST_NOTE: usize = 500;

/// Runtimes that another process acts on; the bar names three and counts the others.
const MOST_ELSEWHERE: usize = 1_000;

pub(super) fn bounded(mut page: ActivityPage) -> ActivityPage {
    for entry in &mut page.entries {
        entry.reason = cut(std::mem::take(&mut entry.reason), LONGEST_REASON);
    }
    for choices in [&mut page.people, &mut page.kinds, &mut page.runtimes] {
        choices.truncate(MOST_CHOICES);
    }
    page
}

pub(super) fn in_the_bar(mut state: ClusterState) -> ClusterState {
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
