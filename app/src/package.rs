//! A package on its way in: read and checked in the browser, shown with its problems, uploaded as a version.

pub mod excerpt;

mod report_view;
pub use report_view::ReportView;

// On the server nothing ever lies on it.
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
mod desk;
pub use desk::provide_desk;

mod add_version;
pub use add_version::AddVersion;

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
pub use browser::stay_for_files;
/// The browser's part, on the server: there is nothing to do.
#[cfg(not(feature = "hydrate"))]
mod browser {
    use leptos::prelude::RwSignal;

    use super::desk::Desk;

    pub(super) fn accept_files(_: Desk) {}
    pub(super) fn choose(_: Desk, _: &leptos::ev::Event) {}
    pub(super) fn open_chooser() -> bool {
        false
    }
    pub(super) fn upload(_: Desk) {}
    pub(super) fn cancel_upload(_: Desk) {}
    pub(super) fn put_away(_: Desk) {}
    pub(super) fn copy(_: &str, _: RwSignal<&'static str>) {}
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
