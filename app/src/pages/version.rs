//! The page of a version: its facts and actions on the left, one of its tabs beside them.

use krt::lifecycle::Action as VersionAction;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_params_map};

use super::frame::{FrameResource, use_frame};
use crate::api;
use crate::drafts::{Drafts, use_drafts};
use crate::error::Error;
use crate::hydration::hydrate_later;
use crate::live::{Live, use_live};
use crate::model::VersionDetail;
use crate::paths;
use crate::resource::{PageData, page_data};

mod side;
use side::Side;

mod dialog;
use dialog::ActionDialog;

mod workflows;
pub use workflows::WorkflowsTab;

mod configuration;
pub use configuration::ConfigurationTab;

mod shown;
pub use shown::{LogTab, ManifestTab, ObjectsTab};

mod history;
pub use history::HistoryTab;

mod action;
pub use action::ActionTab;

mod action_form;

/// The version that the URL names, for the page and its tabs.
#[derive(Clone, Copy)]
pub struct Here {
    pub runtime: Memo<String>,
    pub version: Memo<String>,
    pub detail: PageData<Result<VersionDetail, Error>>,
    pub frame: FrameResource,
    pub live: Live,
    pub drafts: Drafts,
}

impl Here {
    fn new() -> Here {
        let params = use_params_map();
        let param = |name: &'static str| Memo::new(move |_| params.with(|params| params.get(name).unwrap_or_default()));
        let (runtime, version) = (param("runtime"), param("version"));
        let detail =
            page_data(move || (runtime.get(), version.get()), |(runtime, version)| api::get_version(runtime, version));
        Here { runtime, version, detail, frame: use_frame(), live: use_live(), drafts: use_drafts() }
    }

    /// Returns a source for resources: both names and the status, so that a tab reloads when the status changes.
    fn with_status(self) -> impl Fn() -> (String, String, Option<(krt::lifecycle::Status, bool)>) {
        let status = self.live.observed_status(self.runtime, self.version);
        move || (self.runtime.get(), self.version.get(), status.get())
    }
}

/// The version of the surrounding page.
fn use_here() -> Here {
    use_context::<Here>().unwrap_or_else(Here::new)
}

#[component]
pub fn VersionPage() -> impl IntoView {
    let here = Here::new();
    provide_context(here);
    reload_after_gaps(here);
    let asked = RwSignal::new(None);
    let open_dialog = move |event: leptos::ev::MouseEvent| {
        if let Some(action) = dialog::asked_by(&event) {
            event.prevent_default();
            asked.set(Some(action));
        }
    };
    // The server reads the title after it rendered the page and disposed of its signals; Arc signals outlive that.
    let (name, path) = (ArcMemo::from(here.version), ArcMemo::from(use_location().pathname));
    let title = move || match path.with(|path| tab_of(path)) {
        "" => name.get(),
        tab => format!("{} · {tab}", name.get()),
    };
    view! {
        <div class="version-page" on:click=open_dialog>
            <Title text=title />
            <Transition>
                {move || Suspend::new(async move {
                    let (Ok(frame), Ok(detail)) = (here.frame.await, here.detail.await) else { return ().into_any() };
                    view! { <Side detail role=frame.caller.role /> }.into_any()
                })}
            </Transition>
            <main id="main" class="version-main">
                <Tabs here />
                <Outlet />
            </main>
            <ActionDialog here asked />
        </div>
    }
}

/// The tab whose form may hold unsaved values.
const CONFIGURATION: &str = "configuration";

/// The tabs: path segment and label.
const TABS: [(&str, &str); 6] = [
    ("", "Workflows"),
    (CONFIGURATION, "Configuration"),
    ("log", "Logs"),
    ("objects", "Objects"),
    ("manifest", "Manifest"),
    ("history", "History"),
];

/// The label of the tab that a path shows; empty for the first tab and for forms.
fn tab_of(path: &str) -> &'static str {
    let last = path.rsplit('/').next().unwrap_or_default();
    TABS.iter().skip(1).find(|(tab, _)| *tab == last).map_or("", |(_, name)| *name)
}

#[component]
fn Tabs(here: Here) -> impl IntoView {
    let path = use_location().pathname;
    let link = move |(tab, name): (&'static str, &'static str)| {
        let href = move || {
            let (runtime, version) = (here.runtime.get(), here.version.get());
            if tab.is_empty() {
                paths::version(&runtime, &version)
            } else {
                paths::version_tab(&runtime, &version, tab)
            }
        };
        let has_draft =
            Memo::new(move |_| tab == CONFIGURATION && here.drafts.has(&here.runtime.read(), &here.version.read()));
        let current = move || (path.get().trim_end_matches('/') == href()).then_some("page");
        view! {
            <a href=href aria-current=current>
                {name} {move || has_draft.get().then(|| view! { <em>" not saved"</em> })}
            </a>
        }
    };
    view! {
        <nav class="tabs" aria-label="Version">
            {hydrate_later(move || TABS.map(link).into_iter().collect_view())}
        </nav>
    }
}

/// Reloads the live state after a gap in the stream; the rest of the page keeps its state, including typed text.
fn reload_after_gaps(here: Here) {
    let read = Action::new(move |(runtime, version): &(String, String)| {
        let (runtime, version) = (runtime.clone(), version.clone());
        async move {
            if let Ok(detail) = api::get_version(runtime.clone(), version).await {
                here.live.put(&runtime, detail.version.live);
            }
        }
    });
    Effect::new(move |_| {
        if here.live.generation() > 0 {
            read.dispatch((here.runtime.get_untracked(), here.version.get_untracked()));
        }
    });
}

/// The action in the path of an action's form.
fn action_of(path: &str) -> Option<VersionAction> {
    let (_, action) = path.rsplit_once("/actions/")?;
    VersionAction::parse(action).filter(|action| VersionAction::ON_A_VERSION.contains(action))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_an_actions_form_names_the_action() {
        for action in VersionAction::ON_A_VERSION {
            assert_eq!(action_of(&paths::action("demo", "v1", action)), Some(action));
        }
        for path in ["/runtimes/demo/versions/v1", "/runtimes/demo/versions/v1/actions/create", "/actions/x"] {
            assert_eq!(action_of(path), None, "{path}");
        }
    }
}
