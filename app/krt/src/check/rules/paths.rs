//! Paths inside the package: `src` of nodes and the entrypoint's `proto`.

use crate::check::draft::Text;
use crate::check::problem::{Problem, Problems};
use crate::manifest::forms::{PathFault, is_plainly_inside, is_proto_name, is_too_long, normalized, path_fault};
use crate::text::quote;

/// Checks the path of a file below the package root.
pub(super) fn src(path: &Text<'_>, problems: &mut Problems) {
    inside(path, "src", problems);
}

/// Checks the path of a file below the package root whose name ends in `.proto`.
pub(super) fn proto(path: &Text<'_>, problems: &mut Problems) {
    inside(path, "entrypoint.proto", problems);
    let Text { value, at } = path;
    // Already reported; the extension cannot be judged.
    if value.contains(char::is_control) || is_too_long(value) {
        return;
    }
    let file = value.rsplit('/').next().unwrap_or_default();
    if is_proto_name(value) {
        if !value.is_ascii() {
            let message = format!("{} contains non-ASCII characters", quote(value));
            let help = "some code generators cannot open such a file: use only ASCII characters";
            problems.push(Problem::warning("proto-not-ascii", *at, message).help(help));
        }
    } else if file == ".proto" {
        problems.push(
            Problem::error("proto-name", *at, format!("{} has no name before `.proto`", quote(value)))
                .help("give the file a name"),
        );
    } else {
        let problem = Problem::error("proto-name", *at, format!("{} must end in `.proto`", quote(value)));
        let trimmed = value.trim();
        let problem = if trimmed.ends_with(".proto") { problem.instead(*at, trimmed) } else { problem };
        let help = if trimmed.ends_with(".proto") {
            "remove the space at the end"
        } else if file.to_ascii_lowercase().ends_with(".proto") {
            "write the extension in lowercase, and rename the file to match"
        } else {
            "name the file that defines the entrypoint's service"
        };
        problems.push(problem.help(help));
    }
}

/// The path must be relative, stay inside the package, name a file, and be in its shortest form.
#[inline]
fn inside(path: &Text<'_>, key: &str, problems: &mut Problems) {
    if !is_plainly_inside(path.value) {
        looked_into(path, key, problems);
    }
}

fn looked_into(path: &Text<'_>, key: &str, problems: &mut Problems) {
    let Text { value, at } = path;
    if let Some(fault) = path_fault(value) {
        let (code, why, help) = in_words(fault);
        let message = format!("`{key}` {} {why}", quote(value));
        problems.push(Problem::error(code, *at, message).help(help));
        return;
    }
    let trimmed = value.trim_matches(' ');
    // For a proto, the wrong extension is reported instead.
    let is_reported = key == "entrypoint.proto" && !value.ends_with(".proto");
    if trimmed != *value && !is_reported {
        let message =
            format!("`{key}` {} begins or ends with a space, which is part of the name on Linux", quote(value));
        let problem = Problem::warning("path-blank", *at, message).help("remove the space");
        problems.push(if trimmed.is_empty() { problem } else { problem.instead(*at, trimmed) });
    } else if value.contains('\\') {
        let message = format!("`{key}` {} has backslashes, which are part of the name on Linux", quote(value));
        let better = value.replace('\\', "/");
        let problem = Problem::warning("path-backslash", *at, message).help(format!("write {}", quote(&better)));
        problems.push(problem.instead(*at, better));
    } else if value.split('/').any(|part| matches!(part, "" | "." | "..")) {
        let message = format!("`{key}` {} is not in its shortest form", quote(value));
        let better = normalized(value).unwrap_or_default();
        let problem = Problem::warning("path-roundabout", *at, message).help(format!("write {}", quote(&better)));
        problems.push(problem.instead(*at, better));
    }
}

/// The code of a fault, what it says after the path, and its help.
fn in_words(fault: PathFault) -> (&'static str, &'static str, &'static str) {
    match fault {
        PathFault::Control => {
            ("path-control", "contains a control character", "write the path on one line, without special characters")
        }
        PathFault::TooLong => ("path-length", "is longer than 4,000 bytes", "use a shorter path"),
        PathFault::PartTooLong => {
            ("path-length", "contains a file or folder name longer than 255 bytes", "use a shorter name")
        }
        PathFault::Absolute => {
            ("path-absolute", "is absolute", "write it relative to the package root, such as `src/etl/main.py`")
        }
        PathFault::Outside => ("path-outside", "points outside the package", "write it relative to the package root"),
        PathFault::Root => ("path-folder", "is the package root", "name the file"),
        PathFault::Folder => ("path-folder", "names a folder", "name the file"),
    }
}
