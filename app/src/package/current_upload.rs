//! The upload that belongs to a page: provided once, discarded when the page goes or another runtime comes.

use leptos::prelude::*;

use super::browser;
use super::upload_state::UploadState;

/// Provides the upload state to the page; call this outside of everything that is rendered again.
pub fn provide_upload_state() -> UploadState {
    let upload_state = UploadState::new();
    provide_context(upload_state);
    on_cleanup(move || browser::discard(upload_state));
    upload_state
}

/// The page's upload for this runtime; cleared when it belonged to another runtime.
pub(super) fn of_runtime(runtime: &str) -> UploadState {
    let upload_state = use_context::<UploadState>().unwrap_or_else(provide_upload_state);
    if upload_state.runtime.with_untracked(|of| of != runtime) {
        browser::discard(upload_state);
        upload_state.clear();
        upload_state.runtime.set(runtime.to_owned());
    }
    upload_state
}
