//! Components shared by several pages.

mod actions;
pub use actions::Actions;

mod activity;
pub use activity::ActivityTable;

mod badge;
pub use badge::StatusBadge;

mod error_view;
pub use error_view::{ErrorView, FormAlert};

mod failure;
pub use failure::FailureCard;

mod field;
pub use field::Field;

pub mod icon;
pub use icon::Icon;

mod list;
pub use list::{Pager, Table};

mod text_area;
pub use text_area::TextArea;

pub mod diagnostic_text;

mod top_bar;
pub use top_bar::{BareBar, TopBar};

mod relative_time;
pub use relative_time::RelativeTime;
