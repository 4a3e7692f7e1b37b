//! The Kubernetes objects of a version.

use async_trait::async_trait;
use leptos::prelude::*;

use super::here::{Here, pager, short};
use crate::error::Error;
use crate::labels;
use crate::model::{Caller, ClusterObject, ObjectsPage};

#[async_trait]
pub trait Objects {
    /// Returns a page of this version's objects in the cluster; `after` is [`ObjectsPage::next`] of the previous page.
    async fn list_objects(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        after: &str,
    ) -> Result<ObjectsPage, Error>;
}

pub(super) fn html(page: ObjectsPage, here: &Here<'_>) -> String {
    let ObjectsPage { objects, next, is_first, namespace } = page;
    if objects.is_empty() && is_first && next.is_none() {
        return view! {
            <section class="empty" aria-labelledby="empty-title">
                <h2 id="empty-title">"Nothing in the cluster"</h2>
                <p>"Once the version is started, this tab shows each of its Kubernetes objects as stored in the cluster."</p>
            </section>
        }
        .to_html();
    }
    let count = labels::count(objects.len(), "object");
    let where_else = if is_first && next.is_none() { "" } else { " on this page" };
    let items = objects.into_iter().map(|object| item(object, &namespace)).collect_view();
    view! {
        <section class="card objects" aria-labelledby="objects-title">
            <header>
                <div>
                    <h2 id="objects-title">"Objects"</h2>
                    <p class="quiet">{format!("{count}{where_else}, as stored in the cluster now")}</p>
                </div>
            </header>
            {items}
            {pager((!is_first).then(|| here.base.clone()), next.map(|next| here.page(&next)))}
        </section>
    }
    .to_html()
}

fn item(object: ClusterObject, namespace: &str) -> impl IntoView + use<> {
    let label = format!("{} {}", object.kind, object.name);
    let rest = object.is_cut.then(|| {
        let (kind, name) = (object.kind.to_lowercase(), &object.name);
        let command = format!("kubectl -n {namespace} get {kind} {name} -o yaml");
        view! { <p class="none">"Too long for this page. To see the whole object: " <code>{command}</code></p> }
    });
    view! {
        <details>
            <summary>
                <span class="kind">{object.kind}</span>
                <code>{short(&object.name)}</code>
            </summary>
            <pre class="yaml" tabindex="0" role="group" aria-label=label>
                {object.yaml}
            </pre>
            {rest}
        </details>
    }
}
