//! A moment.

use leptos::prelude::*;

use crate::model::Timestamp;
use crate::moment;

/// A moment: in UTC as the server wrote it, in local words once the browser has taken the page over; whole in its title.
#[component]
pub fn When(at: Timestamp) -> impl IntoView {
    let text = RwSignal::new(moment::utc(at));
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| text.set(moment::local(at)));
    view! {
        <time datetime=moment::iso(at) title=moment::utc(at)>
            {text}
        </time>
    }
}
