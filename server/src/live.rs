//! The live stream's server side: a hub that numbers and keeps events, and the announcer that makes them out of changes.

mod hub;

pub use hub::{Announcement, Hub};
