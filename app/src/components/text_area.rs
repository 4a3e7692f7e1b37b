//! A multi-line text field.

use leptos::prelude::*;

/// A `<textarea>` with the initial text `value`. Leptos writes a textarea's children unescaped (and an empty one as a
/// space), so the value is escaped here and inserted as HTML.
#[component]
pub fn TextArea(
    #[prop(into)] id: String,
    #[prop(into)] name: String,
    #[prop(into)] value: String,
    rows: u32,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
    #[prop(optional, into)] described_by: Option<String>,
) -> impl IntoView {
    view! {
        <textarea
            id=id
            name=name
            rows=rows.to_string()
            required=required
            autofocus=autofocus
            aria-describedby=described_by
            inner_html=escape(&value)
        ></textarea>
    }
}

/// Escapes text as the content of a textarea; doubles a leading line break, because HTML drops one.
fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    if text.starts_with('\n') { format!("\n{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_a_textarea() {
        assert_eq!(escape("</textarea><script>&amp;"), "&lt;/textarea>&lt;script>&amp;amp;");
        assert_eq!(escape("\nsecond"), "\n\nsecond");
        assert_eq!(escape(""), "");
    }
}
