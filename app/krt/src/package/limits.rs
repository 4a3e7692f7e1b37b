//! How much a package may hold. Each limit stands far above real packages and keeps hostile ones from costing anything.

use crate::diagnostic::Diagnostic;

/// Members: a version's sources with their dependencies have hundreds to a few thousand.
pub(super) const MAX_MEMBERS: usize = 20_000;

/// Unpacked bytes, 2 GiB: models are packed now and then; every pod of the version unpacks all of it.
pub(super) const MAX_UNPACKED: u64 = 2 * 1024 * 1024 * 1024;

/// Unpacked bytes for one packed byte: sources reach 5 to 20, tables of numbers 50, gzip itself stops at 1,032.
pub(super) const MAX_RATIO: u64 = 200;

/// Below this many unpacked bytes (100 MiB) a high ratio does no harm, as in an empty but large file.
pub(super) const RATIO_MATTERS: u64 = 100 * 1024 * 1024;

/// Bytes of all members' paths together: 20,000 paths of 400 bytes. They are kept in memory, as is only little else.
pub(super) const MAX_PATHS: usize = 8 * 1024 * 1024;

/// Bytes of one path: Linux's PATH_MAX.
pub(super) const MAX_PATH: usize = 4096;

/// Bytes of an extended header (PAX, GNU long name): a path and a few attributes.
pub(super) const MAX_EXTENDED: u64 = 64 * 1024;

/// Bytes of one `.proto` file that is kept to be read; the public ones of large services have 200 KiB.
pub(super) const MAX_PROTO: u64 = 1024 * 1024;

/// Bytes of one dashboard that is kept to be read.
pub(super) const MAX_DASHBOARD: u64 = 1024 * 1024;

/// Bytes of all kept files but the manifest: together with it, what a package may cost in memory.
pub(super) const MAX_KEPT: u64 = 8 * 1024 * 1024;

/// How many members with the same problem are told one by one.
pub(super) const MAX_ALIKE: usize = 20;

/// Whether so many unpacked bytes may come from so many packed ones.
pub(super) fn unpacked(bytes: u64, packed: u64) -> Result<(), Box<Diagnostic>> {
    if bytes > MAX_UNPACKED {
        let diagnostic = Diagnostic::error("package-too-large", "the package unpacks to more than 2 GiB");
        return Err(Box::new(diagnostic.with_help("leave out data and models, and let the nodes fetch them")));
    }
    if bytes > RATIO_MATTERS && bytes > packed.saturating_mul(MAX_RATIO) {
        let message = format!("the package unpacks to more than {MAX_RATIO} times its size: it may be a bomb");
        let help = "leave out files that are nothing but repetition";
        return Err(Box::new(Diagnostic::error("package-ratio", message).with_help(help)));
    }
    Ok(())
}
