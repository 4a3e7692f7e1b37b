//! The pages of the KRT console, rendered on the server first and hydrated in the browser.
//!
//! Suggested reading order: [`paths`] (every URL), [`model`] (what pages are told), [`platform`] (who tells them),
//! [`error`], then the pages.

pub mod paths;

pub mod model;

#[cfg(feature = "ssr")]
pub mod platform;

pub mod error;
