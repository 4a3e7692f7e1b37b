//! How the file of a manifest is encoded, so that a mended one is written in the same way.

use std::borrow::Cow;

/// The encodings that the check reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// With or without a byte-order mark, which is a character of the text then.
    Utf8,
    /// Behind a byte-order mark, which is no character of the text.
    Utf16(Order),
}

/// Which byte of two comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

impl Encoding {
    /// The one in which exactly these bytes are this text, so that writing it back changes nothing else; `None` when they
    /// are another text.
    pub(super) fn of(bytes: &[u8], text: &str) -> Option<Encoding> {
        let all = [Encoding::Utf8, Encoding::Utf16(Order::Little), Encoding::Utf16(Order::Big)];
        all.into_iter().find(|encoding| encoding.encode(text) == bytes)
    }

    pub(super) fn encode(self, text: &str) -> Cow<'_, [u8]> {
        let Encoding::Utf16(order) = self else { return Cow::Borrowed(text.as_bytes()) };
        let bytes = |unit: u16| match order {
            Order::Little => unit.to_le_bytes(),
            Order::Big => unit.to_be_bytes(),
        };
        Cow::Owned(std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_known_by_the_bytes_that_a_text_was_read_from() {
        for (bytes, text, encoding) in [
            (&b"a: \xc3\xa4"[..], "a: ä", Some(Encoding::Utf8)),
            (b"\xef\xbb\xbfa", "\u{feff}a", Some(Encoding::Utf8)),
            (b"\xff\xfea\0\x3d\xd8\0\xde", "a😀", Some(Encoding::Utf16(Order::Little))),
            (b"\xfe\xff\0a\0\n", "a\n", Some(Encoding::Utf16(Order::Big))),
            // Changed since it was read.
            (b"b", "a", None),
            (b"\xff\xfeb\0", "a", None),
        ] {
            assert_eq!(Encoding::of(bytes, text), encoding, "{bytes:?}");
        }
    }
}
