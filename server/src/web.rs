//! The HTTP layer. [`router`] lists all routes; the operations behind them are in the platform.

mod router;

mod state;

pub mod site;

pub mod listen;

mod guard;

mod drain;

mod load;

mod session;

mod sign_in;

mod sign_in_url;

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

mod health;

pub use links::Links;
pub use load::Load;
pub use router::{Access, Route, router};
pub use site::Site;
pub use state::{Inner, Web};
pub use streams::Streams;
