//! A package on its way in: read and checked in the browser, shown with its problems, uploaded as a version.

mod add_version;
pub use add_version::AddVersion;

mod report_view;
pub use report_view::ReportView;
