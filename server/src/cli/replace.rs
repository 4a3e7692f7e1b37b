//! Other bytes in the place of a file's, at once and for good.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Beside the file, then in its place: whoever reads meanwhile gets the old ones or the new ones.
pub fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays one, and what it points to is changed.
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
        // It may not be there at all.
        let _ = fs::remove_file(&beside);
    }
    written
}
