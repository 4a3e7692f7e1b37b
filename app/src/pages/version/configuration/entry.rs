//! One variable or file of the configuration.

use leptos::prelude::*;

use super::use_shown;
use crate::components::TextArea;
use crate::forms::{KEEP_EMPTY, TICKED, VALUE};
use crate::labels;
use crate::model::{ConfigurationEntry, ConfigurationKind};
use crate::pages::version::use_here;
use crate::paths;

/// The control of one entry. Values are kept exactly as typed; a file may have several lines.
#[component]
pub(super) fn Entry(
    entry: ConfigurationEntry,
    /// What was typed before the form came back.
    typed: Option<String>,
    ticked: bool,
    editable: bool,
    wrong: Signal<Option<String>>,
) -> impl IntoView {
    let (here, shown) = (use_here(), use_shown());
    let (id, field) = (format!("value-{}", entry.name), format!("{VALUE}{}", entry.name));
    let error_id = format!("error-{id}");
    let readable = entry.value.is_some() || !entry.is_set || entry.too_long.is_some();
    let value = typed.or(entry.value).unwrap_or_default();
    let control = if !editable || !readable {
        view! { <code class="masked">{if entry.is_set { "••••••••" } else { "" }}</code> }.into_any()
    } else {
        match entry.kind {
            ConfigurationKind::Variable => view! {
                <input
                    id=id.clone()
                    class="mono"
                    name=field
                    type=move || if shown.get() { "text" } else { "password" }
                    value=value
                    autocomplete="off"
                    spellcheck="false"
                    autocapitalize="none"
                    aria-describedby=error_id.clone()
                />
            }
            .into_any(),
            ConfigurationKind::File => view! {
                <div class:masked=move || !shown.get()>
                    <TextArea id=id.clone() name=field value rows=6 described_by=error_id.clone() />
                </div>
            }
            .into_any(),
        }
    };
    let keep_empty = (editable && readable).then(|| {
        let field = format!("{KEEP_EMPTY}{}", entry.name);
        if let Some(bytes) = entry.too_long {
            // An empty field sets nothing: a value that is not shown is kept.
            let href = paths::value(&here.runtime.get_untracked(), &here.version.get_untracked(), &entry.name);
            let words =
                format!("{}: too long for this page. Leave empty to keep the value.", labels::size(bytes.into()));
            view! { <p class="quiet">{words} " " <a href=href download rel="external">"Download"</a></p> }.into_any()
        } else if entry.is_set {
            view! { <input type="hidden" name=field value="on" /> }.into_any()
        } else {
            view! {
                <label class="keep-empty">
                    <input type="checkbox" name=field value=TICKED checked=ticked />
                    "Leave empty on purpose"
                </label>
            }
            .into_any()
        }
    });
    let kind = match entry.kind {
        ConfigurationKind::Variable => "variable",
        ConfigurationKind::File => "file",
    };
    let state = if entry.is_set { "set" } else { "missing" };
    view! {
        <div class="entry" class:missing=!entry.is_set class:wrong=move || wrong.with(Option::is_some)>
            <div class="name">
                <label for=id>
                    <code>{entry.name}</code>
                </label>
                <span class="quiet">{kind} ", " {state}</span>
            </div>
            <div class="control">
                {control} {keep_empty}
                <p class="error" id=error_id>
                    {move || wrong.get()}
                </p>
            </div>
        </div>
    }
}
