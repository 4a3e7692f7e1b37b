//! Middleware that all requests and responses pass, outermost first.

mod trace;

mod headers;

mod origin;

mod address;

mod fields;

mod limits;

mod body;

pub use address::{known_host, short_address};
pub use body::{Unread, announced, collect, read_body};
pub use fields::{FormField, is_form};
pub use headers::{RETRY_AFTER, secure};
pub use limits::BodyLimits;
pub use origin::same_origin;
pub use trace::trace;
