//! Finds the brackets that may have caused an error.

use super::Fault;
use super::lexer::{quoted_end, read};
use crate::text::Range;

/// The relation between brackets and a position.
pub(super) enum SearchResult {
    /// The first invalid brackets that begin before the position.
    Fault(Fault),
    /// The valid brackets around the position, from the opening bracket to the end of the closing one.
    Inside(Range),
}

/// Reads all brackets up to a position.
pub(super) fn search(text: &str, at: u32) -> Option<SearchResult> {
    let mut start = 0;
    // Lines indented deeper than this belong to a block scalar.
    let mut block: Option<usize> = None;
    let mut is_first = true;
    while start < text.len() && start <= at as usize {
        let rest = &text[start..];
        let line = &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())];
        let next = start + line.len() + 1;
        let indent = line.len() - line.trim_start().len();
        let is_blank = line.trim().is_empty();
        if is_blank
            || block.is_some_and(|block| indent > block)
            || line.trim_start().starts_with(['#', '%'])
            || line.starts_with("---")
        {
            start = next;
            continue;
        }
        block = None;
        let is_root = std::mem::replace(&mut is_first, false);
        let value = value(line);
        let from = start + value;
        start = match line[value..].chars().next() {
            Some('[' | '{') => {
                let column = (value > indent || !is_root).then_some(indent);
                match read(text, from, column) {
                    Ok(end) if end > at as usize => {
                        let inside = Range { start: from as u32, end: end as u32 };
                        return (from <= at as usize).then_some(SearchResult::Inside(inside));
                    }
                    Ok(end) => next.max(next_line(text, end)),
                    Err(fault) => return Some(SearchResult::Fault(fault)),
                }
            }
            Some('|' | '>') => {
                block = Some(indent + dashes(&line[indent..]));
                next
            }
            Some(mark @ ('"' | '\'')) => {
                let end = quoted_end(&text[from..], mark).map_or(next, |end| from + end);
                next.max(next_line(text, end))
            }
            _ => next,
        };
    }
    None
}

fn next_line(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    // Both line breaks are one byte long.
    rest.find(['\n', '\r']).map_or(text.len(), |end| at + end + 1)
}

/// Width of the leading dashes and spaces of a line, minus one.
fn dashes(content: &str) -> usize {
    let items = content.len() - content.trim_start_matches("- ").len();
    items.saturating_sub(1)
}

/// The index where the value of a line begins: after dashes, a key, an anchor and a tag.
fn value(line: &str) -> usize {
    let mut at = line.len() - line.trim_start_matches([' ', '\t', '\u{feff}']).len();
    while line[at..].starts_with("- ") {
        at += 2;
        at += line[at..].len() - line[at..].trim_start().len();
    }
    let rest = &line[at..];
    let key = match rest.chars().next() {
        Some('[' | '{') => return at,
        Some(mark @ ('"' | '\'')) => quoted_end(rest, mark).filter(|end| rest[*end..].trim_start().starts_with(':')),
        _ => rest.find(": "),
    };
    if let Some(key) = key {
        let colon = key + rest[key..].find(':').unwrap_or_default() + 1;
        at += colon + rest[colon..].len() - rest[colon..].trim_start().len();
    }
    while line[at..].starts_with(['&', '!']) {
        let Some(word) = line[at..].find(' ') else { break };
        at += word + line[at + word..].len() - line[at + word..].trim_start().len();
    }
    at
}
