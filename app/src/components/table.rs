//! The one table of the console.

use leptos::prelude::*;

/// A table that always has its `<tbody>`: the children are its rows. On a narrow screen each row becomes a block whose
/// cells are labelled by their `data-label`.
#[component]
pub fn Table(
    /// What it lists, for those who do not see it.
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
