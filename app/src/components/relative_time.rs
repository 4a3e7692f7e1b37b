//! A moment.

use leptos::prelude::*;

use crate::model::Timestamp;
use crate::timestamp;

/// A moment: in UTC as the server wrote it, in local words once the browser has taken the page over; whole in its title.
#[component]
pub fn RelativeTime(at: Timestamp) -> impl IntoView {
    let text = RwSignal::new(timestamp::utc(at));
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| text.set(timestamp::local(at)));
    view! {
        <time datetime=timestamp::iso(at) title=timestamp::utc(at)>
            {text}
        </time>
    }
}
