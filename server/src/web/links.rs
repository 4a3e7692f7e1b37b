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
    last: Mutex<Option<Last>>,
}

/// When a link was last asked for, and whether it was printed.
struct Last {
    at: Instant,
    printed: bool,
}

/// What becomes of somebody who asks for a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nobody asked a moment ago: make one.
    Yours,
    /// One was printed a moment ago.
    Printed,
    /// One was asked for a moment ago, and is not printed: it could not be made, or is being made.
    NotPrinted,
}

impl Links {
    pub fn new(terminal: impl Write + Send + 'static) -> Links {
        Links { terminal: Mutex::new(Box::new(terminal)), last: Mutex::new(None) }
    }

    /// Whose turn it is; after [`Turn::Yours`] nobody else's for a while.
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

    /// Prints the link of a token that is stored; `false`: the terminal is closed, which is no reason not to serve.
    pub fn print(&self, public_url: &PublicUrl, token: &str) -> bool {
        let link = public_url.join(&session::sign_in_link(token));
        let mut terminal = self.terminal.lock().unwrap_or_else(PoisonError::into_inner);
        let written = writeln!(terminal, "Sign in within 15 minutes, once: {link}").and_then(|()| terminal.flush());
        if let Some(last) = self.last.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            last.printed = written.is_ok();
        }
        written.is_ok()
    }
}
