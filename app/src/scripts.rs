//! Loads the browser's script and WASM. Rendered by the server only.
//!
//! Leptos' own component writes the nonce of the content security policy into `crossorigin`, where style sheets can
//! read it letter by letter; browsers hide only the `nonce` attribute.

use leptos::nonce::use_nonce;
use leptos::prelude::*;

/// Loads script and WASM and hydrates the page.
#[component]
pub fn Scripts(options: LeptosOptions) -> impl IntoView {
    let (script, wasm) = files(&options);
    let load =
        format!("import({script:?}).then(it => it.default({{module_or_path: {wasm:?}}}).then(() => it.hydrate()));");
    view! {
        <link rel="modulepreload" href=script crossorigin="anonymous" />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
        <script type="module" nonce=use_nonce()>
            {load}
        </script>
    }
}

/// The paths of the script and the WASM, with content hashes if the build added them.
fn files(options: &LeptosOptions) -> (String, String) {
    let hashes = match options.hash_files {
        true => std::fs::read_to_string(&*options.hash_file).unwrap_or_default(),
        false => String::new(),
    };
    let path = |kind: &str, otherwise: &str| {
        let hash = hashes.lines().find_map(|line| line.trim().strip_prefix(kind)?.strip_prefix(':'));
        let hash = hash.map_or(otherwise.to_owned(), |hash| format!(".{}", hash.trim()));
        format!("/{}/{}{hash}.{kind}", options.site_pkg_dir, options.output_name)
    };
    // wasm-bindgen and cargo-leptos name the file differently.
    let wasm = if option_env!("LEPTOS_OUTPUT_NAME").is_some() { "" } else { "_bg" };
    (path("js", ""), path("wasm", wasm))
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn paths_contain_the_hashes_of_the_build() {
        let options = |hashed: bool, file: &str| {
            LeptosOptions::builder().output_name("krt-console").hash_files(hashed).hash_file(file.into()).build()
        };
        let plain = ("/pkg/krt-console.js".to_owned(), "/pkg/krt-console_bg.wasm".to_owned());
        assert_eq!(files(&options(false, "/nowhere")), plain);
        let file = std::env::temp_dir().join(format!("krt-console-hashes-{}", std::process::id()));
        std::fs::write(&file, "js: aaa\nwasm: bbb\ncss: ccc\n").expect("a file");
        let hashed = ("/pkg/krt-console.aaa.js".to_owned(), "/pkg/krt-console.bbb.wasm".to_owned());
        assert_eq!(files(&options(true, &file.to_string_lossy())), hashed);
        std::fs::remove_file(file).expect("the file");
    }
}
