//! A field of several lines.

use leptos::prelude::*;

/// A `<textarea>` that starts with `value`, whatever is in it. Leptos writes its children unescaped (and an empty one
/// as a space), so the value goes in as HTML escaped by hand.
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

/// The text as the HTML of a textarea's content, which swallows one line break at its beginning.
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
