//! The pages of the KRT console, rendered on the server first and hydrated in the browser.
//!
//! Suggested reading order: [`paths`] (every URL), [`model`] (what pages are told), [`platform`] (who tells them),
//! [`error`], [`api`] (the way from a page to the platform), `shown` (tabs that are only shown,
//! and only rendered here), [`forms`] (a form that came back), [`drafts`] (what was
//! typed and not saved), [`live`] (what
//! changes while people look), then [`app`] and the [`pages`] it leads to.

// Pages are one type each, made of the types of all that is in them: deeper than the compiler expects.
#![recursion_limit = "512"]

pub mod paths;

pub mod model;

#[cfg(feature = "ssr")]
pub mod platform;

pub mod error;

pub mod api;

#[cfg(feature = "ssr")]
pub mod budget;

#[cfg(feature = "ssr")]
mod shown;

#[cfg(feature = "ssr")]
pub mod visible;

pub mod forms;

pub mod drafts;

pub mod timestamp;

pub mod labels;

pub mod live;

pub mod app;

mod scripts;

pub mod pages;

pub mod components;

pub mod charts;

pub mod package;

/// Takes over the page that the server rendered; called once by the script in its head.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    package::stay_for_files();
    leptos::mount::hydrate_body(app::App);
}
