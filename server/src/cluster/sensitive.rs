//! A setting that may hold a password: it is handed on, and never printed.

use std::fmt;

/// Text that only [`Sensitive::reveal`] gives away: neither a log line nor an error that prints the settings has it.
#[derive(Clone, PartialEq, Eq)]
pub struct Sensitive(String);

impl Sensitive {
    /// The text itself, for what has to use it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Sensitive {
    fn from(text: &str) -> Sensitive {
        Sensitive(text.to_owned())
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("(hidden)")
    }
}
