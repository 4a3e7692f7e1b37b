//! The rule pages: what each code means, for everyone, without scripts. Other pages link here with `rel="external"`,
//! because the front end's router does not know these pages.

mod list;

use app::components::diagnostic_text::{self, words_with_code};
use app::paths;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use krt::check::{Options, analyze};
use krt::diagnostic::{Severity, render};
use krt::rule_pages::{Example, ExampleKind, Page, near, page};
use krt::rules::{self, Area, Rule};
use leptos::prelude::*;

use crate::web::Web;
use crate::web::layout_page::{self, Visitor};
pub use list::list;

fn row(rule: &Rule) -> impl IntoView + use<> {
    view! {
        <li>
            <a href=paths::rule(rule.code)><code>{rule.code}</code></a>
            <span class="rule-title">{words_with_code(rule.title)}</span>
            {severity(rule.severity)}
        </li>
    }
}

/// The page of one code; for an unknown code, similar ones.
pub async fn rule(State(web): State<Web>, visitor: Visitor, Path(code): Path<String>) -> Response {
    let (Some(rule), Some(page)) = (rules::find(&code), page(&code)) else {
        return unknown(&web, visitor, &code).await;
    };
    let body = view! {
        <header class="title">
            <div>
                <nav class="quiet" aria-label="Rule breadcrumb">
                    <a href=paths::RULES>"All rules"</a> " / " <a href=of_area(rule.area)>{rule.area.title()}</a>
                </nav>
                <h1 class="rule-code">{rule.code}</h1>
                <p class="description">{words_with_code(rule.title)} " " {severity(rule.severity)}</p>
            </div>
        </header>
        <section class="card rule">
            <p>{words_with_code(page.why)}</p>
            <p class="quiet">"Source: " {words_with_code(page.source)}</p>
        </section>
        {example("Wrong", &page.wrong, Some(&page))}
        {example("Right", &page.right, None)}
        <section class="card rule" aria-labelledby="fix"><h2 id="fix">"How to fix"</h2> <p>{words_with_code(page.fix)}</p></section>
    };
    whole(&web, visitor, StatusCode::OK, rule.code, body).await
}

/// The URL of this area in the list of rules.
fn of_area(area: Area) -> String {
    format!("{}#{}", paths::RULES, area.id())
}

async fn unknown(web: &Web, visitor: Visitor, code: &str) -> Response {
    let near = near_ones(code);
    let body = view! {
        <header class="title">
            <div>
                <h1>"No such rule"</h1>
                <p>"No rule has the code " <code>{render::printable(code)}</code> "."</p>
            </div>
        </header>
        {near}
        <p><a class="button" href=paths::RULES>"All rules"</a></p>
    };
    whole(web, visitor, StatusCode::NOT_FOUND, "No such rule", body).await
}

/// Rules with similar codes, or of the same area.
fn near_ones(code: &str) -> Option<impl IntoView + use<>> {
    let near: Vec<_> = near(code).iter().filter_map(|code| rules::find(code)).map(row).collect();
    (!near.is_empty()).then(|| {
        view! { <section class="card rules"><header><h2>"Did you mean"</h2></header><ul>{near}</ul></section> }
    })
}

async fn whole(web: &Web, visitor: Visitor, status: StatusCode, title: &str, body: impl IntoView) -> Response {
    layout_page::page(
        web,
        visitor,
        paths::RULES,
        (status, title),
        view! { <main id="main" class="page narrow">{body}</main> },
    )
    .await
}

/// Renders an example. A wrong manifest is checked, so that the page shows the actual output of the check.
fn example(title: &'static str, example: &Example, page: Option<&Page>) -> impl IntoView + use<> {
    let found = page.filter(|_| example.kind == ExampleKind::Manifest).map(|page| {
        let found = analyze(example.text, Options::MANIFEST).diagnostics.into_iter();
        found.filter(|found| found.code == page.code).collect::<Vec<_>>()
    });
    let problems = found.unwrap_or_default();
    let is_marked = |number: usize| {
        let spans = problems.iter().filter_map(|found| found.span.map(|span| (found.severity, span)));
        let lines = |span: krt::diagnostic::Span| span.line as usize..=(span.end_line as usize).max(span.line as usize);
        spans.filter(|(_, span)| lines(*span).contains(&number)).map(|(severity, _)| severity.as_str()).next()
    };
    let line =
        |(at, line): (usize, &str)| view! { <li class=is_marked(at + 1).unwrap_or_default()>{line.to_owned()}</li> };
    let lines: Vec<_> = example.text.lines().enumerate().map(line).collect();
    let said: String = problems.iter().map(|found| render::render(found, "krt.yml", Some(example.text))).collect();
    let said = (!said.is_empty()).then(|| view! { <pre class="rule-said">{said}</pre> });
    let what = if example.kind == ExampleKind::Package { "A package with these files" } else { "krt.yml" };
    view! {
        <section class="card" aria-label=title>
            <header><h2>{title}</h2> <p class="quiet">{what}</p></header>
            <ol class="source" tabindex="0">{lines}</ol>
            {said}
        </section>
    }
}

fn severity(severity: Severity) -> impl IntoView {
    let (class, word) = diagnostic_text::severity(severity);
    view! { <span class=format!("report-severity {class}")>{word}</span> }
}
