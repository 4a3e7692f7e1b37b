//! Decides which problems are certain when some lines of the manifest could not be read.

use super::slice;
use crate::check::problem::{Problem, Problems};
use crate::check::tree::{Id, Tree, ValueKind};
use crate::rules::{Certainty, certainty};
use crate::text::{Range, line_around};

/// How many empty lines and comments in a row are skipped. After more, everything counts as adjacent.
const MAX_LINES: usize = 200;

/// The part of a text that could be read, and the lines that could not.
pub(super) struct Rest<'t> {
    /// The text with spaces instead of the missing lines.
    text: &'t str,
    tree: &'t Tree<'t>,
    /// The missing lines, each with the maps around it.
    missing: Vec<(Missing, Vec<Around>)>,
}

/// Lines that were not read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Missing {
    pub(super) at: Range,
    /// Where the first line begins after its spaces and dashes; `None` if unknown.
    pub(super) column: Option<usize>,
    /// Whether the first line begins a list item.
    pub(super) is_item: bool,
}

/// A map around a position.
struct Around {
    /// Its range, including the empty lines and comments before and after it.
    reach: Range,
    /// The column of its keys; `None` in flow style.
    column: Option<usize>,
}

impl Around {
    /// Whether the missing lines begin in the column of the keys of this map.
    fn has_column_of(&self, missing: &Missing) -> bool {
        missing.column.is_some() && self.column == missing.column
    }
}

impl<'t> Rest<'t> {
    pub(super) fn new(text: &'t str, tree: &'t Tree<'t>, missing: &[Missing]) -> Rest<'t> {
        let mut rest = Rest { text, tree, missing: Vec::new() };
        rest.missing = missing.iter().map(|missing| (*missing, rest.maps_around(missing.at.start))).collect();
        rest
    }

    /// For each problem, whether the missing lines cannot have caused it.
    pub(super) fn certain(&self, found: &Problems) -> Vec<bool> {
        // A missing key is certain only if another word was written in its place.
        let lacks_key = |problem: &&Problem| problem.code() == "key-missing" && !problem.is_about_a_word();
        let innermost = |problem: &Problem| self.maps_around(problem.at().start).last().map(|map| map.reach);
        let doubtful: Vec<Range> = found.iter().filter(lacks_key).filter_map(innermost).collect();
        let is_in_doubt = |problem: &Problem| {
            lacks_key(&problem)
                || (certainty(problem.code()) == Certainty::OfMap
                    && innermost(problem).is_none_or(|reach| doubtful.contains(&reach)))
        };
        found.iter().map(|problem| !is_in_doubt(problem) && self.is_certain(problem)).collect()
    }

    fn is_certain(&self, problem: &Problem) -> bool {
        let maps = || self.maps_around(problem.at().start);
        match certainty(problem.code()) {
            Certainty::OfValue => true,
            Certainty::OfMap => {
                maps().last().is_some_and(|map| self.missing.iter().all(|missing| !may_be_of(missing, map)))
            }
            Certainty::OfLayout => {
                maps().last().is_some_and(|map| self.missing.iter().all(|(missing, _)| !touches(missing.at, map.reach)))
            }
            // The maps are the manifest, a workflow, and possibly a node.
            Certainty::OfNames => maps().get(1).is_some_and(|workflow| self.has_all_names(workflow)),
            Certainty::OfWhole => false,
        }
    }

    /// Whether the names of all nodes of a workflow could be read.
    fn has_all_names(&self, workflow: &Around) -> bool {
        // A truncated text may have had more nodes.
        let end = self.text.trim_end().len() as u32;
        let breaks_off = self.missing.iter().any(|(missing, _)| missing.at.end >= end);
        if breaks_off && workflow.reach.end >= end {
            return false;
        }
        self.missing.iter().all(|missing| !touches(missing.0.at, workflow.reach) || is_of_a_node(missing))
    }

    /// The maps whose reach contains a position, from the outermost to the innermost.
    fn maps_around(&self, place: u32) -> Vec<Around> {
        let mut found = Vec::new();
        let mut next = self.tree.root;
        while let Some(id) = next {
            let value = self.tree.written(id);
            let children = match value.kind {
                ValueKind::Map(entries) => {
                    found.push(self.around(value.at));
                    self.tree.items(entries)
                }
                ValueKind::List(items) => self.tree.items(items),
                ValueKind::Scalar(_) | ValueKind::Alias(_) => &[],
            };
            let holds = |id: &&Id| {
                let reach = self.reach(self.tree.at(**id));
                matches!(self.tree.written(**id).kind, ValueKind::Map(_) | ValueKind::List(_))
                    && reach.start <= place
                    && place <= reach.end
            };
            // A value that ends before the position and one that begins after it may both reach it: the earlier one is
            // used.
            let behind = children.partition_point(|id| self.tree.at(*id).start <= place);
            let near = &children[behind.saturating_sub(2)..(behind + 2).min(children.len())];
            next = near.iter().find(holds).copied();
        }
        found
    }

    fn around(&self, map: Range) -> Around {
        let line = line_around(self.text, map.start);
        let head = slice(self.text, Range { start: line.start, end: map.start });
        let is_block = head.trim_start_matches([' ', '-']).is_empty()
            && !slice(self.text, Range { start: map.start, end: map.end }).starts_with('{');
        Around { reach: self.reach(map), column: is_block.then_some(head.len()) }
    }

    /// The range between the content before a value and the content after it. Comments do not count as content.
    fn reach(&self, value: Range) -> Range {
        let mut start = line_around(self.text, value.start).start;
        let mut left = MAX_LINES;
        while start > 0 {
            left = left.saturating_sub(1);
            if left == 0 {
                start = 0;
                break;
            }
            let above = line_around(self.text, start - 1);
            let content = slice(self.text, above).trim_start_matches([' ', '-']);
            if !(content.is_empty() || content.starts_with('#')) {
                break;
            }
            start = above.start;
        }
        let mut end = line_around(self.text, value.end).end.max(value.end);
        left = MAX_LINES;
        while (end as usize) < self.text.len() {
            left = left.saturating_sub(1);
            if left == 0 {
                end = u32::MAX;
                break;
            }
            let below = line_around(self.text, end + 1);
            let content = slice(self.text, below).trim_start();
            if !(content.is_empty() || content.starts_with('#')) {
                break;
            }
            end = below.end.max(end + 1);
        }
        // The missing lines may begin where the text ends.
        let is_last = end as usize >= self.text.len();
        Range { start, end: if is_last { u32::MAX } else { end } }
    }
}

/// Whether a missing line may have been a key of a map.
fn may_be_of((missing, around): &(Missing, Vec<Around>), map: &Around) -> bool {
    // A line that begins in the column of a map belongs to that map.
    touches(missing.at, map.reach)
        && (map.has_column_of(missing) || !around.iter().any(|map| map.has_column_of(missing)))
}

/// Whether a missing line was a key of a node other than its first, so that the node's name and position are known.
fn is_of_a_node((missing, around): &(Missing, Vec<Around>)) -> bool {
    !missing.is_item && around.iter().skip(2).any(|map| map.has_column_of(missing))
}

fn touches(one: Range, other: Range) -> bool {
    one.start <= other.end && other.start <= one.end
}
