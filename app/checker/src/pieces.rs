//! A file in pieces, through one buffer that is used again and again.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ReadableStreamByobReader, ReadableStreamDefaultReader};

/// Bytes of a piece at most (256 KiB): few turns of the worker's loop, and little memory.
const PIECE: u32 = 256 * 1024;

/// What a file is read with.
pub(crate) enum Pieces {
    /// The browser fills our buffer. Otherwise each piece would be a buffer of its own, and hundreds of them would lie
    /// about before the browser clears them away.
    Ours { stream: ReadableStreamByobReader, buffer: Uint8Array },
    /// Browsers that cannot do so for files.
    Theirs(ReadableStreamDefaultReader),
}

impl Pieces {
    pub(crate) fn of(file: &File) -> Pieces {
        let stream = file.stream();
        match ReadableStreamByobReader::new(&stream) {
            Ok(stream) => Pieces::Ours { stream, buffer: Uint8Array::new_with_length(PIECE) },
            Err(_) => Pieces::Theirs(stream.get_reader().unchecked_into()),
        }
    }

    /// Puts the next piece into `into`, in place of what it holds; false at the end of the file.
    ///
    /// # Errors
    /// What the browser says when it cannot read on.
    pub(crate) async fn next(&mut self, into: &mut Vec<u8>) -> Result<bool, JsValue> {
        let reading = match self {
            Pieces::Ours { stream, buffer } => stream.read_with_array_buffer_view(buffer),
            Pieces::Theirs(stream) => stream.read(),
        };
        let piece = JsFuture::from(reading).await?;
        if Reflect::get(&piece, &"done".into())?.is_truthy() {
            return Ok(false);
        }
        let bytes: Uint8Array = Reflect::get(&piece, &"value".into())?.unchecked_into();
        into.resize(bytes.length() as usize, 0);
        bytes.copy_to(into);
        if let Pieces::Ours { buffer, .. } = self {
            // Reading took the buffer away and brought it back under another name.
            *buffer = Uint8Array::new(&bytes.buffer());
        }
        Ok(true)
    }

    /// Tells the browser that no more is wanted.
    pub(crate) async fn stop(self) {
        let stopping = match self {
            Pieces::Ours { stream, .. } => stream.cancel(),
            Pieces::Theirs(stream) => stream.cancel(),
        };
        // It was read as far as it is of use; there is nothing to tell anybody.
        let _ = JsFuture::from(stopping).await;
    }
}
