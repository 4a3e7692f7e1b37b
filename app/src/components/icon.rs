//! Icons, drawn in the color of the text beside them.

use leptos::prelude::*;

/// The icon's strokes as SVG path data in a 16 by 16 box.
pub type Strokes = &'static str;

pub const CHECK: Strokes = "M3 8.5 6.5 12 13 4.5";
pub const CROSS: Strokes = "M4 4l8 8M12 4l-8 8";
pub const UP: Strokes = "M8 13V3.5M3.5 8 8 3.5 12.5 8";
pub const STILL: Strokes = "M4 4h8v8H4z";
pub const BUSY: Strokes = "M8 2.5A5.5 5.5 0 1 1 2.5 8";
pub const ARCHIVE: Strokes = "M2.5 3h11v3h-11zM3.5 6v7h9V6M6.5 9h3";
pub const WARNING: Strokes = "M8 2 14.5 13.5h-13zM8 6.5v3M8 11.4v.2";
pub const NEXT: Strokes = "M6 3.5 10.5 8 6 12.5";
pub const DOWN: Strokes = "M8 2.5v8M4.5 7 8 10.5 11.5 7M3 13.5h10";
pub const PLUS: Strokes = "M8 3v10M3 8h10";
pub const COPY: Strokes = "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3";

/// An icon; always used beside a word of the same meaning.
#[component]
pub fn Icon(of: Strokes) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d=of></path>
        </svg>
    }
}
