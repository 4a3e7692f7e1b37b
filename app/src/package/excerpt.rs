//! Excerpts of a manifest around its problems: whole lines with some context, the exact characters marked.

use krt::diagnostic::render::printable;
use krt::diagnostic::{Diagnostic, Severity};

/// Lines shown before and after each problem.
const AROUND: usize = 2;
/// Maximum number of problems whose lines are shown; the list beside the excerpts has all of them.
pub(super) const MOST_MARKS: usize = 60;
/// Maximum number of marked lines per problem; a problem may span the whole file.
const LONGEST_MARK: usize = 6;
/// Characters shown of a line: before its first mark, and from the mark on.
const BEFORE_MARK: usize = 100;
const FROM_MARK: usize = 160;

/// Consecutive lines of the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    pub lines: Vec<Line>,
}

/// One line of the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// From 1.
    pub number: usize,
    /// The worst severity among the problems on this line.
    pub severity: Option<Severity>,
    /// The text in pieces, marked or not; a very long line is cut around its first mark.
    pub pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    /// The severity of the problem at this place, if any; marked text is underlined.
    pub mark: Option<Severity>,
}

/// A marked stretch of the text, in bytes.
type Mark = (usize, usize, Severity);

/// Returns the excerpts of `text` for these problems; empty when no problem has a position.
pub fn excerpts(text: &str, diagnostics: &[Diagnostic]) -> Vec<Excerpt> {
    let lines = lines(text);
    let line_at = |at: usize| lines.partition_point(|(start, _)| *start <= at).saturating_sub(1);
    let marks: Vec<Mark> = diagnostics
        .iter()
        .filter_map(|found| Some((found.span?, found.severity)))
        .take(MOST_MARKS)
        .map(|(span, severity)| {
            let start = floor(text, span.start as usize);
            let last = lines[(line_at(start) + LONGEST_MARK - 1).min(lines.len() - 1)].1;
            (start, floor(text, span.end as usize).clamp(start, last.max(start)), severity)
        })
        .collect();
    // The text after the last line break counts as a line only when a problem is there.
    let last = lines.len() - if text.ends_with(['\n', '\r']) { 2 } else { 1 };
    let mut shown: Vec<(usize, usize)> = marks
        .iter()
        .map(|(start, end, _)| {
            let first = line_at(*start);
            (first.saturating_sub(AROUND), (line_at(*end) + AROUND).min(last).max(first))
        })
        .collect();
    shown.sort_unstable();
    let mut excerpts: Vec<(usize, usize)> = Vec::new();
    for (first, last) in shown {
        match excerpts.last_mut() {
            // The gap marker takes as much space as a single omitted line.
            Some(before) if first <= before.1 + 2 => before.1 = before.1.max(last),
            _ => excerpts.push((first, last)),
        }
    }
    let draw = |(first, last): (usize, usize)| Excerpt {
        lines: (first..=last).map(|at| line(text, at, lines[at], &marks)).collect(),
    };
    excerpts.into_iter().map(draw).collect()
}

/// Start and end of each line, without its line break.
fn lines(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut lines = Vec::new();
    let mut start = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
            let is_pair = *byte == b'\n' && at > start && bytes[at - 1] == b'\r';
            lines.push((start, if is_pair { at - 1 } else { at }));
            start = at + 1;
        }
    }
    lines.push((start, bytes.len()));
    lines
}

fn line(text: &str, at: usize, (start, end): (usize, usize), marks: &[Mark]) -> Line {
    let mut here: Vec<Mark> = marks
        .iter()
        // An empty mark (something is missing here) still belongs to its line.
        .filter(|mark| mark.0 <= end && (mark.1 > start || (mark.0 == mark.1 && mark.0 >= start)))
        .map(|mark| (mark.0.max(start), mark.1.min(end), mark.2))
        .collect();
    // Errors before warnings where they begin at the same place.
    here.sort_unstable();
    let severity = here.iter().map(|mark| mark.2).min();
    let first = here.first().map_or(start, |mark| mark.0);
    let from = back(text, start, first, BEFORE_MARK);
    let to = forth(text, first, end, FROM_MARK);
    let mut pieces = Vec::new();
    let mut push = |text: &str, mark: Option<Severity>| {
        if !text.is_empty() {
            pieces.push(Piece { text: printable(text), mark });
        }
    };
    push(if from > start { "…" } else { "" }, None);
    let mut done = from;
    for (mark_start, mark_end, severity) in here {
        let (mark_start, mark_end) = (mark_start.clamp(done, to), mark_end.clamp(done, to));
        push(&text[done..mark_start], None);
        // An empty mark at the end of a line is shown as one underlined space.
        push(if mark_start == mark_end && mark_end == end { " " } else { &text[mark_start..mark_end] }, Some(severity));
        done = mark_end;
    }
    push(&text[done..to], None);
    push(if to < end { "…" } else { "" }, None);
    Line { number: at + 1, severity, pieces }
}

/// The offset `count` characters before `at`, but not before `start`.
fn back(text: &str, start: usize, at: usize, count: usize) -> usize {
    text[start..at].char_indices().rev().nth(count - 1).map_or(start, |(offset, _)| start + offset)
}

/// The offset `count` characters after `at`, but not after `end`.
fn forth(text: &str, at: usize, end: usize, count: usize) -> usize {
    text[at..end].char_indices().nth(count).map_or(end, |(offset, _)| at + offset)
}

/// The nearest character boundary at or before a byte offset.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests;
