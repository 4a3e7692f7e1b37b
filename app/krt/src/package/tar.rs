//! Reads tar as bytes arrive: ustar, PAX paths and sizes, GNU long names; verifies every header's checksum.

mod header;

use crate::diagnostic::Diagnostic;
use header::{Header, Pax};

use super::limits::{MAX_EXTENDED, MAX_UNPACKED};

/// Size of a tar block, in bytes.
pub(super) const BLOCK: usize = 512;

/// The kind of a member, according to its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    File,
    Folder,
    Symlink,
    Hardlink,
    Device,
    Fifo,
    /// A file with holes, stored differently from its content.
    Sparse,
    /// A kind that no standard defines.
    Unknown(u8),
}

/// One member's header.
#[derive(Debug)]
pub(super) struct Entry {
    /// As written in the archive; not always UTF-8, and not trusted.
    pub(super) path: Vec<u8>,
    pub(super) kind: EntryKind,
    pub(super) size: u64,
}

/// Receives the members. Each member is followed by its data in pieces, then by its end.
pub(super) trait Visitor {
    fn member(&mut self, entry: Entry) -> Result<(), Box<Diagnostic>>;
    fn data(&mut self, bytes: &[u8]);
    fn end(&mut self);
}

pub(super) struct Tar {
    state: State,
    /// The bytes of the header block so far.
    block: Vec<u8>,
    /// Attributes from extended headers for the next member.
    pax: Pax,
    /// The content of an extended header so far.
    extended: Vec<u8>,
    zero_blocks: u32,
    headers: u64,
}

enum State {
    Header,
    /// `left` bytes of content, then `padding` bytes that fill the last block.
    Content {
        what: What,
        left: u64,
        padding: u64,
    },
    /// Two blocks of zeros were read: the rest is padding.
    Done,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Member,
    LongName,
    Pax,
    /// Skipped: long link names, global headers, volume labels.
    Ignored,
}

impl Default for Tar {
    fn default() -> Tar {
        Tar {
            state: State::Header,
            block: Vec::with_capacity(BLOCK),
            pax: Pax::default(),
            extended: Vec::new(),
            zero_blocks: 0,
            headers: 0,
        }
    }
}

impl Tar {
    pub(super) fn push(&mut self, mut bytes: &[u8], visitor: &mut impl Visitor) -> Result<(), Box<Diagnostic>> {
        while !bytes.is_empty() {
            match &mut self.state {
                State::Done => return Ok(()),
                State::Header => {
                    let wanted = (BLOCK - self.block.len()).min(bytes.len());
                    let (now, rest) = bytes.split_at(wanted);
                    self.block.extend_from_slice(now);
                    bytes = rest;
                    if self.block.len() == BLOCK {
                        let mut block = std::mem::take(&mut self.block);
                        self.header(&block, visitor)?;
                        block.clear();
                        self.block = block;
                    }
                }
                State::Content { what, left, padding } => {
                    let wanted = (*left).min(bytes.len() as u64) as usize;
                    let (now, rest) = bytes.split_at(wanted);
                    *left -= wanted as u64;
                    let filling = if *left == 0 { (*padding).min(rest.len() as u64) as usize } else { 0 };
                    *padding -= filling as u64;
                    bytes = &rest[filling..];
                    let (what, is_read) = (*what, *left == 0 && *padding == 0);
                    match what {
                        What::Member => visitor.data(now),
                        What::LongName | What::Pax => self.extended.extend_from_slice(now),
                        What::Ignored => {}
                    }
                    if is_read {
                        self.content_is_read(what, visitor)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns what is wrong when the input ends after `bytes` bytes.
    pub(super) fn finish(&self, bytes: u64) -> Option<Diagnostic> {
        let cut = |message: &str| {
            let diagnostic = Diagnostic::error("package-truncated", message);
            Some(diagnostic.with_help("pack the project again: `cd my-project; tar -czf ../my.krt *`"))
        };
        match &self.state {
            _ if bytes == 0 => cut("the package is empty: its gzip data contains nothing"),
            State::Content { .. } => cut("the package ends in the middle of a member"),
            State::Header if self.headers == 0 && self.zero_blocks == 0 => Some(no_tar(&self.block)),
            State::Header if !self.block.is_empty() => cut("the package ends in the middle of a member's header"),
            _ => None,
        }
    }

    fn header(&mut self, block: &[u8], visitor: &mut impl Visitor) -> Result<(), Box<Diagnostic>> {
        if block.iter().all(|byte| *byte == 0) {
            self.zero_blocks += 1;
            if self.zero_blocks == 2 {
                self.state = State::Done;
            }
            return Ok(());
        }
        let Some(header) = Header::read(block) else {
            if self.headers == 0 {
                return Err(Box::new(no_tar(block)));
            }
            let diagnostic =
                Diagnostic::error("package-corrupt", "the package is damaged: a member's header has a wrong checksum");
            return Err(Box::new(
                diagnostic.with_help("pack the project again: `cd my-project; tar -czf ../my.krt *`"),
            ));
        };
        self.headers += 1;
        self.zero_blocks = 0;
        let what = match header.flag {
            b'L' => What::LongName,
            b'x' => What::Pax,
            b'K' | b'g' | b'V' => What::Ignored,
            _ => return self.member(&header, visitor),
        };
        if header.size > MAX_EXTENDED {
            let message = "the package is damaged: an extended header of a member is larger than 64 KiB";
            return Err(Box::new(
                Diagnostic::error("package-corrupt", message).with_help("pack the project again with GNU or BSD tar"),
            ));
        }
        self.content(what, header.size, visitor)
    }

    fn member(&mut self, header: &Header<'_>, visitor: &mut impl Visitor) -> Result<(), Box<Diagnostic>> {
        let pax = std::mem::take(&mut self.pax);
        let path = pax.path.unwrap_or_else(|| header.path());
        let mut kind = header.kind(&path);
        if pax.is_sparse && kind == EntryKind::File {
            kind = EntryKind::Sparse;
        }
        let has_content = matches!(kind, EntryKind::File | EntryKind::Sparse | EntryKind::Unknown(_));
        let size = if has_content { pax.size.unwrap_or(header.size) } else { 0 };
        if size > MAX_UNPACKED {
            let diagnostic = Diagnostic::error("package-too-large", "a member of the package is larger than 2 GiB");
            let help = "leave out data and models, and let the nodes fetch them";
            return Err(Box::new(diagnostic.with_member(String::from_utf8_lossy(&path)).with_help(help)));
        }
        visitor.member(Entry { path, kind, size })?;
        self.content(What::Member, size, visitor)
    }

    fn content(&mut self, what: What, size: u64, visitor: &mut impl Visitor) -> Result<(), Box<Diagnostic>> {
        let padding = size.next_multiple_of(BLOCK as u64) - size;
        self.state = State::Content { what, left: size, padding };
        if size == 0 { self.content_is_read(what, visitor) } else { Ok(()) }
    }

    fn content_is_read(&mut self, what: What, visitor: &mut impl Visitor) -> Result<(), Box<Diagnostic>> {
        self.state = State::Header;
        match what {
            What::Member => visitor.end(),
            What::LongName => {
                let name = std::mem::take(&mut self.extended);
                let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
                self.pax.path = Some(name[..end].to_vec());
            }
            What::Pax => {
                let records = std::mem::take(&mut self.extended);
                if self.pax.read(&records).is_none() {
                    let message = "the package is damaged: an extended header of a member is invalid";
                    return Err(Box::new(
                        Diagnostic::error("package-corrupt", message)
                            .with_help("pack the project again with GNU or BSD tar"),
                    ));
                }
            }
            What::Ignored => {}
        }
        Ok(())
    }
}

/// Returns the diagnostic for gzip data that is not tar, with what it may be instead.
fn no_tar(block: &[u8]) -> Diagnostic {
    let message = match crate::file_kind::of(block) {
        Some(kind) => format!("the gzip file contains {}, not a tar archive", kind.name()),
        None => "the gzip file does not contain a tar archive".to_owned(),
    };
    Diagnostic::error("package-not-tar", message)
        .with_help("pack a folder, not a file: `cd my-project; tar -czf ../my.krt *`")
}
