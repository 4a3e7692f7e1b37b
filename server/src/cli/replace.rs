//! Replaces the content of a file atomically and durably.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Writes a temporary file next to the target and renames it: a concurrent reader sees the old or the new content.
pub fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    // A symbolic link is kept; the file that it points to is replaced.
    let file = fs::canonicalize(file)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = file.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = (|| {
        let mut out = OpenOptions::new().write(true).create_new(true).open(&beside)?;
        out.write_all(bytes)?;
        out.set_permissions(fs::metadata(&file)?.permissions())?;
        out.sync_all()?;
        fs::rename(&beside, &file)?;
        File::open(file.parent().unwrap_or(Path::new("/")))?.sync_all()
    })();
    if written.is_err() {
        // The temporary file may not exist.
        let _ = fs::remove_file(&beside);
    }
    written
}
