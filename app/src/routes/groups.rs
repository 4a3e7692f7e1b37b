//! The functions at which the code is split: each makes the pages of one group.

// Expands to functions that the module exports and imports by name.
#![allow(unsafe_code, improper_ctypes)]

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use super::Page;
use crate::loading::NotLoaded;
use crate::pages;
use crate::pages::version::{
    ActionTab, ConfigurationTab, HistoryTab, LogTab, ManifestTab, ObjectsTab, VersionPage, WorkflowsTab,
};

#[wasm_split(lists, wasm_split_path = ::leptos::wasm_split, preload(load_lists), fallible)]
pub fn lists(page: Page) -> Result<AnyView, NotLoaded> {
    Ok(match page {
        // Never hydrated: links to it leave the router.
        #[cfg(not(feature = "hydrate"))]
        Page::SignIn => view! { <pages::sign_in::SignInPage /> }.into_any(),
        Page::NewRuntime => view! { <pages::new_runtime::NewRuntimePage /> }.into_any(),
        _ => view! { <pages::runtimes::RuntimesPage /> }.into_any(),
    })
}

#[wasm_split(runtime, wasm_split_path = ::leptos::wasm_split, preload(load_runtime), fallible)]
pub fn runtime(page: Page) -> Result<AnyView, NotLoaded> {
    Ok(match page {
        Page::NewVersion => view! { <pages::new_version::NewVersionPage /> }.into_any(),
        _ => view! { <pages::runtime::RuntimePage /> }.into_any(),
    })
}

#[wasm_split(version, wasm_split_path = ::leptos::wasm_split, preload(load_version), fallible)]
pub fn version(_: Page) -> Result<AnyView, NotLoaded> {
    Ok(view! { <VersionPage /> }.into_any())
}

#[wasm_split(workflows, wasm_split_path = ::leptos::wasm_split, preload(load_workflows), fallible)]
pub fn workflows(_: Page) -> Result<AnyView, NotLoaded> {
    Ok(view! { <WorkflowsTab /> }.into_any())
}

#[wasm_split(tabs, wasm_split_path = ::leptos::wasm_split, preload(load_tabs), fallible)]
pub fn tabs(page: Page) -> Result<AnyView, NotLoaded> {
    Ok(match page {
        Page::Log => view! { <LogTab /> }.into_any(),
        Page::Objects => view! { <ObjectsTab /> }.into_any(),
        Page::Manifest => view! { <ManifestTab /> }.into_any(),
        Page::History => view! { <HistoryTab /> }.into_any(),
        _ => view! { <pages::audit::AuditPage /> }.into_any(),
    })
}

#[wasm_split(edit, wasm_split_path = ::leptos::wasm_split, preload(load_edit), fallible)]
pub fn edit(_: Page) -> Result<AnyView, NotLoaded> {
    Ok(view! { <ConfigurationTab /> }.into_any())
}

#[wasm_split(action, wasm_split_path = ::leptos::wasm_split, preload(load_action), fallible)]
pub fn action(_: Page) -> Result<AnyView, NotLoaded> {
    Ok(view! { <ActionTab /> }.into_any())
}
