//! A timestamp.

use leptos::html;
use leptos::prelude::*;

use crate::model::Timestamp;
use crate::timestamp;

/// A timestamp: in UTC as rendered by the server, in local time after hydration.
#[component]
pub fn RelativeTime(at: Timestamp) -> impl IntoView {
    let time = NodeRef::<html::Time>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        if let Some(time) = time.get() {
            timestamp::localize(&time);
        }
    });
    view! {
        <time node_ref=time datetime=timestamp::iso(at) title=timestamp::utc(at)>
            {timestamp::utc(at)}
        </time>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn without_scripts_a_time_is_in_utc_and_says_so() {
        let html = Owner::new().with(|| view! { <RelativeTime at=Timestamp(1_795_253_467_999) /> }.to_html());
        assert!(html.contains(">21 Nov 2026, 09:31 UTC<"), "{html}");
        assert!(html.contains("datetime=\"2026-11-21T09:31:07Z\""), "{html}");
    }
}
