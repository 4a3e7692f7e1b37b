//! A fix as data: edits of the manifest's text that leave everything else as written, including comments.

use serde::{Deserialize, Serialize};

use super::Span;

/// One way to fix a problem. Applied to the text that was checked, a fix removes its diagnostic and adds no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What the fix does, as the label of a button: "rename `verison` to `version`".
    pub title: String,
    /// Sorted by place, without overlaps.
    pub edits: Vec<Edit>,
}

/// Replaces one range of the text; an empty span inserts, an empty text removes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    pub span: Span,
    pub text: String,
}

/// Returns the text with a fix applied. Edits that do not belong to this text (outside of it, inside a character, or
/// before the preceding edit) are skipped.
pub fn apply(text: &str, fix: &Fix) -> String {
    let inserted: usize = fix.edits.iter().map(|edit| edit.text.len()).sum();
    let mut out = String::with_capacity(text.len() + inserted);
    let mut at = 0;
    for edit in &fix.edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        let (Some(kept), Some(_)) = (text.get(at..start), text.get(start..end)) else { continue };
        out.push_str(kept);
        out.push_str(&edit.text);
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, text: &str) -> Edit {
        let span = Span { start, end, line: 1, column: start + 1, end_line: 1, end_column: end + 1 };
        Edit { span, text: text.to_owned() }
    }

    #[test]
    fn edits_replace_insert_and_remove_and_invalid_ones_do_nothing() {
        let fix = |edits| Fix { title: String::new(), edits };
        assert_eq!(apply("a: b # c", &fix(vec![edit(0, 1, "key"), edit(3, 3, "x"), edit(4, 8, "")])), "key: xb");
        assert_eq!(apply("é", &fix(vec![edit(1, 2, "x"), edit(5, 9, "y")])), "é");
        assert_eq!(apply("abc", &fix(vec![edit(1, 2, "x"), edit(0, 1, "y")])), "axc");
    }
}
