//! The server functions that pages call, and the traits behind them; one file has both for one noun. Each function
//! identifies its caller first, then calls [`Platform`], which the server implements and provides in context.
//!
//! Every method of these traits authorizes its caller first. It fails with [`ErrorKind::NotFound`] when the caller may
//! not see the object, and with [`ErrorKind::Forbidden`] when they may see it but not perform the action.
//!
//! [`ErrorKind::NotFound`]: crate::error::ErrorKind::NotFound
//! [`ErrorKind::Forbidden`]: crate::error::ErrorKind::Forbidden

#[cfg(feature = "ssr")]
mod answer;

mod frame;
pub use frame::*;

mod runtimes;
pub use runtimes::*;

mod versions;
pub use versions::*;

mod configuration;
pub use configuration::*;

mod actions;
pub use actions::*;

mod activity;
pub use activity::*;

mod tabs;
pub use tabs::*;

/// The operations of the console: the traits of all nouns.
#[cfg(feature = "ssr")]
pub trait Platform:
    Frames
    + Runtimes
    + Versions
    + Configurations
    + VersionActions
    + Activity
    + Logs
    + Objects
    + Manifests
    + Nodes
    + Send
    + Sync
    + 'static
{
}
