//! A timestamp.

use leptos::prelude::*;

use crate::model::Timestamp;
use crate::timestamp;

/// A timestamp: in UTC as rendered by the server, in local time after hydration; the title has the full UTC time.
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
