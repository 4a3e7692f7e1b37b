//! What the cluster holds for a version.

use leptos::prelude::*;

use super::use_here;
use crate::components::ErrorView;
use crate::doors;
use crate::model::ClusterObject;
use crate::words;

#[component]
pub fn ObjectsTab() -> impl IntoView {
    let objects =
        Resource::new(use_here().with_status(), |(runtime, version, _)| doors::list_objects(runtime, version));
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match objects.await {
                    Ok(objects) => view! { <Objects objects /> }.into_any(),
                    Err(error) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Objects(objects: Vec<ClusterObject>) -> impl IntoView {
    if objects.is_empty() {
        return view! {
            <section class="empty" aria-labelledby="empty-title">
                <h2 id="empty-title">"Nothing in the cluster"</h2>
                <p>"Once it is started, every Kubernetes object of this version stands here as the cluster holds it."</p>
            </section>
        }
        .into_any();
    }
    let count = words::count(objects.len(), "object");
    let items = objects.into_iter().map(|object| {
        let label = format!("{} {}", object.kind, object.name);
        view! {
            <details>
                <summary>
                    <span class="kind">{object.kind}</span>
                    <code>{object.name}</code>
                </summary>
                <pre class="yaml" tabindex="0" role="group" aria-label=label>
                    {object.yaml}
                </pre>
            </details>
        }
    });
    view! {
        <section class="card objects" aria-labelledby="objects-title">
            <header>
                <div>
                    <h2 id="objects-title">"Objects"</h2>
                    <p class="quiet">{count} " in the cluster now, as it holds them"</p>
                </div>
            </header>
            {items.collect_view()}
        </section>
    }
    .into_any()
}
