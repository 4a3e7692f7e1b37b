//! The list of all rules by area, or of those that a search finds (`?q=`).

use app::labels;
use app::paths;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use krt::diagnostic::render::printable;
use krt::rule_pages::search;
use krt::rules::{ALL, Area, Rule};
use leptos::prelude::*;

use super::{near_ones, row, whole};
use crate::web::Web;
use crate::web::layout_page::Visitor;

/// Maximum characters of a search; a code has at most 40.
const LONGEST: usize = 100;

pub async fn list(State(web): State<Web>, visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let asked = asked(query.as_deref().unwrap_or_default());
    let found = search(&asked);
    let areas: Vec<(Area, Vec<&Rule>)> = Area::ALL
        .iter()
        .map(|area| (*area, found.iter().copied().filter(|rule| rule.area == *area).collect::<Vec<_>>()))
        .filter(|(_, rules)| !rules.is_empty())
        .collect();
    let link = |(area, rules): &(Area, Vec<&Rule>)| {
        view! { <li><a href=format!("#{}", area.id())>{area.title()}</a> " " <span class="quiet">{rules.len()}</span></li> }
    };
    let links: Vec<_> = areas.iter().map(link).collect();
    let clear = (!asked.is_empty()).then(|| view! { <a href=paths::RULES>"Clear search"</a> });
    let summary = match asked.is_empty() {
        true => format!(
            "{} apply to every package, in the browser, at upload and on the command line.",
            labels::count(ALL.len(), "rule")
        ),
        false => format!("{} of {} match \u{201c}{asked}\u{201d}.", found.len(), labels::count(ALL.len(), "rule")),
    };
    // After a search, the focus is above what it found.
    let heading = match asked.is_empty() {
        true => view! { <h1>"Rules"</h1> }.into_any(),
        false => view! { <h1 tabindex="-1" autofocus>"Rules"</h1> }.into_any(),
    };
    let none = found.is_empty().then(|| view! { <p class="card none">"No rules match."</p> {near_ones(&asked)} });
    let areas: Vec<_> = areas.into_iter().map(|(area, rules)| self::area(area, &rules)).collect();
    let body = view! {
        <header class="title"><div>{heading} <p class="quiet">{summary}</p></div></header>
        <div class="card">
            <form method="get" action=paths::RULES class="filters" role="search" aria-label="Rules">
                <div class="choice rules-words">
                    <label for="words">"Search rules"</label>
                    <input id="words" type="search" name="q" value=asked maxlength=LONGEST.to_string() autocomplete="off" spellcheck="false" />
                </div>
                <button type="submit">"Search"</button>
                {clear}
            </form>
            {(!links.is_empty()).then(|| view! { <nav class="rules-areas" aria-label="Areas"><ul>{links}</ul></nav> })}
        </div>
        {none}
        {areas}
    };
    whole(&web, visitor, StatusCode::OK, "Rules", body).await
}

fn area(area: Area, rules: &[&Rule]) -> impl IntoView + use<> {
    let rows: Vec<_> = rules.iter().copied().map(row).collect();
    view! { <section id=area.id() class="card rules"><header><h2>{area.title()}</h2></header><ul>{rows}</ul></section> }
}

/// The search text of the query, without invisible characters.
fn asked(query: &str) -> String {
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "q");
    let asked = asked.map(|(_, asked)| printable(&asked)).unwrap_or_default();
    asked.trim().chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_search_text_counts_without_invisible_characters() {
        for (query, wanted) in
            [("", ""), ("q=", ""), ("a=1&q=+name+form%20&q=b", "name form"), ("q=%3Cb%3E%00", "<b>\u{fffd}"), ("q", "")]
        {
            assert_eq!(asked(query), wanted, "{query}");
        }
        assert_eq!(asked(&format!("q={}", "a".repeat(999))).len(), LONGEST);
    }
}
