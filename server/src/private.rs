//! Files and folders that nobody but their owner may look into, also where a copy or an earlier program left them open.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The rights of the group and of all others.
const OTHERS: u32 = 0o077;

/// Lets everything that this process makes from now on be its owner's only.
pub fn make_private() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(OTHERS));
}

/// Takes the rights of all but the owner from a file or folder. What is not there needs none taken; where it cannot be
/// done (somebody else owns it), the log says so, and whoever gave those rights has decided.
pub fn close(path: &Path) {
    if let Err(error) = try_close(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        let path = path.display();
        tracing::warn!(%path, %error, "others may be able to read this, and it cannot be changed");
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
    // Of a link itself, not of what it leads to.
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
    fn a_folder_and_its_files_are_closed_to_others_and_what_a_link_leads_to_is_left_alone() {
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
