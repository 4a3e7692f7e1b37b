//! Links to the other pages of a list.

use leptos::prelude::*;

/// Links below a list, to its first and its next page; `words` are their labels.
#[component]
pub fn Pager(first: Option<String>, next: Option<String>, words: [&'static str; 2]) -> impl IntoView {
    let [first_word, next_word] = words;
    (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                {first.map(|href| view! { <a class="button" href=href>{first_word}</a> })}
                {next.map(|href| view! { <a class="button" rel="next" href=href>{next_word}</a> })}
            </nav>
        }
    })
}
