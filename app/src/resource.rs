//! Data of a page: read on the server, sent with the page as JSON, read again in the browser when its source changes.

use std::future::Future;

use leptos::prelude::*;
use leptos::server::codee::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The encoding of [`PageData`]. Leptos' own JSON encoding reads from text while server functions read from bytes: every
/// type would be read by two copies of its code, 12 kB of the first load.
pub struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, serde_json::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

/// Data that changes with its source.
pub type PageData<T> = Resource<T, Json>;

/// Reads data with `read`, again whenever the value of `source` changes.
pub fn page_data<S, T, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    read: impl Fn(S) -> F + Send + Sync + 'static,
) -> PageData<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, read, false)
}

/// A value that the server renders a page with, also in the browser during hydration.
pub fn shared<T>(make: impl FnOnce() -> T) -> T
where
    T: Serialize + DeserializeOwned,
{
    SharedValue::<T, Json>::new_with_encoding(make).into_inner()
}
