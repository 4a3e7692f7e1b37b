//! Checks a project folder as the package it would become: packs it as a stream that the package reader reads.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use krt::package::{Reader, Report};
use tar::{Builder, EntryType, Header};

use super::fix_mode::FixMode;

/// Checks what `tar -czf x.krt *` would pack: the whole folder except hidden entries at its root and earlier packages
/// (`*.krt`). `text`, if given, replaces the content of `manifest`.
pub(super) fn check(folder: &Path, manifest: &Path, text: Option<&str>, fixes: FixMode) -> io::Result<Report> {
    // Uncompressed, since the archive is discarded.
    let out = Builder::new(GzEncoder::new(Feed(Reader::new()), Compression::none()));
    let mut packer = Packer { out, manifest, text };
    match packer.folder(folder, Path::new("")).and_then(|()| packer.out.finish()) {
        Ok(()) => Ok(fixes.of_package(packer.out.into_inner()?.finish()?.0)),
        // The reader stopped early; its report says why.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            Ok(fixes.of_package(packer.out.get_mut().get_mut().take()))
        }
        Err(error) => Err(error),
    }
}

/// Feeds the package reader. An error of the reader ends the packing.
struct Feed(Reader);

impl Feed {
    fn take(&mut self) -> Reader {
        std::mem::take(&mut self.0)
    }
}

impl Write for Feed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.push(bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(_) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Packer<'a> {
    out: Builder<GzEncoder<Feed>>,
    manifest: &'a Path,
    text: Option<&'a str>,
}

impl Packer<'_> {
    /// Packs the content of `folder`, which is `inside` in the package.
    fn folder(&mut self, folder: &Path, inside: &Path) -> io::Result<()> {
        let is_root = inside.as_os_str().is_empty();
        let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let is_hidden = name.as_bytes().starts_with(b".");
            if is_root && (is_hidden || name.as_bytes().ends_with(b".krt")) {
                continue;
            }
            let path = inside.join(name);
            let kind = entry.file_type()?;
            if kind.is_dir() {
                // The empty component at the end is the slash of a folder.
                self.entry(&path.join(""), EntryType::Directory, 0, io::empty())?;
                self.folder(&entry.path(), &path)?;
            } else if kind.is_file() {
                self.file(&entry.path(), &path)?;
            } else {
                let kind = if kind.is_symlink() { EntryType::Symlink } else { EntryType::Fifo };
                self.entry(&path, kind, 0, io::empty())?;
            }
        }
        Ok(())
    }

    fn file(&mut self, file: &Path, path: &Path) -> io::Result<()> {
        if let Some(text) = self.text.filter(|_| file == self.manifest) {
            return self.entry(path, EntryType::Regular, text.len() as u64, text.as_bytes());
        }
        let file = File::open(file)?;
        let size = file.metadata()?.len();
        // A file that shrinks while being read is padded, so that the archive stays valid.
        self.entry(path, EntryType::Regular, size, file.chain(io::repeat(0)).take(size))
    }

    fn entry(&mut self, path: &Path, kind: EntryType, size: u64, content: impl Read) -> io::Result<()> {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(0o644);
        header.set_size(size);
        self.out.append_data(&mut header, path, content)
    }
}
