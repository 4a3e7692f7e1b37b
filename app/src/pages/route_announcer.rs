//! Announces client-side navigation to screen readers and moves the focus, as a browser does when it loads a page.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Announces the title of the new page, and focuses its heading when the focus was lost on the way.
#[component]
pub fn RouteAnnouncer() -> impl IntoView {
    let path = use_location().pathname;
    let said = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            said.set(String::new());
            browser::arrive(path, now.clone(), said, browser::MOST_LOOKS);
        }
        now
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = path;
    view! {
        <p class="unseen" role="status">
            {said}
        </p>
    }
}

/// Focuses the page's heading should the focused element go within the next seconds: a taken action replaces the link
/// that opened its form as soon as the page learns the new status.
pub fn focus_heading_when_lost() {
    #[cfg(feature = "hydrate")]
    browser::watch_focus(browser::MOST_LOOKS / 2);
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use leptos::prelude::*;
    use wasm_bindgen::JsCast;

    /// Time between two checks for the new page's heading, which is rendered with the page's data.
    const LOOK_AGAIN: Duration = Duration::from_millis(50);
    /// Checks until the announcer gives up: 10 seconds in all; a page that takes longer shows that it is loading.
    pub(super) const MOST_LOOKS: u32 = 200;

    pub(super) fn arrive(path: Memo<String>, to: String, said: RwSignal<String>, looks: u32) {
        set_timeout(
            move || {
                // The user has navigated on, or the page is gone.
                if path.try_get_untracked().as_ref() != Some(&to) {
                    return;
                }
                match document().query_selector("h1") {
                    Ok(Some(heading)) => {
                        focus(&heading);
                        said.set(document().title());
                    }
                    _ if looks > 0 => arrive(path, to, said, looks - 1),
                    _ => {}
                }
            },
            LOOK_AGAIN,
        );
    }

    pub(super) fn watch_focus(looks: u32) {
        set_timeout(
            move || {
                let is_done = matches!(document().query_selector("h1"), Ok(Some(heading)) if focus(&heading));
                if looks > 0 && !is_done {
                    watch_focus(looks - 1);
                }
            },
            LOOK_AGAIN,
        );
    }

    /// Focuses the heading when no other element has the focus: a followed tab is still on the page and keeps it. Returns
    /// whether it did.
    fn focus(heading: &web_sys::Element) -> bool {
        let focused = document().active_element();
        if focused.is_some_and(|focused| focused.tag_name() != "BODY") {
            return false;
        }
        let _ = heading.set_attribute("tabindex", "-1");
        if let Some(heading) = heading.dyn_ref::<web_sys::HtmlElement>() {
            let options = web_sys::FocusOptions::new();
            // Keeps the scroll position that the browser restores when going back.
            options.set_prevent_scroll(true);
            let _ = heading.focus_with_options(&options);
        }
        true
    }
}
