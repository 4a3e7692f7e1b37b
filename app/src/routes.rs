//! The pages by their paths, and the groups of code that they are loaded in.

use leptos::prelude::*;
use leptos_router::ChooseView;

use crate::loading::{NotLoaded, load, loaded};

mod groups;

/// A page, or the part of a page that a nested route shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    SignIn,
    Runtimes,
    NewRuntime,
    Runtime,
    NewVersion,
    Version,
    Workflows,
    Configuration,
    Log,
    Objects,
    Manifest,
    History,
    Action,
    Audit,
}

/// A group of pages whose code is in the same files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Lists,
    Runtime,
    Version,
    Workflows,
    Tabs,
    Edit,
    Action,
}

impl Group {
    /// The name of the group's files, as `wasm_split` has it.
    pub fn name(self) -> &'static str {
        match self {
            Group::Lists => "lists",
            Group::Runtime => "runtime",
            Group::Version => "version",
            Group::Workflows => "workflows",
            Group::Tabs => "tabs",
            Group::Edit => "edit",
            Group::Action => "action",
        }
    }
}

impl Page {
    /// The pages that a path shows, the outer one first.
    pub fn at(path: &str) -> &'static [Page] {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        match &segments[..] {
            ["sign-in"] => &[Page::SignIn],
            ["runtimes"] => &[Page::Runtimes],
            ["runtimes", "new"] => &[Page::NewRuntime],
            ["runtimes", _] => &[Page::Runtime],
            ["runtimes", _, "new-version"] => &[Page::NewVersion],
            ["runtimes", _, "versions", _] => &[Page::Version, Page::Workflows],
            ["runtimes", _, "versions", _, "configuration"] => &[Page::Version, Page::Configuration],
            ["runtimes", _, "versions", _, "log"] => &[Page::Version, Page::Log],
            ["runtimes", _, "versions", _, "objects"] => &[Page::Version, Page::Objects],
            ["runtimes", _, "versions", _, "manifest"] => &[Page::Version, Page::Manifest],
            ["runtimes", _, "versions", _, "history"] => &[Page::Version, Page::History],
            ["runtimes", _, "versions", _, "actions", _] => &[Page::Version, Page::Action],
            ["audit"] => &[Page::Audit],
            _ => &[],
        }
    }

    pub fn group(self) -> Group {
        match self {
            Page::SignIn | Page::Runtimes | Page::NewRuntime => Group::Lists,
            Page::Runtime | Page::NewVersion => Group::Runtime,
            Page::Version => Group::Version,
            Page::Workflows => Group::Workflows,
            Page::Log | Page::Objects | Page::Manifest | Page::History | Page::Audit => Group::Tabs,
            Page::Configuration => Group::Edit,
            Page::Action => Group::Action,
        }
    }

    /// Loads the code of the page, unless it is there.
    async fn load(self) -> Result<(), NotLoaded> {
        let loaded = match self.group() {
            Group::Lists => groups::load_lists().await,
            Group::Runtime => groups::load_runtime().await,
            Group::Version => groups::load_version().await,
            Group::Workflows => groups::load_workflows().await,
            Group::Tabs => groups::load_tabs().await,
            Group::Edit => groups::load_edit().await,
            Group::Action => groups::load_action().await,
        };
        Ok(loaded?)
    }

    async fn view(self) -> Result<AnyView, NotLoaded> {
        match self.group() {
            Group::Lists => groups::lists(self).await,
            Group::Runtime => groups::runtime(self).await,
            Group::Version => groups::version(self).await,
            Group::Workflows => groups::workflows(self).await,
            Group::Tabs => groups::tabs(self).await,
            Group::Edit => groups::edit(self).await,
            Group::Action => groups::action(self).await,
        }
    }
}

/// The router loads the code of a page before it leaves the page before.
impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        match self.view().await {
            Ok(view) => view,
            Err(NotLoaded) => loaded(move || self.view()).into_any(),
        }
    }

    async fn preload(&self) {
        // A failure is shown in place of the page.
        let _ = load(self.load()).await;
    }
}

/// Loads all code of the page at this path; with `has_report`, also that of the report which the server rendered on it.
pub async fn load_page(path: &str, has_report: bool) -> Result<(), NotLoaded> {
    for page in Page::at(path) {
        page.load().await?;
    }
    if has_report {
        crate::package::load_reports().await?;
    }
    Ok(())
}
