//! Coming to another page without a load: what a browser does by itself then, for those who do not see it.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Says the title of the page that one came to, and gives it the focus where the way there took it away.
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

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use leptos::prelude::*;
    use wasm_bindgen::JsCast;

    /// Between two looks for the new page's heading, which comes with its data.
    const LOOK_AGAIN: Duration = Duration::from_millis(50);
    /// Ten seconds: a page that takes longer says so by what it shows.
    pub(super) const MOST_LOOKS: u32 = 200;

    pub(super) fn arrive(path: Memo<String>, to: String, said: RwSignal<String>, looks: u32) {
        set_timeout(
            move || {
                // One has gone on, or there is no page any more.
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

    /// Gives the heading the focus when nothing else has it: a tab that was followed is still there, and keeps it.
    fn focus(heading: &web_sys::Element) {
        let focused = document().active_element();
        if focused.is_some_and(|focused| focused.tag_name() != "BODY") {
            return;
        }
        let _ = heading.set_attribute("tabindex", "-1");
        if let Some(heading) = heading.dyn_ref::<web_sys::HtmlElement>() {
            let options = web_sys::FocusOptions::new();
            // Where one was scrolled to when going back stays.
            options.set_prevent_scroll(true);
            let _ = heading.focus_with_options(&options);
        }
    }
}
