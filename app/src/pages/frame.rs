//! The frame around every page of a signed-in user: the top bar and the contexts that all pages share.

use leptos::prelude::*;
use leptos_router::components::Outlet;

use super::route_announcer::RouteAnnouncer;
use crate::api;
use crate::components::{BareBar, TopBar};
use crate::drafts::Drafts;
use crate::error::Error;
use crate::live::Live;
use crate::model::Frame;
use crate::resource::{PageData, page_data};

/// The caller and the state of the cluster: read once, then kept current by the live stream.
pub type FrameResource = PageData<Result<Frame, Error>>;

#[component]
pub fn FramedPage() -> impl IntoView {
    view! {
        <Framed>
            <Outlet />
        </Framed>
    }
}

/// The frame around any children.
#[component]
pub fn Framed(children: Children) -> impl IntoView {
    provide_context(Live::new());
    provide_context(Drafts::new());
    let frame = read_frame();
    provide_context(frame);
    view! {
        <a class="skip" href="#main">
            "Skip to content"
        </a>
        <Suspense>
            {move || Suspend::new(async move {
                match frame.await {
                    Ok(frame) => view! { <TopBar frame /> }.into_any(),
                    Err(_) => view! { <BareBar /> }.into_any(),
                }
            })}
        </Suspense>
        {children()}
        <RouteAnnouncer />
    }
}

#[inline(never)]
fn read_frame() -> FrameResource {
    page_data(|| (), |()| api::get_frame())
}

/// The frame's data from context; outside of a frame, a new resource that reads it.
pub fn use_frame() -> FrameResource {
    use_context::<FrameResource>().unwrap_or_else(read_frame)
}
