//! Checks a project folder as the package it would become: packs it as a stream that the package reader reads.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use krt::package::{Reader, Report};

use super::fix_mode::FixMode;

/// Block size of a tar archive, in bytes.
const BLOCK: usize = 512;
/// Longest path that fits into a header, in bytes; a longer path precedes its header, as in GNU tar.
const MAX_NAME: usize = 100;

/// Checks what `tar -czf x.krt *` would pack: the whole folder except hidden entries at its root and earlier packages
/// (`*.krt`). `text`, if given, replaces the content of `manifest`.
pub(super) fn check(folder: &Path, manifest: &Path, text: Option<&str>, fixes: FixMode) -> io::Result<Report> {
    // Uncompressed, since the archive is discarded.
    let mut packer = Packer { out: GzEncoder::new(Feed(Reader::new()), Compression::none()), manifest, text };
    match packer.folder(folder, &[]).and_then(|()| packer.end()) {
        Ok(()) => Ok(fixes.of_package(packer.out.finish()?.0)),
        // The reader stopped early; its report says why.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(fixes.of_package(packer.out.get_mut().take())),
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
    out: GzEncoder<Feed>,
    manifest: &'a Path,
    text: Option<&'a str>,
}

impl Packer<'_> {
    fn folder(&mut self, folder: &Path, inside: &[u8]) -> io::Result<()> {
        let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let is_hidden = name.as_bytes().starts_with(b".");
            if inside.is_empty() && (is_hidden || name.as_bytes().ends_with(b".krt")) {
                continue;
            }
            let path = [inside, name.as_bytes()].concat();
            let kind = entry.file_type()?;
            if kind.is_dir() {
                let path = [&path, &b"/"[..]].concat();
                self.header(&path, b'5', 0)?;
                self.folder(&entry.path(), &path)?;
            } else if kind.is_file() {
                self.file(&entry.path(), &path)?;
            } else {
                let flag = if kind.is_symlink() { b'2' } else { b'6' };
                self.header(&path, flag, 0)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, file: &Path, path: &[u8]) -> io::Result<()> {
        if let Some(text) = self.text.filter(|_| file == self.manifest) {
            return self.content(path, text.len() as u64, text.as_bytes());
        }
        let file = File::open(file)?;
        let size = file.metadata()?.len();
        self.content(path, size, file)
    }

    fn content(&mut self, path: &[u8], size: u64, content: impl Read) -> io::Result<()> {
        self.header(path, b'0', size)?;
        let copied = io::copy(&mut content.take(size), &mut self.out)?;
        // A file that shrank while being read is padded, so that the archive stays valid.
        let end = size.next_multiple_of(BLOCK as u64);
        io::copy(&mut io::repeat(0).take(end - copied), &mut self.out)?;
        Ok(())
    }

    fn header(&mut self, path: &[u8], flag: u8, size: u64) -> io::Result<()> {
        if path.len() > MAX_NAME {
            self.header(b"././@LongLink", b'L', path.len() as u64)?;
            self.out.write_all(path)?;
            let filling = path.len().next_multiple_of(BLOCK) - path.len();
            self.out.write_all(&[0; BLOCK][..filling])?;
        }
        let mut block = [0; BLOCK];
        let name = &path[..path.len().min(MAX_NAME)];
        block[..name.len()].copy_from_slice(name);
        block[100..108].copy_from_slice(b"0000644\0");
        // Eleven octal digits hold 8 GiB; the reader rejects more than 2 GiB.
        let digits = format!("{:011o}\0", size.min(0o77_777_777_777));
        block[124..136].copy_from_slice(digits.as_bytes());
        block[148..156].fill(b' ');
        block[156] = flag;
        block[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        self.out.write_all(&block)
    }

    fn end(&mut self) -> io::Result<()> {
        self.out.write_all(&[0; 2 * BLOCK])
    }
}
