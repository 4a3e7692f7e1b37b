//! Everything that speaks HTTP. [`router`] is the table of contents; the work is behind it, in the platform.

mod router;

mod state;

pub mod site;

mod pages;
mod plain;

mod guard;

mod health;

pub mod listen;

pub use router::router;
pub use site::Site;
pub use state::Web;
