//! Limits the size of audit entries and of the cluster's state to what fits on a page.

use app::budget::cut;
use app::model::{ActivityPage, ClusterState};

/// Maximum characters of a reason: 500 for people; reasons of the system can be longer.
const LONGEST_REASON: usize = 600;

/// Maximum choices that a filter offers; other values can be entered in the URL.
const MOST_CHOICES: usize = 500;

/// Maximum number of notes in the top bar, and characters of one.
const MOST_NOTES: usize = 20;
const LONGEST_NOTE: usize = 500;

/// Maximum number of runtimes managed by other processes; the top bar names three and counts the rest.
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
