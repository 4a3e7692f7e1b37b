//! What a page shows for code that did not arrive.

use leptos::prelude::*;

/// Says that a part of the console did not load: with another attempt, or, after an update of the console, with a reload.
#[component]
pub fn LoadFailed(#[prop(into)] retry: Callback<()>) -> impl IntoView {
    let is_outdated = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    leptos::task::spawn_local(async move {
        let is_it = super::browser::is_outdated().await;
        is_outdated.try_set(is_it);
    });
    view! {
        <section class="lost" role="alert" aria-labelledby="load-failed">
            <h1 id="load-failed">"Part of the console did not load"</h1>
            {move || {
                if is_outdated.get() {
                    view! {
                        <p>"The console was updated after this page was opened. Reload the page to continue."</p>
                        <p>
                            <a class="button" href="" rel="external">
                                "Reload page"
                            </a>
                        </p>
                    }
                        .into_any()
                } else {
                    view! {
                        <p>"Check your connection to the console, then try again."</p>
                        <p>
                            <button type="button" on:click=move |_| retry.run(())>
                                "Try again"
                            </button>
                        </p>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

/// Says below a page that the server rendered that its code did not load. The page stays usable as it is; `retry` runs for
/// another attempt.
#[cfg(feature = "hydrate")]
pub fn retry_on_page(retry: fn()) {
    use std::cell::Cell;
    use std::rc::Rc;

    let Some(body) = document().body() else { return };
    let shown = Rc::new(Cell::new(None));
    let notice = shown.clone();
    let again = move || {
        let notice = notice.clone();
        // Not within the event of a button that goes.
        leptos::task::spawn_local(async move {
            drop(notice.take());
            retry();
        });
    };
    shown.set(Some(leptos::mount::mount_to(body, move || {
        let again = StoredValue::new_local(again);
        view! { <div class="not-loaded"><LoadFailed retry=move |()| again.with_value(|again| again()) /></div> }
    })));
}
