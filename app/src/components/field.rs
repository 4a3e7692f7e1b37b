//! A field of a form with what belongs to it.

use leptos::prelude::*;

/// A label, the control itself as children, a hint, and what is wrong with it. The control carries the ID `field-NAME`
/// and `aria-describedby="hint-NAME error-NAME"`.
#[component]
pub fn Field(
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(into)] error: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field" class:wrong=move || error.with(Option::is_some)>
            <label for=format!("field-{name}")>{label}</label>
            {children()}
            <p class="hint" id=format!("hint-{name}")>
                {hint}
            </p>
            <p class="error" id=format!("error-{name}")>
                {move || error.get()}
            </p>
        </div>
    }
}
