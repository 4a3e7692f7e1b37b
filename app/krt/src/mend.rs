//! Mends made and shown: all that a check offers, one after the other, and the lines that one of them changes.

use serde::{Deserialize, Serialize};

use crate::check::{check, first_together};
use crate::diagnostic::{Diagnostic, Fix, apply};

/// Mends made in one go: more than anybody wants to look through, few enough to be made while one waits.
const MOST: usize = 50;
/// The longest text that is mended in one go, in bytes (128 KiB): each mend is followed by a check.
const LONGEST: usize = 128 * 1024;

/// A manifest with the mends made that its check offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mended {
    pub text: String,
    /// How many problems are gone.
    pub count: u32,
}

/// Makes the mends that the check of a manifest offers, the first of each problem. Those that no rule reads together at
/// once, the others one at a time, each time followed by a check: what one changes may change what the others mean. `None`
/// when there are none, or the text is longer than 128 KiB.
pub fn all(text: &str) -> Option<Mended> {
    if text.len() > LONGEST { None } else { all_of(text, check(text).1) }
}

/// The same where the check was made already.
pub(crate) fn all_of(text: &str, mut found: Vec<Diagnostic>) -> Option<Mended> {
    if text.len() > LONGEST {
        return None;
    }
    let (mut text, before, mut made) = (text.to_owned(), found.len(), 0);
    while made < MOST {
        let mut together = first_together(&text, &found);
        together.truncate(MOST - made);
        // A mend removes its problem and makes none; one that does not is not made.
        let mends = |fixes: &[&Fix]| {
            let next = apply(&text, &joined(fixes));
            let left = check(&next).1;
            (!fixes.is_empty() && left.len() + fixes.len() <= found.len()).then_some((fixes.len(), next, left))
        };
        let next = mends(&together).or_else(|| mends(together.get(..1).filter(|_| together.len() > 1)?));
        let Some((count, next, left)) = next else { break };
        (text, found, made) = (next, left, made + count);
    }
    let count = (before - found.len()) as u32;
    (count > 0).then_some(Mended { text, count })
}

/// Several mends as one, their edits in order.
fn joined(fixes: &[&Fix]) -> Fix {
    let mut edits: Vec<_> = fixes.iter().flat_map(|fix| fix.edits.iter().cloned()).collect();
    edits.sort_by_key(|edit| edit.span);
    Fix { title: String::new(), edits }
}

/// The lines that a mend changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// As they are.
    pub before: String,
    /// As they would be.
    pub after: String,
}

/// What a mend changes, in whole lines; nothing when its places are not in this text.
pub fn preview(text: &str, fix: &Fix) -> Preview {
    let whole = || {
        let (first, last) = (fix.edits.first()?, fix.edits.last()?);
        let start = text.get(..first.span.start as usize)?.rfind('\n').map_or(0, |at| at + 1);
        let end = last.span.end as usize;
        // An edit that ends with a line has all of it.
        let is_at_line_start = end > start && text.get(..end)?.ends_with('\n');
        let rest = text.get(end..)?;
        let end = if is_at_line_start { end } else { end + rest.find('\n').map_or(rest.len(), |at| at + 1) };
        let tail = text.len() - end;
        let mended = apply(text, fix);
        let after = mended.get(start..mended.len().checked_sub(tail)?)?.to_owned();
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
            (&[(5, 5, "x: 0\n")], "b: 2\n", "x: 0\nb: 2\n"),
            (&[(3, 4, "7"), (13, 14, "9")], text, "a: 7\nb: 2\nc: 9"),
            (&[(99, 100, "")], "", ""),
        ] {
            let preview = preview(text, &fix(edits));
            assert_eq!((preview.before.as_str(), preview.after.as_str()), (before, after), "{edits:?}");
        }
    }

    #[test]
    fn all_mends_are_made_and_what_cannot_be_mended_stays() {
        let page = crate::explain::page("exitpoint-unknown").unwrap();
        let text =
            page.wrong.text.replace("greeter-node", "greter # who answers").replace("greeter-1", "active-entrypoint");
        let mended = all(&text).unwrap();
        assert_eq!((mended.text, mended.count), (text.replace("greter", "greeter"), 1));
        assert_eq!(all(page.right.text), None);
    }
}
