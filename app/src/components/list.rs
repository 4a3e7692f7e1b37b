//! Lists: a table, and the links to the other pages of a list.

use leptos::prelude::*;

use crate::hydration::hydrate_later;

/// A table whose children are the rows of its `<tbody>`. On a narrow screen each row becomes a block whose cells are
/// labeled by their `data-label`.
#[component]
pub fn Table(
    /// The table's name, for screen readers.
    label: &'static str,
    columns: &'static [&'static str],
    children: Children,
) -> impl IntoView {
    let heads = columns.iter().map(|column| view! { <th scope="col">{*column}</th> }).collect_view();
    view! {
        <table class="table" aria-label=label>
            <thead>
                <tr>{heads}</tr>
            </thead>
            <tbody>{hydrate_later(children)}</tbody>
        </table>
    }
}

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
