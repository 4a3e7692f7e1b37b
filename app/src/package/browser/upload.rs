//! Uploads the checked file. `fetch` does not report the progress of an upload, so this uses `XMLHttpRequest`.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{File, FormData, ProgressEvent, XmlHttpRequest};

use super::with_handles;
use crate::error::{Error, ErrorKind};
use crate::forms::{IDEMPOTENCY_KEY, REASON};
use crate::package::upload_state::{CheckedFile, Sending, Step, UploadState};
use crate::paths;

/// Starts the upload of the checked file.
pub(in crate::package) fn upload(upload_state: UploadState) {
    let (Step::Read(checked), Some(file)) =
        (upload_state.step.get_untracked(), with_handles(|handles| handles.file.clone()))
    else {
        return;
    };
    upload_state.sending.set(Sending::Under { sent: 0, total: file.size() as u64 });
    match send(upload_state, &checked, &file) {
        Ok(request) => with_handles(|handles| handles.request = Some(request)),
        Err(_) => refuse(upload_state, "The browser blocked the upload. Reload the page and try again."),
    }
}

/// Cancels the upload in progress, if any.
pub(in crate::package) fn cancel_upload(upload_state: UploadState) {
    if let Some(request) = with_handles(|handles| handles.request.take()) {
        // Without listeners, no event arrives after the page is gone.
        request.set_onload(None);
        request.set_onerror(None);
        let _ = request.abort();
        // The page and its signals may already be disposed of.
        let _ = upload_state.sending.try_update(|sending| {
            let is_all_sent = matches!(&*sending, Sending::Under { sent, total } if sent >= total);
            *sending = Sending::Canceled { is_all_sent };
        });
    }
}

fn send(upload_state: UploadState, checked: &CheckedFile, file: &File) -> Result<XmlHttpRequest, JsValue> {
    let form = FormData::new()?;
    form.append_with_str(REASON, &upload_state.reason.get_untracked())?;
    form.append_with_str(IDEMPOTENCY_KEY, &checked.idempotency_key)?;
    // Last, so that the server has the other fields before the file arrives.
    form.append_with_blob_and_filename("package", file, &checked.file)?;
    let request = XmlHttpRequest::new()?;
    request.open("POST", &upload_state.runtime.with_untracked(|runtime| paths::new_version(runtime)))?;
    request.set_request_header("Accept", "application/json")?;
    let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        let (sent, total) = (event.loaded() as u64, event.total() as u64);
        let _ = upload_state.sending.try_update(|sending| {
            if matches!(sending, Sending::Under { .. }) {
                *sending = Sending::Under { sent, total };
            }
        });
    });
    request.upload()?.set_onprogress(Some(progress.into_js_value().unchecked_ref()));
    let loaded = {
        let request = request.clone();
        Closure::<dyn FnMut()>::new(move || {
            with_handles(|handles| handles.request = None);
            upload_state
                .answered(request.status().unwrap_or(0), &request.response_text().ok().flatten().unwrap_or_default());
        })
    };
    request.set_onload(Some(loaded.into_js_value().unchecked_ref()));
    let failed = Closure::<dyn FnMut()>::new(move || {
        with_handles(|handles| handles.request = None);
        refuse(
            upload_state,
            "Upload interrupted: the server is not reachable, or the file was changed. Retrying is safe.",
        );
    });
    request.set_onerror(Some(failed.into_js_value().unchecked_ref()));
    request.send_with_opt_form_data(Some(&form))?;
    Ok(request)
}

fn refuse(upload_state: UploadState, words: &str) {
    upload_state.sending.set(Sending::Refused(Error::new(ErrorKind::Unavailable, words)));
}
