//! The table component used by all pages.

use leptos::prelude::*;

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
            <tbody>{children()}</tbody>
        </table>
    }
}
