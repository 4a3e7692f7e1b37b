//! The event stream in the browser: which tab reads it, and how the tabs share it.
//!
//! Web Locks elect the reader: a tab holds the lock until it closes, then another tab receives it. Where Web Locks are
//! not available (plain HTTP on a host other than localhost), every tab reads the stream itself.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

use super::Live;
use super::position::Position;
use super::tab::{Message, Step, Tab};

mod stream;

/// The name of the lock and of the channel.
const NAME: &str = "krt-console-live";

#[wasm_bindgen]
extern "C" {
    /// `navigator.locks.request`, declared here because web-sys has Web Locks only behind a compiler flag.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "locks"], js_name = request)]
    fn request_lock(name: &str, granted: &Function) -> Result<Promise, JsValue>;
}

/// The callback for messages on the channel.
type Heard = Closure<dyn FnMut(MessageEvent)>;

/// This tab's connection: its state machine, and the channel to the other tabs.
struct Connection {
    tab: RefCell<Tab>,
    live: Live,
    channel: Option<BroadcastChannel>,
    /// Releases the lock when called; set once the lock is granted.
    release: RefCell<Option<Function>>,
    /// Keeps the channel's callback alive.
    heard: RefCell<Option<Heard>>,
}

impl Connection {
    fn run(&self, effects: Vec<Step>) {
        for effect in effects {
            match effect {
                Step::Apply(data) => match serde_json::from_slice(data.as_bytes()) {
                    Ok(event) => self.live.apply(event),
                    // An event of a newer server, which this page cannot apply.
                    Err(_) => self.live.reload(),
                },
                Step::Post(message) => self.post(&message),
                Step::Reload => self.live.reload(),
                Step::Show(link) => self.live.link.set(link),
            }
        }
    }

    fn post(&self, message: &Message) {
        if let (Some(channel), Ok(text)) = (&self.channel, serde_json::to_string(message)) {
            let _ = channel.post_message(&text.into());
        }
    }

    fn hear(&self, event: &MessageEvent) {
        let message = event.data().as_string().and_then(|text| serde_json::from_slice(text.as_bytes()).ok());
        if let Some(message) = message {
            let effects = self.tab.borrow_mut().message(message);
            self.run(effects);
        }
    }

    fn close(&self) {
        if let Some(channel) = &self.channel {
            channel.set_onmessage(None);
            channel.close();
        }
        if let Some(release) = self.release.borrow_mut().take() {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
        self.heard.borrow_mut().take();
    }
}

/// Connects this tab, whose page was rendered at `position`, until its owner is cleaned up.
pub fn connect(live: Live, position: &str) {
    let Some(position) = Position::parse(position) else { return };
    let (tab, hello) = Tab::new(position);
    let connection = Rc::new(Connection {
        tab: RefCell::new(tab),
        live,
        channel: BroadcastChannel::new(NAME).ok(),
        release: RefCell::new(None),
        heard: RefCell::new(None),
    });
    listen(&connection);
    connection.run(hello);

    let elected = RwSignal::new(false);
    ask_for_the_lock(&connection, elected);
    let kept = StoredValue::new_local(connection.clone());
    on_cleanup(move || {
        kept.try_with_value(|connection| connection.close());
    });
    // The stream runs in an effect, so that it ends with the owner.
    Effect::new(move |_| {
        if elected.get()
            && let Some(connection) = kept.try_get_value()
        {
            let effects = connection.tab.borrow_mut().lead();
            connection.run(effects);
            leptos::reactive::spawn_local_scoped_with_cancellation(stream::read(connection));
        }
    });
}

fn listen(connection: &Rc<Connection>) {
    let Some(channel) = &connection.channel else { return };
    let weak = Rc::downgrade(connection);
    let heard = Heard::new(move |event| {
        if let Some(connection) = weak.upgrade() {
            connection.hear(&event);
        }
    });
    channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    connection.heard.replace(Some(heard));
}

/// Sets `elected` once this tab is the reader. The lock is held until [`Connection::close`] or until the tab closes.
fn ask_for_the_lock(connection: &Rc<Connection>, elected: RwSignal<bool>) {
    let weak = Rc::downgrade(connection);
    let granted = Closure::once_into_js(move |_lock: JsValue| -> Promise {
        Promise::new(&mut |resolve, _| {
            // Granted after the page was left: release the lock at once.
            let Some(connection) = weak.upgrade() else {
                let _ = resolve.call0(&JsValue::UNDEFINED);
                return;
            };
            connection.release.replace(Some(resolve));
            let _ = elected.try_set(true);
        })
    });
    let asked = connection.channel.is_some().then(|| request_lock(NAME, granted.unchecked_ref()));
    if !matches!(asked, Some(Ok(_))) {
        elected.set(true);
    }
}
