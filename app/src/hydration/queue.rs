//! The queue of the parts that are not hydrated yet.

use std::cell::RefCell;
use std::collections::VecDeque;

use js_sys::Promise;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

type Task = Box<dyn FnOnce()>;

thread_local! {
    static PARTS: RefCell<VecDeque<Task>> = const { RefCell::new(VecDeque::new()) };
    /// Tasks for the end of the hydration; `None` after it.
    static AFTERWARDS: RefCell<Option<Vec<Task>>> = const { RefCell::new(Some(Vec::new())) };
}

#[wasm_bindgen]
extern "C" {
    /// `scheduler.yield()`, which web-sys does not have; fails where the browser does not have it either.
    #[wasm_bindgen(catch, js_namespace = scheduler, js_name = "yield")]
    fn scheduler_yield() -> Result<Promise, JsValue>;
}

/// Lets the browser handle input and paint before the current task continues.
async fn give_way() {
    let turn = scheduler_yield().unwrap_or_else(|_| {
        Promise::new(&mut |resolve, _| {
            let _ = window().set_timeout_with_callback(&resolve);
        })
    });
    let _ = JsFuture::from(turn).await;
}

/// Hydrates the page with `page`, then the queued parts, each in a task of its own.
pub fn spawn_hydration(page: impl FnOnce() + 'static) {
    spawn_local(async move {
        give_way().await;
        // Queued first, so that the parts follow even if the page fails to hydrate.
        spawn_local(next_part());
        page();
    });
}

/// Adds a part to the queue; `hydrate` runs in its turn.
pub(super) fn push(hydrate: impl FnOnce() + 'static) {
    PARTS.with_borrow_mut(|parts| parts.push_back(Box::new(hydrate)));
}

async fn next_part() {
    give_way().await;
    let Some(part) = PARTS.with_borrow_mut(VecDeque::pop_front) else {
        for task in AFTERWARDS.take().unwrap_or_default() {
            task();
        }
        return;
    };
    // A part that panics must not end the queue.
    spawn_local(next_part());
    part();
}

/// Runs the task once the whole page is hydrated, or now if it is.
pub fn when_hydrated(task: impl FnOnce() + 'static) {
    let mut task = Some(task);
    AFTERWARDS.with_borrow_mut(|afterwards| {
        if let Some(tasks) = afterwards
            && let Some(task) = task.take()
        {
            tasks.push(Box::new(task));
        }
    });
    if let Some(task) = task {
        task();
    }
}
