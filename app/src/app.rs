//! The HTML document and the routes of all pages.

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Redirect, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::pages;
use crate::pages::version::{ActionTab, ConfigurationTab, HistoryTab, LogTab, ManifestTab, ObjectsTab, WorkflowsTab};
use crate::paths;
use crate::scripts::Scripts;

/// The document around the pages; only the server renders it.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <HashedStylesheet options=options.clone() />
                <Scripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Every page of the console.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=document_title />
        <Router>
            <Routes fallback=pages::not_found::NotFoundPage>
                <Route path=path!("") view=|| view! { <Redirect path=paths::RUNTIMES /> } ssr=SsrMode::Async />
                <Route path=path!("sign-in") view=pages::sign_in::SignInPage ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=pages::frame::FramedPage ssr=SsrMode::Async>
                    <Route path=path!("runtimes") view=pages::runtimes::RuntimesPage ssr=SsrMode::Async />
                    <Route path=path!("runtimes/new") view=pages::new_runtime::NewRuntimePage ssr=SsrMode::Async />
                    <Route path=path!("runtimes/:runtime") view=pages::runtime::RuntimePage ssr=SsrMode::Async />
                    <Route path=path!("runtimes/:runtime/new-version") view=pages::new_version::NewVersionPage ssr=SsrMode::Async />
                    <ParentRoute path=path!("runtimes/:runtime/versions/:version") view=pages::version::VersionPage ssr=SsrMode::Async>
                        <Route path=path!("") view=WorkflowsTab ssr=SsrMode::Async />
                        <Route path=path!("configuration") view=ConfigurationTab ssr=SsrMode::Async />
                        <Route path=path!("log") view=LogTab ssr=SsrMode::Async />
                        <Route path=path!("objects") view=ObjectsTab ssr=SsrMode::Async />
                        <Route path=path!("manifest") view=ManifestTab ssr=SsrMode::Async />
                        <Route path=path!("history") view=HistoryTab ssr=SsrMode::Async />
                        <Route path=path!("actions/:action") view=ActionTab ssr=SsrMode::Async />
                    </ParentRoute>
                    <Route path=path!("audit") view=pages::audit::AuditPage ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// Appends the console's name to a page's title. On the server the title is escaped here, because `leptos_meta` writes
/// it unescaped and it contains names of runtimes and parts of the URL. In the browser it is plain text.
fn document_title(title: String) -> String {
    let title = if title.is_empty() { "KRT Console".to_owned() } else { format!("{title} · KRT Console") };
    if cfg!(feature = "ssr") { title.replace('&', "&amp;").replace('<', "&lt;") } else { title }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_escaped() {
        assert_eq!(document_title("</title><b>&".to_owned()), "&lt;/title>&lt;b>&amp; · KRT Console");
        assert_eq!(document_title(String::new()), "KRT Console");
    }
}
