//! Reads the event stream and reconnects after errors.

use std::rc::Rc;

use futures::{StreamExt, stream};
use gloo_net::eventsource::futures::EventSource;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::Connection;
use crate::live::Link;
use crate::paths;

/// Delays between attempts in milliseconds; the last one repeats. A restarting server is back within a second or two;
/// one that was away for longer must not be flooded with connections when it returns.
const BACKOFF: [u32; 6] = [250, 500, 1_000, 2_000, 5_000, 10_000];
/// From this attempt on (about 4 seconds after the interruption), the page counts as out of date.
const STALE: usize = 4;

/// Reads the stream until the future is dropped.
pub async fn read(connection: Rc<Connection>) {
    let mut attempt = 0;
    loop {
        if read_once(&connection).await {
            attempt = 0;
        }
        let link = if attempt < STALE { Link::Reconnecting } else { Link::Stale };
        let effects = connection.tab.borrow_mut().link(link);
        connection.run(effects);
        sleep(BACKOFF[attempt.min(BACKOFF.len() - 1)]).await;
        attempt += 1;
    }
}

/// Reads one connection to its end; returns whether it opened. The browser's own reconnecting is not used: it waits for
/// long and does not report its state.
async fn read_once(connection: &Rc<Connection>) -> bool {
    let url = format!("{}?after={}", paths::EVENTS, connection.tab.borrow().position());
    let Ok(mut source) = EventSource::new(&url) else { return false };
    let (Ok(opened), Ok(failed), Ok(events)) =
        (source.subscribe("open"), source.subscribe("error"), source.subscribe("message"))
    else {
        return false;
    };
    let mut items = stream::select(stream::select(opened, failed), events);
    let mut was_open = false;
    while let Some(item) = items.next().await {
        let effects = match item {
            Ok((kind, _)) if kind == "open" => {
                was_open = true;
                connection.tab.borrow_mut().link(Link::Live)
            }
            Ok((kind, event)) if kind == "message" => match event.data().as_string() {
                Some(data) => connection.tab.borrow_mut().event(&event.last_event_id(), data),
                None => Vec::new(),
            },
            _ => break,
        };
        connection.run(effects);
    }
    was_open
}

async fn sleep(milliseconds: u32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds.cast_signed());
        }
    });
    let _: Result<JsValue, JsValue> = JsFuture::from(promise).await;
}
