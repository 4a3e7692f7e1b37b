//! Errors that the parser accepts and the YAML readers of other KRT tools do not: tabs as indentation, keys on two
//! lines, block scalars inside brackets.

use super::{Tree, Value, ValueKind};
use crate::check::problem::Problem;
use crate::check::syntax;
use crate::text::Range;

/// The kind of error.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    Tab,
    BrokenKey,
    NoKey,
    BlockSign,
}

/// Reports the first error that other readers would reject.
pub(super) fn problem(tree: &Tree<'_>, text: &str) -> Option<Problem> {
    let (at, fault) = first(tree, text)?;
    Some(match fault {
        Fault::Tab => syntax::tab(at, text),
        Fault::BrokenKey => Problem::error("yaml-syntax", at, "this key does not end on its line")
            .help("write the key, the `:` and the beginning of the value on one line; a `,` may be missing above"),
        Fault::NoKey => Problem::error("yaml-syntax", at, "a key is missing before this `:`")
            .help("write `key: value`; if the `,` before the `:` is a typo, remove it"),
        Fault::BlockSign => syntax::unexpected(at, text),
    })
}

fn first(tree: &Tree<'_>, text: &str) -> Option<(Range, Fault)> {
    let values = &tree.values;
    let mut in_flow = vec![false; values.len()];
    let mut first: Option<(Range, Fault)> = None;
    let mut note = |found: Option<Range>, fault: Fault| {
        if let Some(at) = found
            && first.is_none_or(|(first, _)| at < first)
        {
            first = Some((at, fault));
        }
    };
    // A list or map comes after its children, so the reverse order goes from the outside to the inside.
    for (number, value) in values.iter().enumerate().rev() {
        let is_flow = in_flow[number] || is_bracket(text, value.at.start);
        match value.kind {
            ValueKind::Map(entries) => {
                for [key, value] in tree.pairs(entries) {
                    in_flow[key.0 as usize] = is_flow;
                    in_flow[value.0 as usize] = is_flow;
                    let key = tree.at(*key);
                    if is_flow {
                        note(broken_key(text, key), Fault::BrokenKey);
                        note(no_key(text, key), Fault::NoKey);
                    } else {
                        note(tab_before(text, key.start), Fault::Tab);
                    }
                }
            }
            ValueKind::List(items) => {
                for item in tree.items(items) {
                    in_flow[item.0 as usize] = is_flow;
                    if !is_flow {
                        note(tab_before_dash(text, tree.at(*item).start), Fault::Tab);
                    }
                }
            }
            ValueKind::Scalar(_) if in_flow[number] => note(block_sign(text, value), Fault::BlockSign),
            ValueKind::Scalar(_) | ValueKind::Alias(_) => {}
        }
    }
    first
}

fn is_bracket(text: &str, at: u32) -> bool {
    matches!(text.as_bytes().get(at as usize), Some(b'[' | b'{'))
}

/// The text before a position on its line, and the offset where the line begins.
fn head(text: &str, at: u32) -> (&str, u32) {
    let before = text.get(..at as usize).unwrap_or_default();
    let start = before.rfind(['\n', '\r']).map_or(0, |found| found + 1);
    (&before[start..], start as u32)
}

/// A tab that indents a key of a block.
fn tab_before(text: &str, key: u32) -> Option<Range> {
    let (head, start) = head(text, key);
    let whitespace = &head[..head.len() - head.trim_start_matches([' ', '\t', '-']).len()];
    let tab = start + whitespace.find('\t')? as u32;
    Some(Range { start: tab, end: tab + 1 })
}

/// A tab before the dash of a list item. A tab after the dash is allowed.
fn tab_before_dash(text: &str, item: u32) -> Option<Range> {
    let (head, start) = head(text, item);
    let whitespace = head.trim_end_matches([' ', '\t']).strip_suffix('-')?;
    let tab = start + whitespace.find('\t').filter(|_| whitespace.trim_matches([' ', '\t', '-']).is_empty())? as u32;
    Some(Range { start: tab, end: tab + 1 })
}

/// A key that does not end on its line, or whose colon is on another line.
fn broken_key(text: &str, key: Range) -> Option<Range> {
    let written = text.get(key.start as usize..key.end as usize)?;
    let rest = text.get(key.end as usize..)?;
    let gap = &rest[..rest.len() - rest.trim_start().len()];
    let is_broken = written.contains(['\n', '\r'])
        || (gap.contains(['\n', '\r']) && rest[gap.len()..].starts_with(':') && !is_explicit(text, key.start));
    let end = key.start + written.find(['\n', '\r']).unwrap_or(written.len()) as u32;
    is_broken.then_some(Range { start: key.start, end })
}

/// A colon in brackets with nothing before it.
fn no_key(text: &str, key: Range) -> Option<Range> {
    let is_colon = key.start == key.end && text.get(key.start as usize..)?.starts_with(':');
    is_colon.then_some(Range { start: key.start, end: key.start + 1 })
}

/// Whether this is an explicit key (`? key`), whose colon begins the next line.
fn is_explicit(text: &str, key: u32) -> bool {
    text.get(..key as usize).is_some_and(|before| before.trim_end().ends_with('?'))
}

/// A `|` or `>` that would begin a block scalar, which is not possible inside brackets.
fn block_sign(text: &str, value: &Value<'_>) -> Option<Range> {
    let is_sign = matches!(text.as_bytes().get(value.at.start as usize), Some(b'|' | b'>'));
    is_sign.then_some(value.at)
}

#[cfg(test)]
mod tests {
    use crate::check::tree::parse_as_far;
    use crate::text::Places;

    /// The text at the position of the problem.
    fn analyze(text: &str) -> Option<&str> {
        let (_, problem) = parse_as_far(text, &Places::new(text));
        let at = problem?.at();
        text.get(at.start as usize..at.end as usize)
    }

    #[test]
    fn tabs_may_not_indent_keys_and_dashes() {
        assert_eq!(analyze("a:\n \tb: 1\n  c: 2\n"), Some("\t"));
        assert_eq!(analyze("a:\n \t- b\n  - c\n"), Some("\t"));
        assert!(analyze("a:\n- \tb: 1\n  c: 2\n").is_some());
        assert_eq!(analyze("a:\n- \tb\n- c: 2\n"), None);
        assert_eq!(analyze("a: {b: 1,\n \tc: 2}\n\t# comment\n"), None);
        assert_eq!(analyze("a: |\n  b\n  \tc: d\n"), None);
    }

    #[test]
    fn keys_in_brackets_end_on_their_line() {
        assert_eq!(analyze("{\"a\": 1, \"b\nc\": 2}"), Some("\"b"));
        assert_eq!(analyze("{a: 1, b\n: 2}"), Some("b"));
        assert_eq!(analyze("{a: 1, b:\n 2, \"c\": d}"), None);
        assert_eq!(analyze("? a\n: b\n"), None);
        assert_eq!(analyze("{a,: [b], c: d}"), Some(":"));
        assert_eq!(analyze("{a: b, \"\": d}"), None);
        assert_eq!(analyze("a: {? b\n: c}\n"), None);
    }

    #[test]
    fn blocks_of_text_do_not_begin_in_brackets() {
        assert_eq!(analyze("{a: |b}"), Some("|b"));
        assert_eq!(analyze("[a, >-\n b]"), Some(">-\n b"));
        assert_eq!(analyze("[a, \"|\", b|c]"), None);
    }
}
