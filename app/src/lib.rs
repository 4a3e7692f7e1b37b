//! The pages of the KRT console, rendered on the server first and hydrated in the browser.
//!
//! Suggested reading order: [`paths`] (every URL), [`model`] (the data of the pages), [`error`], [`api`] (the server
//! functions, and the traits that provide the data), [`forms`] (submitted forms that come back), [`drafts`] (typed but
//! unsaved values), [`live`] (updates of open pages), then [`app`] and its [`pages`].

// The type of a page contains the types of all its parts, nested deeper than the default limit.
#![recursion_limit = "512"]

pub mod paths;

pub mod model;

pub mod error;

pub mod api;

#[cfg(feature = "ssr")]
pub mod budget;

#[cfg(feature = "ssr")]
pub mod visible;

pub mod forms;

pub mod drafts;

pub mod timestamp;

pub mod labels;

pub mod live;

pub mod hydration;

pub mod resource;

pub mod loading;

pub mod routes;

pub mod app;

mod scripts;

pub mod pages;

pub mod components;

pub mod charts;

pub mod package;

/// Hydrates the page that the server rendered; called once by the script in its head.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    package::stay_for_files();
    hydrate_page();
    // Ages grow while a page stays open.
    leptos::prelude::set_interval(timestamp::localize_all, std::time::Duration::from_secs(30));
}

/// Loads the code of the page, then hydrates it.
#[cfg(feature = "hydrate")]
fn hydrate_page() {
    // Leptos' own way to spawn begins with the hydration.
    wasm_bindgen_futures::spawn_local(async {
        let path = leptos::prelude::location().pathname().unwrap_or_default();
        let has_report = leptos::prelude::document().query_selector(".report").is_ok_and(|report| report.is_some());
        match routes::load_page(&path, has_report).await {
            Ok(()) => hydration::spawn_hydration(|| leptos::mount::hydrate_body(app::App)),
            Err(loading::NotLoaded) => loading::retry_on_page(hydrate_page),
        }
    });
}
