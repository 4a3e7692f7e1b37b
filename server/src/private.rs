//! Restricts files and folders to their owner, including those that a copy or an earlier version left readable.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The permission bits of the group and of others.
const OTHERS: u32 = 0o077;

/// Sets the umask so that only the owner can access what this process creates from now on.
pub fn make_private() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(OTHERS));
}

/// Removes all permissions of group and others from a file or folder. Ignores a missing path. When the permissions
/// cannot be changed, for example because another user owns the file, logs a warning and continues.
pub fn close(path: &Path) {
    if let Err(error) = try_close(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        let path = path.display();
        tracing::warn!(%path, %error, "cannot restrict permissions; other users may be able to read this path");
    }
}

/// The same for a folder and the files in it.
pub fn close_folder(folder: &Path) {
    close(folder);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        close(&entry.path());
    }
}

fn try_close(path: &Path) -> io::Result<()> {
    // The metadata of a link itself, not of its target.
    let metadata = std::fs::symlink_metadata(path)?;
    let mode = metadata.permissions().mode();
    if metadata.is_symlink() || mode & OTHERS == 0 {
        return Ok(());
    }
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode & 0o7777 & !OTHERS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_and_its_files_are_closed_to_others_and_the_target_of_a_link_is_not_changed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mode = |name: &str| std::fs::metadata(at(name)).unwrap().permissions().mode() & 0o777;
        std::fs::create_dir(at("inside")).unwrap();
        for file in ["inside/package", "elsewhere"] {
            std::fs::write(at(file), "").unwrap();
            std::fs::set_permissions(at(file), PermissionsExt::from_mode(0o644)).unwrap();
        }
        std::fs::set_permissions(at("inside"), PermissionsExt::from_mode(0o755)).unwrap();
        std::os::unix::fs::symlink(at("elsewhere"), at("inside/link")).unwrap();
        close_folder(&at("inside"));
        assert_eq!((mode("inside"), mode("inside/package"), mode("elsewhere")), (0o700, 0o600, 0o644));
        close(&at("nothing"));
    }
}
