//! The status of a version, by color, sign and word.

use leptos::prelude::*;

use super::icon::{self, Icon};
use crate::labels::{self, Tone};
use crate::model::VersionLive;

/// The badge of a version's status; follows the live stream.
#[component]
pub fn StatusBadge(#[prop(into)] live: Signal<VersionLive>) -> impl IntoView {
    // One memo for color, sign and word, so that unrelated changes of the version re-render nothing.
    let said = Memo::new(move |_| live.with(labels::status));
    let sign = move || match said.get().0 {
        Tone::Quiet => icon::STILL,
        Tone::Ok => icon::CHECK,
        Tone::Published => icon::UP,
        Tone::Busy => icon::BUSY,
        Tone::Bad => icon::CROSS,
    };
    view! {
        <span class=move || said.get().0.class() data-status=move || live.with(|live| live.status().as_str())>
            {move || view! { <Icon of=sign() /> }}
            <span>{move || said.get().1}</span>
        </span>
    }
}
