//! Prints sign-in links to the terminal that the console was started from, never to a log or a page.

use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::settings::PublicUrl;
use crate::web::sign_in_url;

/// Minimum interval between links, since anyone can request one.
const PAUSE: Duration = Duration::from_secs(10);

/// The terminal.
pub struct Links {
    terminal: Mutex<Box<dyn Write + Send>>,
    last: Mutex<Option<Last>>,
}

/// When a link was last requested, and whether it was printed.
struct Last {
    at: Instant,
    printed: bool,
}

/// The decision about a request for a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// No recent request: create a link.
    Yours,
    /// A link was printed a moment ago.
    Printed,
    /// A link was requested a moment ago but is not printed: creating it failed or is in progress.
    NotPrinted,
}

impl Links {
    pub fn new(terminal: impl Write + Send + 'static) -> Links {
        Links { terminal: Mutex::new(Box::new(terminal)), last: Mutex::new(None) }
    }

    /// Decides about a request. After [`Turn::Yours`], other requests are refused for a while.
    pub fn turn(&self) -> Turn {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match last.as_ref().filter(|last| last.at.elapsed() < PAUSE) {
            Some(Last { printed: true, .. }) => Turn::Printed,
            Some(Last { printed: false, .. }) => Turn::NotPrinted,
            None => {
                *last = Some(Last { at: Instant::now(), printed: false });
                Turn::Yours
            }
        }
    }

    /// Prints the link of a stored token. Returns `false` when the terminal is closed; the console continues to serve.
    pub fn print(&self, public_url: &PublicUrl, token: &str) -> bool {
        let link = public_url.join(&sign_in_url::with_token(token));
        let mut terminal = self.terminal.lock().unwrap_or_else(PoisonError::into_inner);
        let written =
            writeln!(terminal, "One-time sign-in link, valid for 15 minutes: {link}").and_then(|()| terminal.flush());
        if let Some(last) = self.last.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            last.printed = written.is_ok();
        }
        written.is_ok()
    }
}
