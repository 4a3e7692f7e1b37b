//! All routes of the console, from its router, so that new routes are tested automatically.

use clap::{Args, Command, FromArgMatches};
use server::settings::{PublicUrl, Settings};
use server::web::{self, Links, Route};
use tokio_util::sync::CancellationToken;

pub fn all() -> Vec<Route> {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let arguments = ["test", "--site", "/nowhere", "--data", data.to_str().expect("UTF-8")];
    let command = Settings::augment_args(Command::new("test")).mut_args(|argument| argument.env(None::<&str>));
    let settings = Settings::from_arg_matches(&command.get_matches_from(arguments)).expect("options");
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    runtime.block_on(async {
        let started = server::start::start(&settings).await.expect("a console");
        let url: PublicUrl = "http://console.test".parse().expect("a URL");
        let (_, mut routes) =
            web::router(started.web(&settings, url, Links::new(std::io::sink()), CancellationToken::new()));
        started.end().await;
        routes.sort();
        assert!(routes.len() > 30, "the routes were not found: {routes:?}");
        routes
    })
}

/// The path of an existing object: runtime `demo` with version `v1`.
pub fn path(route: &Route) -> String {
    let parameters = [
        ("{runtime}", "demo"),
        ("{version}", "v1"),
        ("{action}", "start"),
        ("{file}", "v1.krt"),
        ("{uid}", "0"),
        ("{code}", "name-form"),
        ("{name}", "GREETING"),
    ];
    parameters.iter().fold(route.path.clone(), |path, (name, value)| path.replace(name, value))
}
