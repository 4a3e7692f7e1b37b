//! Every URL of the console. Names are lower-case DNS labels by the rules of the format, so nothing here needs
//! escaping.

use krt::lifecycle::Action;

pub const HOME: &str = "/";
pub const SIGN_IN: &str = "/sign-in";
/// Requests a new sign-in link (POST), which is printed to the terminal, not shown.
pub const NEW_SIGN_IN_LINK: &str = "/sign-in/link";
pub const SIGN_OUT: &str = "/sign-out";
/// The list of runtimes; the home page redirects here.
pub const RUNTIMES: &str = "/runtimes";
/// The form that creates a runtime (GET), and its target (POST).
pub const NEW_RUNTIME: &str = "/runtimes/new";
pub const AUDIT: &str = "/audit";
/// The live stream (server-sent events).
pub const EVENTS: &str = "/events";

/// The list of all KRT rules; each rule has a page below this path.
pub const RULES: &str = "/rules";

/// The page of a rule, by its code.
pub fn rule(code: &str) -> String {
    format!("{RULES}/{code}")
}

pub fn runtime(runtime: &str) -> String {
    format!("{RUNTIMES}/{runtime}")
}

/// The versions of a runtime that need attention.
pub fn unhealthy_versions(runtime: &str) -> String {
    format!("{}?unhealthy=1", self::runtime(runtime))
}

/// The plain upload form (GET), and its target (POST, multipart: `reason`, `idempotency_key`, `package`).
pub fn new_version(runtime: &str) -> String {
    format!("{RUNTIMES}/{runtime}/new-version")
}

pub fn version(runtime: &str, version: &str) -> String {
    format!("{RUNTIMES}/{runtime}/versions/{version}")
}

/// A tab of the version page: `configuration`, `log`, `objects`, `manifest`, `history`.
pub fn version_tab(runtime: &str, version: &str, tab: &str) -> String {
    format!("{}/{tab}", self::version(runtime, version))
}

/// The form of an action (GET), and its target (POST: `reason`, `idempotency_key`).
pub fn action(runtime: &str, version: &str, action: Action) -> String {
    format!("{}/actions/{}", self::version(runtime, version), action.as_str())
}

/// The stored package as a file.
pub fn download_package(runtime: &str, version: &str) -> String {
    format!("{}/download/{version}.krt", self::version(runtime, version))
}

/// The manifest as a file.
pub fn download_manifest(runtime: &str, version: &str) -> String {
    format!("{}/download/krt.yml", self::version(runtime, version))
}

/// The logs of all pods as a file.
pub fn download_logs(runtime: &str, version: &str) -> String {
    format!("{}/download/logs.txt", self::version(runtime, version))
}

/// One value of the configuration as a file.
pub fn value(runtime: &str, version: &str, name: &str) -> String {
    format!("{}/configuration/{name}", self::version(runtime, version))
}

/// The graph of one workflow as SVG.
pub fn picture(runtime: &str, version: &str, workflow: &str) -> String {
    format!("{}/graph/{workflow}.svg", self::version(runtime, version))
}
