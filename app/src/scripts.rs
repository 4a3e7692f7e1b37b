//! Loads the browser's script and WASM. Rendered by the server only.
//!
//! Leptos' own component writes the nonce of the content security policy into `crossorigin`, where style sheets can
//! read it letter by letter; browsers hide only the `nonce` attribute.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_router::location::RequestUrl;

use crate::routes::Page;

/// Keeps the page that sign-in returns to, with its fragment, which no server sees: over the way to the terminal, whose
/// link has neither, and back.
const KEEP_FRAGMENT: &str = include_str!("scripts/keep_fragment.js");

/// Loads the script and the WASM of the page and hydrates it. A page without anything to hydrate gets neither.
#[component]
pub fn Scripts(options: LeptosOptions) -> impl IntoView {
    let pages = Page::at(&path());
    if pages == [Page::SignIn] {
        return view! { <script nonce=use_nonce()>{KEEP_FRAGMENT}</script> }.into_any();
    }
    let Files { script, wasm, chunks } = files(&options, pages);
    let load =
        format!("import({script:?}).then(it => it.default({{module_or_path: {wasm:?}}}).then(() => it.hydrate()));");
    let preload = |href: String| {
        view! { <link rel="preload" href=href r#as="fetch" r#type="application/wasm" crossorigin="anonymous" /> }
    };
    view! {
        <link rel="modulepreload" href=script crossorigin="anonymous" />
        {preload(wasm)}
        {chunks.into_iter().map(preload).collect_view()}
        <script type="module" nonce=use_nonce()>
            {load}
        </script>
    }
    .into_any()
}

/// The path of the requested page.
fn path() -> String {
    use_context::<RequestUrl>().and_then(|url| Some(url.parse().ok()?.path().to_owned())).unwrap_or_default()
}

/// The paths of the files that a page loads, with content hashes if the build added them.
#[derive(Debug, PartialEq)]
struct Files {
    script: String,
    wasm: String,
    /// Chunks of WASM, loaded beside the main file.
    chunks: Vec<String>,
}

fn files(options: &LeptosOptions, pages: &[Page]) -> Files {
    let hashes = match options.hash_files {
        true => std::fs::read_to_string(&*options.hash_file).unwrap_or_default(),
        false => String::new(),
    };
    let line = |kind: &str| hashes.lines().find_map(|line| line.trim().strip_prefix(kind)?.strip_prefix(':'));
    let folder = &options.site_pkg_dir;
    let path = |kind: &str, otherwise: &str| {
        let hash = line(kind).map_or(otherwise.to_owned(), |hash| format!(".{}", hash.trim()));
        format!("/{folder}/{}{hash}.{kind}", options.output_name)
    };
    let mut chunks = Vec::new();
    for page in pages {
        let names = line(&format!("chunks-{}", page.group().name())).unwrap_or_default();
        for path in names.split_whitespace().map(|name| format!("/{folder}/{name}")) {
            if !chunks.contains(&path) {
                chunks.push(path);
            }
        }
    }
    // wasm-bindgen and cargo-leptos name the file differently.
    let wasm = if option_env!("LEPTOS_OUTPUT_NAME").is_some() { "" } else { "_bg" };
    Files { script: path("js", ""), wasm: path("wasm", wasm), chunks }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn built(files: &LeptosOptions, path: &str) -> [String; 3] {
        let Files { script, wasm, chunks } = super::files(files, Page::at(path));
        [script, wasm, chunks.join(" ")]
    }

    #[test]
    fn paths_contain_the_hashes_of_the_build() {
        let options = |hashed: bool, file: &str| {
            LeptosOptions::builder().output_name("krt-console").hash_files(hashed).hash_file(file.into()).build()
        };
        let plain = built(&options(false, "/nowhere"), "/audit");
        assert_eq!(plain, ["/pkg/krt-console.js", "/pkg/krt-console_bg.wasm", ""]);
        let file = std::env::temp_dir().join(format!("krt-console-hashes-{}", std::process::id()));
        let hashes = "js: aaa\nwasm: bbb\ncss: ccc\nchunks-version: a.ddd.wasm b.eee.wasm\nchunks-action: a.ddd.wasm c.fff.wasm\n";
        std::fs::write(&file, hashes).expect("a file");
        let options = options(true, &file.to_string_lossy());
        let [js, wasm] = ["/pkg/krt-console.aaa.js", "/pkg/krt-console.bbb.wasm"];
        assert_eq!(built(&options, "/nowhere"), [js, wasm, ""]);
        // The page of a version and the form of an action need the first chunk; it is preloaded once.
        let chunks = "/pkg/a.ddd.wasm /pkg/b.eee.wasm /pkg/c.fff.wasm";
        assert_eq!(built(&options, "/runtimes/demo/versions/v1/actions/start"), [js, wasm, chunks]);
        std::fs::remove_file(file).expect("the file");
    }
}
