//! The front end's files: WASM, scripts, styles and images, built into one folder.
//!
//! The build names `pkg/krt-console.<hash>.{js,wasm,css}` by content hash and writes the hashes into `hash.txt` at the
//! top of the folder (`js: <hash>`, one per line), with the files of each group of pages (`chunks-lists: <name> <name>`).
//! Our `Scripts` and Leptos' `HashedStylesheet` look for `LeptosOptions::hash_file` in the folder of the running program;
//! an absolute path overrides that folder, so that the site's own `hash.txt` is read. `cargo leptos watch` writes the
//! file next to the program and sets `LEPTOS_HASH_FILES`. Without any `hash.txt`, pages refer to files without a hash and
//! work without them.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::middleware::{self, Next};
use axum::response::Response;
use leptos::config::{Env, LeptosOptions};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::settings::Settings;

/// The name of the built files, as in `[[workspace.metadata.leptos]]`.
const NAME: &str = "krt-console";
/// The folder and the URL path of the hashed files.
const PACKAGE: &str = "pkg";
/// Maximum bytes of a file's path: file systems allow names of up to 255 bytes, including an extension such as `.br`.
const LONGEST_PATH: usize = 200;

/// The location of the files, and the options that pages use to refer to them.
#[derive(Clone, Debug)]
pub struct Site {
    folder: PathBuf,
    pub options: LeptosOptions,
}

impl Site {
    pub fn find(settings: &Settings) -> Site {
        Site::of_folder(&settings.site_folder())
    }

    pub fn of_folder(folder: &Path) -> Site {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let hashes = Some(folder.join("hash.txt")).filter(|file| file.is_file()).or_else(hashes_beside_the_program);
        let options = LeptosOptions::builder()
            .output_name(NAME)
            .site_root(folder.to_string_lossy())
            .site_pkg_dir(PACKAGE)
            .env(Env::PROD)
            .hash_files(hashes.is_some())
            .hash_file(Arc::from(hashes.unwrap_or_default().to_string_lossy()))
            .build();
        Site { folder, options }
    }

    /// Whether the front end was built; without it, pages work as they do without JavaScript.
    pub fn is_built(&self) -> bool {
        self.folder.join(PACKAGE).is_dir()
    }

    /// The path of the style sheet, for the pages that Leptos does not render.
    pub fn stylesheet(&self) -> String {
        let hashes = std::fs::read_to_string(&*self.options.hash_file).unwrap_or_default();
        let hash = hashes.lines().find_map(|line| line.trim().strip_prefix("css:")).map(str::trim);
        let hash = hash.map(|hash| format!(".{hash}")).unwrap_or_default();
        format!("/{PACKAGE}/{NAME}{hash}.css")
    }

    /// Serves the files, compressed at build time. All other paths go to `otherwise`, including paths that are too long
    /// for a file: for a segment of 256 bytes, the system returns an error other than "not found".
    pub fn files(&self, otherwise: Router) -> Router {
        let otherwise = otherwise.layer(middleware::map_response(async |mut response: Response| {
            response.extensions_mut().insert(NoFile);
            response
        }));
        let beyond = otherwise.clone();
        let files = ServeDir::new(&self.folder)
            .append_index_html_on_directories(false)
            .precompressed_br()
            .precompressed_gzip()
            .call_fallback_on_method_not_allowed(true)
            .fallback(otherwise);
        Router::new()
            .fallback_service(files)
            .layer(middleware::from_fn(cache))
            .layer(middleware::from_fn_with_state(beyond, short_paths))
    }
}

/// Marks a response that is not a file of the site.
#[derive(Clone)]
struct NoFile;

/// Bypasses the files for a path that is too long for a file.
async fn short_paths(State(beyond): State<Router>, request: Request, next: Next) -> Response {
    if request.uri().path().len() <= LONGEST_PATH {
        return next.run(request).await;
    }
    beyond.oneshot(request).await.unwrap_or_else(|never: Infallible| match never {})
}

fn hashes_beside_the_program() -> Option<PathBuf> {
    std::env::var("LEPTOS_HASH_FILES").ok().filter(|on| on == "true")?;
    let file = std::env::current_exe().ok()?.parent()?.join("hash.txt");
    file.is_file().then_some(file)
}

/// Sets `Cache-Control`: hashed files never change; all others are revalidated, mostly with 304.
async fn cache(request: Request, next: Next) -> Response {
    let hashed = is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    if response.extensions().get::<NoFile>().is_none() {
        let value = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(value));
    }
    response
}

/// Whether this is a path such as `/pkg/krt-console.<hash>.wasm` or `/pkg/krt-console-version.<hash>.wasm`.
fn is_hashed(path: &str) -> bool {
    let mut parts = path.strip_prefix("/pkg/krt-").unwrap_or_default().split('.').skip(1);
    let (hash, kind) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    hash.len() >= 8 && ["js", "wasm", "css"].contains(&kind) && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_immutable() {
        for path in ["/pkg/krt-console.Zm9vYmFy01.wasm", "/pkg/krt-console-forms.5d41402abc4b2a76b971.wasm"] {
            assert!(is_hashed(path), "{path}");
        }
        for path in ["/pkg/krt-console.wasm", "/favicon.svg", "/pkg/worker.js", "/runtimes/krt-console.Zm9vYmFy01.js"] {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[test]
    fn pages_get_the_hash_of_the_style_sheet() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Site::of_folder(folder.path()).stylesheet(), "/pkg/krt-console.css");
        std::fs::write(folder.path().join("hash.txt"), "js: aaa\nwasm: bbb\ncss: ccc\n").unwrap();
        let site = Site::of_folder(folder.path());
        assert!(site.options.hash_files);
        assert_eq!(site.stylesheet(), "/pkg/krt-console.ccc.css");
    }
}
