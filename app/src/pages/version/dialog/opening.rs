//! Opening the dialog.

use leptos::html;
use leptos::prelude::*;

/// Opens the dialog in the next frame: before that, its content is not in the document and cannot be focused.
pub fn open(dialog: NodeRef<html::Dialog>) {
    request_animation_frame(move || {
        if let Some(dialog) = dialog.get_untracked()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
}
