//! Adding a package: read and checked in the browser, shown with its problems, uploaded as a version.

pub mod excerpt;

mod report_view;

// Nothing is uploaded from the server.
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
mod upload_state;

#[cfg(feature = "hydrate")]
mod report_json;

mod refused;
pub use refused::{load_reports, refused_package, refused_report};

mod add_version;
pub use add_version::{AddVersion, provide_upload_state};

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
pub use browser::stay_for_files;
/// Stands in for the browser's part on the server and does nothing.
#[cfg(not(feature = "hydrate"))]
mod browser {
    use leptos::prelude::RwSignal;

    use super::upload_state::UploadState;

    pub(super) fn accept_files(_: UploadState) {}
    pub(super) fn choose(_: UploadState, _: &leptos::ev::Event) {}
    pub(super) fn open_chooser() -> bool {
        false
    }
    pub(super) fn focus_add_version() {}
    pub(super) fn upload(_: UploadState) {}
    pub(super) fn cancel_upload(_: UploadState) {}
    pub(super) fn discard(_: UploadState) {}
    pub(super) fn copy(_: &str, _: RwSignal<&'static str>) {}
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
