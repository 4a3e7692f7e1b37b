//! Previews the lines that one fix changes.

use crate::diagnostic::{Fix, apply};

/// The lines that a fix changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// The lines as they are.
    pub before: String,
    /// The lines with the fix applied.
    pub after: String,
}

/// Returns what a fix changes, in whole lines; empty when its places are not in this text.
pub fn preview(text: &str, fix: &Fix) -> Preview {
    let whole = || {
        let (first, last) = (fix.edits.first()?, fix.edits.last()?);
        let start = text.get(..first.span.start as usize)?.rfind('\n').map_or(0, |at| at + 1);
        let end = last.span.end as usize;
        let rest = text.get(end..)?;
        let fixed = apply(text, fix);
        // An edit that ends at a line break covers the whole line, unless its text continues into the next one.
        let written = fixed.get(start..fixed.len().checked_sub(rest.len())?)?;
        let is_whole = |lines: &str| lines.is_empty() || lines.ends_with('\n');
        let has_whole_line = end > start && is_whole(text.get(start..end)?) && is_whole(written);
        let end = if has_whole_line { end } else { end + rest.find('\n').map_or(rest.len(), |at| at + 1) };
        let tail = text.len() - end;
        let after = fixed.get(start..fixed.len().checked_sub(tail)?)?.to_owned();
        Some(Preview { before: text.get(start..end)?.to_owned(), after })
    };
    whole().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Edit, Span};

    fn fix(edits: &[(u32, u32, &str)]) -> Fix {
        let edits = edits.iter().map(|(start, end, text)| {
            let span = Span { start: *start, end: *end, line: 1, column: 1, end_line: 1, end_column: 1 };
            Edit { span, text: (*text).to_owned() }
        });
        Fix { title: String::new(), edits: edits.collect() }
    }

    #[test]
    fn a_preview_shows_whole_lines_before_and_after() {
        let text = "a: 1\nb: 2\nc: 3";
        for (edits, before, after) in [
            (&[(8, 9, "5")][..], "b: 2\n", "b: 5\n"),
            (&[(5, 10, "")], "b: 2\n", ""),
            (&[(0, 5, "")], "a: 1\n", ""),
            (&[(5, 5, "x: 0\n")], "b: 2\n", "x: 0\nb: 2\n"),
            (&[(0, 0, "# "), (5, 5, "# "), (10, 10, "# ")], text, "# a: 1\n# b: 2\n# c: 3"),
            (&[(4, 5, " ")], "a: 1\nb: 2\n", "a: 1 b: 2\n"),
            (&[(3, 4, "7"), (13, 14, "9")], text, "a: 7\nb: 2\nc: 9"),
            (&[(99, 100, "")], "", ""),
        ] {
            let preview = preview(text, &fix(edits));
            assert_eq!((preview.before.as_str(), preview.after.as_str()), (before, after), "{edits:?}");
        }
    }
}
