//! What every request passes on its way in and every response on its way out, outermost first.

mod trace;

mod headers;

mod origin;

mod body;

pub use body::{CONFIGURATION_BODY, SMALL_BODY, collect, read_body};
pub use headers::secure;
pub use origin::same_origin;
pub use trace::trace;
