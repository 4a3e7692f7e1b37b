//! The HTML document and the routes of all pages.

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Redirect, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::pages;
use crate::paths;
use crate::routes::Page;
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
                <link rel="icon" href=icon() type="image/svg+xml" />
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

/// The icon as a URL with its content: one request less for every page.
fn icon() -> String {
    let svg = include_str!("../../public/favicon.svg");
    let svg: String = svg.lines().map(str::trim_start).collect();
    format!("data:image/svg+xml,{}", svg.replace('#', "%23").replace('"', "'"))
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
                <Route path=path!("sign-in") view=Page::SignIn ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=pages::frame::FramedPage ssr=SsrMode::Async>
                    <Route path=path!("runtimes") view=Page::Runtimes ssr=SsrMode::Async />
                    <Route path=path!("runtimes/new") view=Page::NewRuntime ssr=SsrMode::Async />
                    <Route path=path!("runtimes/:runtime") view=Page::Runtime ssr=SsrMode::Async />
                    <Route path=path!("runtimes/:runtime/new-version") view=Page::NewVersion ssr=SsrMode::Async />
                    <ParentRoute path=path!("runtimes/:runtime/versions/:version") view=Page::Version ssr=SsrMode::Async>
                        <Route path=path!("") view=Page::Workflows ssr=SsrMode::Async />
                        <Route path=path!("configuration") view=Page::Configuration ssr=SsrMode::Async />
                        <Route path=path!("log") view=Page::Log ssr=SsrMode::Async />
                        <Route path=path!("objects") view=Page::Objects ssr=SsrMode::Async />
                        <Route path=path!("manifest") view=Page::Manifest ssr=SsrMode::Async />
                        <Route path=path!("history") view=Page::History ssr=SsrMode::Async />
                        <Route path=path!("actions/:action") view=Page::Action ssr=SsrMode::Async />
                    </ParentRoute>
                    <Route path=path!("audit") view=Page::Audit ssr=SsrMode::Async />
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

    #[test]
    fn the_code_of_every_route_is_known() {
        let routes = leptos_axum::generate_route_list(App);
        let paths: Vec<&str> = routes.iter().map(|route| route.path()).filter(|path| *path != "/").collect();
        assert!(paths.len() >= 13, "{paths:?}");
        for path in paths {
            assert!(!Page::at(path).is_empty(), "{path}");
        }
        assert!(Page::at("/nowhere").is_empty());
    }
}
