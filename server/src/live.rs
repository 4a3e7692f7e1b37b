//! The live stream's server side: a hub that numbers and keeps events, and the announcer that makes them out of changes.

mod hub;
mod view;

mod announcer;

pub use announcer::announce;
pub use hub::{Announcement, Hub};
pub use view::{in_a_list, version_live};

#[cfg(test)]
mod tests;
