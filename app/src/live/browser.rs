//! The event stream in the browser: who of its tabs reads it, and how they pass it on.
//!
//! Web Locks elect the reader: the tab that is given the lock keeps it until it closes, and then the next one has it.
//! Where there are none (plain HTTP on a name other than localhost), every tab reads for itself.

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
    /// `navigator.locks.request`, by hand: web-sys has Web Locks only behind a compiler flag.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "locks"], js_name = request)]
    fn request_lock(name: &str, granted: &Function) -> Result<Promise, JsValue>;
}

/// What the channel calls for every message.
type Heard = Closure<dyn FnMut(MessageEvent)>;

/// This tab's end: its part, and the channel to the others.
struct Connection {
    tab: RefCell<Tab>,
    live: Live,
    channel: Option<BroadcastChannel>,
    /// Gives the lock back when called; set once it was granted.
    release: RefCell<Option<Function>>,
    /// The closure that the channel calls.
    heard: RefCell<Option<Heard>>,
}

impl Connection {
    fn run(&self, effects: Vec<Step>) {
        for effect in effects {
            match effect {
                Step::Apply(data) => match serde_json::from_str(&data) {
                    Ok(event) => self.live.apply(event),
                    // From a newer server: the page would miss what it means.
                    Err(_) => self.live.read_again(),
                },
                Step::Post(message) => self.post(&message),
                Step::ReadAgain => self.live.read_again(),
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
        let message = event.data().as_string().and_then(|text| serde_json::from_str(&text).ok());
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

/// Connects this tab, whose page was rendered at `position`, until the owner is cleaned up.
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
    // The stream belongs to an effect, so that it ends with its owner.
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

/// Sets `elected` once this tab is the one to read. The lock is held until [`Connection::close`], or the tab's end.
fn ask_for_the_lock(connection: &Rc<Connection>, elected: RwSignal<bool>) {
    let weak = Rc::downgrade(connection);
    let granted = Closure::once_into_js(move |_lock: JsValue| -> Promise {
        Promise::new(&mut |resolve, _| {
            // Granted after the page was left: give it back at once.
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
