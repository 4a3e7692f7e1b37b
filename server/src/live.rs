//! Server side of the live stream: the hub numbers and keeps events, the announcer derives events from changes.

mod hub;
mod view;

mod announcer;

pub use announcer::announce;
pub use hub::{Announcement, Hub};
pub use view::{in_a_list, version_live};

#[cfg(test)]
mod tests;
