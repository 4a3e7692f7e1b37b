//! A form field with label, hint and error.

use leptos::prelude::*;

use super::diagnostic_text::words_with_code;
use crate::forms::{focus_first_wrong, too_long};

/// A label, the control (the children), a hint and the error. The control must have the ID `field-NAME` and
/// `aria-describedby="hint-NAME error-NAME"`.
#[component]
pub fn Field(
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    /// The maximum number of characters. The hint shows a count near the limit; the error appears once it is exceeded.
    #[prop(optional)]
    limit: Option<usize>,
    #[prop(into)] error: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    // The text typed since the form was last sent; the error of that submission no longer applies to it.
    let typed = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        typed.set(None);
        if error.with(Option::is_some) {
            focus_first_wrong();
        }
    });
    let wrong = Memo::new(move |_| match (typed.get(), limit) {
        (Some(text), Some(limit)) => too_long(&text, limit),
        _ => error.get(),
    });
    let count = move || {
        let limit = limit?;
        let length = typed.with(|typed| typed.as_ref().map_or(0, |text| text.trim().chars().count()));
        (length * 5 >= limit * 4).then(|| format!(" {length} of {limit} characters."))
    };
    view! {
        <div class="field" class:wrong=move || wrong.with(Option::is_some) on:input=move |event| typed.set(Some(event_target_value(&event)))>
            <label for=format!("field-{name}")>{label}</label>
            {children()}
            <p class="hint" id=format!("hint-{name}")>
                {hint}
                {count}
            </p>
            <p class="error" id=format!("error-{name}") aria-live="polite">
                {move || wrong.get().map(|wrong| words_with_code(&wrong))}
            </p>
        </div>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_code_as_code() {
        let html = Owner::new().with(|| {
            let error = Signal::stored(Some("Change `version:` in krt.yml.".to_owned()));
            view! { <Field name="package" label="Package" error>"…"</Field> }.to_html()
        });
        let html = html.replace("<!>", "");
        assert!(html.contains("Change <code>version:</code> in krt.yml.") && !html.contains('`'), "{html}");
    }
}
