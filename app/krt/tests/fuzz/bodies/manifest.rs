//! Checks any bytes as a manifest: no panic, every place is valid, a manifest only without errors.

use krt::check::{Options, analyze};
use krt::diagnostic::accepted;

use super::sound::sound;

pub fn run(bytes: &[u8]) {
    let checked = analyze(bytes, Options::default());
    assert_eq!(checked.manifest.is_some(), accepted(&checked.diagnostics));
    sound(checked.text.as_deref().unwrap_or_default(), &checked.diagnostics);
    if let Some(manifest) = &checked.manifest {
        for workflow in &manifest.workflows {
            krt::graph::layout(&workflow.into());
        }
    }
}
