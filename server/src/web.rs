//! Everything that speaks HTTP. [`router`] is the table of contents; the work is behind it, in the platform.

mod router;

mod state;

pub mod site;

pub mod listen;

mod guard;

mod drain;

mod load;

mod session;

mod sign_in;

pub mod links;

mod pages;

mod api;

mod form;

mod expired;

mod static_page;

mod layout_page;

mod rules;

mod runtimes;

mod versions;

mod upload;

mod light;

mod downloads;

mod graph;

mod events;

mod streams;

mod internal;

mod health;

pub use links::Links;
pub use load::Load;
pub use router::{Access, Route, router};
pub use site::Site;
pub use state::{Inner, Web};
pub use streams::Streams;
