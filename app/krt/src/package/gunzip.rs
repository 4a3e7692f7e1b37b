//! Decompresses gzip (RFC 1952) as bytes arrive: several members in sequence, checksums and lengths verified, precise
//! errors.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use crate::diagnostic::Diagnostic;

/// The first bytes of every gzip member.
pub(super) const MAGIC: &[u8] = &[0x1f, 0x8b];

/// Size of the output buffer, in bytes.
const BUFFER: usize = 64 * 1024;

/// Flags of a header: which parts follow its ten fixed bytes.
const HEADER_CRC: u8 = 0b0000_0010;
const EXTRA: u8 = 0b0000_0100;
const NAME: u8 = 0b0000_1000;
const COMMENT: u8 = 0b0001_0000;
const RESERVED: u8 = 0b1110_0000;

pub(super) struct Gunzip {
    state: State,
    inflate: Decompress,
    crc: Crc,
    /// Flags of the header parts that are still to come.
    flags: u8,
    /// Collects short fields.
    field: Vec<u8>,
    /// Packed bytes read so far.
    taken: u64,
    buffer: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The ten fixed bytes.
    Header,
    /// The length of the extra field, then that many bytes.
    ExtraLength,
    Extra(u16),
    /// Up to a zero byte.
    Name,
    Comment,
    HeaderCrc,
    Body,
    /// Checksum and length.
    Trailer,
    /// After a member: another one, zeros that pad a block, or nothing.
    Between,
    Padding,
}

impl Default for Gunzip {
    fn default() -> Gunzip {
        Gunzip {
            state: State::Header,
            inflate: Decompress::new(false),
            crc: Crc::new(),
            flags: 0,
            field: Vec::new(),
            taken: 0,
            buffer: vec![0; BUFFER],
        }
    }
}

impl Gunzip {
    /// Reads packed bytes and passes the unpacked ones to `out`, with the number of packed bytes read so far.
    pub(super) fn push(
        &mut self,
        mut bytes: &[u8],
        mut out: impl FnMut(&[u8], u64) -> Result<(), Box<Diagnostic>>,
    ) -> Result<(), Box<Diagnostic>> {
        while !bytes.is_empty() {
            let used = match self.state {
                State::Body => self.body(bytes, &mut out)?,
                _ => {
                    self.byte(bytes[0])?;
                    1
                }
            };
            self.taken += used as u64;
            bytes = &bytes[used..];
        }
        Ok(())
    }

    /// Returns what is wrong when the input ends here.
    pub(super) fn finish(&self) -> Option<Diagnostic> {
        let is_whole = matches!(self.state, State::Between | State::Padding);
        (!is_whole).then(|| {
            Diagnostic::error("package-truncated", "the package is truncated: the end of its gzip data is missing")
                .with_help("copy or download the package again, and compare the sizes")
        })
    }

    fn body(
        &mut self,
        bytes: &[u8],
        out: &mut impl FnMut(&[u8], u64) -> Result<(), Box<Diagnostic>>,
    ) -> Result<usize, Box<Diagnostic>> {
        let mut used = 0;
        loop {
            let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self.inflate.decompress(&bytes[used..], &mut self.buffer, FlushDecompress::None);
            // Both are at most as large as the slices given.
            let (taken, given) =
                ((self.inflate.total_in() - before_in) as usize, (self.inflate.total_out() - before_out) as usize);
            used += taken;
            self.crc.update(&self.buffer[..given]);
            // Output before the damage is passed on first: the result does not depend on the size of the pieces.
            out(&self.buffer[..given], self.taken + used as u64)?;
            let status = status.map_err(|_| corrupt("its compressed data is invalid"))?;
            if status == Status::StreamEnd {
                self.state = State::Trailer;
                return Ok(used);
            }
            // A full buffer may mean that more output follows.
            let is_dry = used == bytes.len() && given < self.buffer.len();
            if is_dry || (taken == 0 && given == 0) {
                return Ok(bytes.len());
            }
        }
    }

    fn byte(&mut self, byte: u8) -> Result<(), Box<Diagnostic>> {
        match self.state {
            State::Header => {
                self.field.push(byte);
                if self.field.len() == 10 {
                    self.header()?;
                }
            }
            State::ExtraLength => {
                self.field.push(byte);
                if let [low, high] = self.field[..] {
                    self.field.clear();
                    self.state = State::Extra(u16::from_le_bytes([low, high]));
                    if self.state == State::Extra(0) {
                        self.next_part();
                    }
                }
            }
            State::Extra(left) => {
                self.state = State::Extra(left - 1);
                if left == 1 {
                    self.next_part();
                }
            }
            State::Name | State::Comment => {
                if byte == 0 {
                    self.next_part();
                }
            }
            State::HeaderCrc => {
                self.field.push(byte);
                if self.field.len() == 2 {
                    self.field.clear();
                    self.next_part();
                }
            }
            State::Trailer => {
                self.field.push(byte);
                if self.field.len() == 8 {
                    self.trailer()?;
                }
            }
            State::Between if byte == MAGIC[0] => {
                self.field.push(byte);
                self.state = State::Header;
            }
            State::Between | State::Padding if byte == 0 => self.state = State::Padding,
            State::Between | State::Padding => return Err(corrupt("other data follows its gzip data")),
            // Handled by the caller, many bytes at once.
            State::Body => {}
        }
        Ok(())
    }

    fn header(&mut self) -> Result<(), Box<Diagnostic>> {
        let is_gzip = self.field.starts_with(MAGIC) && self.field.get(2) == Some(&8);
        self.flags = self.field.get(3).copied().unwrap_or_default();
        self.field.clear();
        if !is_gzip || self.flags & RESERVED != 0 {
            return Err(corrupt("its gzip header is of an unknown kind"));
        }
        self.next_part();
        Ok(())
    }

    /// Moves on to the next header part whose flag is set, or to the body.
    fn next_part(&mut self) {
        for (flag, state) in [
            (EXTRA, State::ExtraLength),
            (NAME, State::Name),
            (COMMENT, State::Comment),
            (HEADER_CRC, State::HeaderCrc),
        ] {
            if self.flags & flag != 0 {
                self.flags &= !flag;
                self.state = state;
                return;
            }
        }
        self.inflate.reset(false);
        self.crc.reset();
        self.state = State::Body;
    }

    fn trailer(&mut self) -> Result<(), Box<Diagnostic>> {
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
        let (crc, length) = (number(&self.field[..4]), number(&self.field[4..]));
        self.field.clear();
        self.state = State::Between;
        if crc != self.crc.sum() {
            return Err(corrupt("its checksum is wrong"));
        }
        // The format stores the length modulo 2^32.
        if length != self.crc.amount() {
            return Err(corrupt("its length is wrong"));
        }
        Ok(())
    }
}

fn corrupt(why: &str) -> Box<Diagnostic> {
    let diagnostic = Diagnostic::error("package-corrupt", format!("the package is damaged: {why}"));
    Box::new(diagnostic.with_help("copy, download or pack the package again"))
}
