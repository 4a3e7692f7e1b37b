//! Reads a file in pieces, through one reused buffer.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ReadableStreamByobReader, ReadableStreamDefaultReader};

/// Maximum size of a piece, in bytes (256 KiB): few iterations of the worker's loop, and little memory.
const PIECE: u32 = 256 * 1024;

/// The reader of a file.
pub(crate) enum Pieces {
    /// The browser fills our buffer. Otherwise each piece would be a separate buffer, and hundreds of them would wait
    /// for garbage collection.
    Ours { stream: ReadableStreamByobReader, buffer: Uint8Array },
    /// For browsers that cannot fill a given buffer from a file.
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

    /// Replaces the contents of `into` by the next piece; returns false at the end of the file.
    ///
    /// # Errors
    /// Fails with the error of the browser when it cannot read on.
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
            // Reading transfers the buffer and returns it as a new object.
            *buffer = Uint8Array::new(&bytes.buffer());
        }
        Ok(true)
    }

    /// Cancels the stream.
    pub(crate) async fn stop(self) {
        let stopping = match self {
            Pieces::Ours { stream, .. } => stream.cancel(),
            Pieces::Theirs(stream) => stream.cancel(),
        };
        // Everything needed was read: a failure to cancel does not matter.
        let _ = JsFuture::from(stopping).await;
    }
}
