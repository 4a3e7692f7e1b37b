//! Limits of a package. Each is far above real packages and bounds the cost of hostile ones.

use crate::diagnostic::Diagnostic;

/// Maximum number of members: a version's sources with their dependencies have hundreds to a few thousand.
pub(super) const MAX_MEMBERS: usize = 20_000;

/// Maximum unpacked size, 2 GiB: some packages contain models, and every pod of the version unpacks everything.
pub(super) const MAX_UNPACKED: u64 = 2 * 1024 * 1024 * 1024;

/// Maximum number of unpacked bytes per packed byte: sources reach 5 to 20, tables of numbers 50, gzip at most 1,032.
pub(super) const MAX_RATIO: u64 = 200;

/// Below this unpacked size (100 MiB) a high ratio is harmless, as for a large file of zeros.
pub(super) const RATIO_MATTERS: u64 = 100 * 1024 * 1024;

/// Maximum total size of all members' paths, in bytes: 20,000 paths of 400 bytes. All of them are kept in memory.
pub(super) const MAX_PATHS: usize = 8 * 1024 * 1024;

/// Maximum size of one path, in bytes: Linux's PATH_MAX.
pub(super) const MAX_PATH: usize = 4096;

/// Maximum size of an extended header (PAX, GNU long name), in bytes: a path and a few attributes.
pub(super) const MAX_EXTENDED: u64 = 64 * 1024;

/// Maximum size of a `.proto` file that is parsed, in bytes; public ones of large services have 200 KiB.
pub(super) const MAX_PROTO: u64 = 1024 * 1024;

/// Maximum size of a dashboard that is checked, in bytes.
pub(super) const MAX_DASHBOARD: u64 = 1024 * 1024;

/// Maximum total size of the kept `.proto` files, in bytes; with the manifest, this bounds the memory of a package.
pub(super) const MAX_KEPT: u64 = 8 * 1024 * 1024;

/// How many members with the same problem are reported individually.
pub(super) const MAX_ALIKE: usize = 20;

/// Fails when this many unpacked bytes are too many, in total or for this many packed bytes.
pub(super) fn unpacked(bytes: u64, packed: u64) -> Result<(), Box<Diagnostic>> {
    if bytes > MAX_UNPACKED {
        let diagnostic = Diagnostic::error("package-too-large", "the package unpacks to more than 2 GiB");
        return Err(Box::new(diagnostic.with_help("leave out data and models, and let the nodes fetch them")));
    }
    if bytes > RATIO_MATTERS && bytes > packed.saturating_mul(MAX_RATIO) {
        let message =
            format!("the package unpacks to more than {MAX_RATIO} times its size: it may be a decompression bomb");
        let help = "leave out files that consist of repeated data";
        return Err(Box::new(Diagnostic::error("package-ratio", message).with_help(help)));
    }
    Ok(())
}
