//! Properties of the diagnostics of any text: places are inside the text, on character boundaries; everything renders.

use krt::diagnostic::{Diagnostic, render};

pub fn sound(text: &str, diagnostics: &[Diagnostic]) {
    for found in diagnostics {
        let edits = found.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        let spans = found.related.iter().map(|related| related.span).chain(found.span).chain(edits);
        for span in spans {
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{found:?}");
            assert!(
                (1, 1) <= (span.line, span.column) && (span.line, span.column) <= (span.end_line, span.end_column),
                "{found:?}"
            );
        }
        assert!(krt::rules::find(&found.code).is_some_and(|rule| rule.severity == found.severity), "{found:?}");
        let shown = render::render(found, "krt.yml", Some(text));
        assert!(shown.chars().all(|letter| letter == '\n' || !letter.is_control()), "{shown:?}");
    }
}
