//! `bindgen NAME INPUT.wasm FOLDER [split]`: writes `NAME.js` and `NAME_bg.wasm` into the folder, for browsers that load
//! ES modules.
//!
//! With `split`, the code behind the functions that `wasm_split` marks goes into `split_*.wasm` and `chunk_*.wasm`,
//! `__wasm_split.js` loads these, and `chunks.json` has the files of each group: `{"version": ["chunk_1", "split_version"]}`.

use std::error::Error;
use std::fs;
use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::{Options, transform};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [name, input, folder] => bind(name, Path::new(input), Path::new(folder), false),
        [name, input, folder, "split"] => {
            let folder = Path::new(folder);
            let main = split(name, Path::new(input), folder)?;
            bind(name, &main, folder, true)?;
            Ok(fs::remove_file(main)?)
        }
        _ => Err("usage: bindgen NAME INPUT.wasm FOLDER [split]".into()),
    }
}

fn bind(name: &str, input: &Path, folder: &Path, is_split: bool) -> Result<(), Box<dyn Error>> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(input).out_name(name).typescript(false).omit_default_module_path(false).web(true)?;
    // The chunks use them.
    bindgen.keep_lld_exports(is_split);
    Ok(bindgen.generate(folder)?)
}

/// Splits the module; answers with its main part, which becomes `NAME_bg.wasm`.
fn split(name: &str, input: &Path, folder: &Path) -> Result<std::path::PathBuf, Box<dyn Error>> {
    let bytes = fs::read(input)?;
    let (main, script) = (folder.join("main.wasm"), format!("./{name}.js"));
    let mut options = Options::new(&bytes);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.main_module = &script;
    let made = transform(options).map_err(|error| format!("{error:?}"))?;
    let groups = made.prefetch_map.iter().map(|(group, files)| format!("  {group:?}: {files:?}"));
    let mut groups: Vec<String> = groups.collect();
    groups.sort();
    fs::write(folder.join("chunks.json"), format!("{{\n{}\n}}\n", groups.join(",\n")))?;
    Ok(main)
}
