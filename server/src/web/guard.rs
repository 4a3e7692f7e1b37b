//! Middleware that all requests and responses pass, outermost first.

mod trace;

mod headers;

mod host;

mod origin;

mod address;

mod fields;

mod limits;

mod body;

pub use address::short_address;
pub use body::{Unread, announced, collect, read_body};
pub use fields::{FormField, is_form};
pub use headers::{RETRY_AFTER, secure};
pub use host::known_host;
pub use limits::BodyLimits;
pub use origin::same_origin;
pub use trace::trace;
