//! Where sign-in links are printed: the terminal that the console was started from, never a log or a page.

use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::settings::PublicUrl;
use crate::web::session;

/// Anybody may ask for a link, so the terminal is not filled faster than this.
const PAUSE: Duration = Duration::from_secs(10);

/// The terminal.
pub struct Links {
    terminal: Mutex<Box<dyn Write + Send>>,
    last: Mutex<Option<Instant>>,
}

impl Links {
    pub fn new(terminal: impl Write + Send + 'static) -> Links {
        Links { terminal: Mutex::new(Box::new(terminal)), last: Mutex::new(None) }
    }

    /// Whether enough time has passed since a link was last asked for.
    pub fn may_print(&self) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let may = last.is_none_or(|last| last.elapsed() >= PAUSE);
        if may {
            *last = Some(Instant::now());
        }
        may
    }

    pub fn print(&self, public_url: &PublicUrl, token: &str) {
        let link = public_url.join(&session::sign_in_link(token));
        let mut terminal = self.terminal.lock().unwrap_or_else(PoisonError::into_inner);
        // A closed terminal is no reason not to serve.
        let _ = writeln!(terminal, "Sign in within 15 minutes, once: {link}").and_then(|()| terminal.flush());
    }
}
