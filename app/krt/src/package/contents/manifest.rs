//! Finds the manifest among the members: one file named `krt.yml` or `krt.yaml`, at the root.

use super::{Contents, Keeping, Manifest};
use crate::check::{self, MAX_TEXT};
use crate::diagnostic::Diagnostic;
use crate::package::MemberKind;
use crate::text::quote;

impl Contents {
    pub(super) fn manifest_member(&mut self, path: &str, kind: MemberKind, size: u64) {
        if let Some(first) = &self.manifest {
            let message = if first.path == path {
                format!("the package contains {} twice", quote(path))
            } else {
                format!("the package contains two manifests: {} and {}", quote(&first.path), quote(path))
            };
            let help = "keep only one of them";
            self.tell(Diagnostic::error("manifest-two", message).with_member(path).with_help(help));
            return;
        }
        self.manifest = Some(Manifest { path: path.to_owned(), bytes: None });
        if kind == MemberKind::Folder {
            let message = format!("the manifest {} is a folder", quote(path));
            let help = "the manifest must be a file";
            self.tell(Diagnostic::error("manifest-kind", message).with_member(path).with_help(help));
        } else if size > MAX_TEXT as u64 {
            self.tell(Diagnostic { span: None, ..check::too_large(size) }.with_member(path));
        } else if kind == MemberKind::File {
            self.keeping = Keeping::Manifest;
        }
    }

    /// Reports the problems that are known only after all members were read.
    pub(super) fn manifest_problems(&mut self, is_whole: bool) {
        match (&self.manifest, &self.nested_before, &self.nested_after) {
            (None, Some(nested), _) if is_whole => {
                let folder = nested.rsplit_once('/').map_or("", |(folder, _)| folder);
                let message = format!(
                    "the manifest is in a folder ({}): the project was packed together with its folder",
                    quote(nested)
                );
                let help = format!("pack the contents of the folder: `cd {folder}; tar -czf ../my.krt *`");
                self.tell(Diagnostic::error("manifest-in-folder", message).with_member(nested.clone()).with_help(help));
            }
            (None, None, _) if is_whole => {
                let near =
                    self.members.iter().find(|member| is_like_a_manifest(&member.path)).map(|member| &member.path);
                let help = match near {
                    Some(near) => format!("rename {} to `krt.yml`", quote(near)),
                    None => "add the manifest `krt.yml` at the package's root".to_owned(),
                };
                self.tell(
                    Diagnostic::error("manifest-missing", "the package contains neither `krt.yml` nor `krt.yaml`")
                        .with_help(help),
                );
            }
            (Some(manifest), Some(nested), _) => {
                let message = format!("{} comes before the package's own {}", quote(nested), quote(&manifest.path));
                let help = "KRE uses the first manifest it finds, in any folder: remove or rename this one";
                self.tell(
                    Diagnostic::error("manifest-nested-first", message).with_member(nested.clone()).with_help(help),
                );
            }
            (Some(_), None, Some(nested)) => {
                let message = format!("the second manifest {} is in a subfolder and is ignored", quote(nested));
                let help = "remove or rename the file: other tools may use it as the package's manifest";
                self.tell(Diagnostic::warning("manifest-nested", message).with_member(nested.clone()).with_help(help));
            }
            _ => {}
        }
    }
}

pub(super) fn is_manifest(path: &str) -> bool {
    matches!(path, "krt.yml" | "krt.yaml")
}

/// Returns whether a name at the root may be a misspelled `krt.yml`.
fn is_like_a_manifest(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    !path.contains('/')
        && (is_manifest(&lower)
            || lower.ends_with("krt.yml")
            || lower.ends_with("krt.yaml")
            || lower.starts_with("krt.")
            || lower.starts_with("krt_"))
}
