//! Images, files and voice messages: up to the server, and from there on to the screen.

use std::cell::RefCell;

use cavuer_protocol::limits::ATTACHMENT_BYTES;
use cavuer_protocol::{Attachment, AttachmentContent, AttachmentId, MessageId, ProblemCode};
use reactive_graph::prelude::*;
use wasm_bindgen::prelude::*;

use super::Client;
use crate::api::{Ask, Failure, decode};
use crate::browser::{callback, new_id, now, number_property, string_property};
use crate::outbox::{Delivery, Outgoing, Upload, UploadState};
use crate::wire::written;

/// The kinds of files that are taken, as a file field names them.
pub const ACCEPTED: &str = "image/png,image/jpeg,image/webp,image/gif,application/pdf,.txt";

/// Bytes that the browser holds, chosen or recorded here: `Blob`s.
#[derive(Default)]
pub struct Files(RefCell<Vec<(AttachmentId, JsValue)>>);

impl Files {
    fn get(&self, id: AttachmentId) -> Option<JsValue> {
        let files = self.0.borrow();
        files.iter().find(|(known, _)| *known == id).map(|(_, blob)| blob.clone())
    }
}

impl Client {
    /// Puts files, JavaScript's `File`s, into the composer, and begins to upload them.
    pub fn add_files(&'static self, files: impl IntoIterator<Item = JsValue>) {
        for blob in files {
            let media_type = string_property(&blob, "type").unwrap_or_default();
            let name = string_property(&blob, "name").unwrap_or_default();
            let is_image = media_type.starts_with("image/");
            let content = match is_image {
                true => AttachmentContent::Image { width: 0, height: 0 },
                false => AttachmentContent::File,
            };
            let is_text = name.to_ascii_lowercase().ends_with(".txt");
            let is_taken = is_text || ACCEPTED.split(',').any(|kind| kind == media_type);
            let size = number_property(&blob, "size");
            let mut upload = self.hold(blob, name, media_type, content);
            if size > ATTACHMENT_BYTES as f64 {
                upload.state = UploadState::TooLarge;
            } else if !is_taken {
                upload.state = UploadState::WrongKind;
            }
            self.state.outbox.update(|outbox| outbox.add_file(upload));
        }
        self.send_all();
    }

    /// Takes a file out of the composer.
    pub fn remove_file(&'static self, id: AttachmentId) {
        let uploading = self.state.outbox.try_update(|outbox| {
            let uploading = outbox.next_upload().is_some_and(|upload| upload.file.id == id);
            outbox.uploads.retain(|upload| upload.file.id != id);
            uploading
        });
        if uploading == Some(true) {
            self.api.abort_upload();
            self.outbox_pause.wake();
        }
        self.files.0.borrow_mut().retain(|(known, _)| *known != id);
        self.save_unsent();
    }

    /// Sends what was recorded, as a message of its own.
    pub fn send_voice(&'static self, blob: JsValue, seconds: u32) {
        let content = AttachmentContent::Voice { seconds, transcript: None };
        let media_type = string_property(&blob, "type").unwrap_or_default();
        let name = self.texts().voice_message.clone();
        let id = new_id(MessageId::from_parts);
        let upload = Upload { message: Some(id), ..self.hold(blob, name, media_type, content) };
        self.state.notice.set(String::new());
        self.state.outbox.update(|outbox| {
            outbox.uploads.push(upload);
            outbox.push(Outgoing { id, text: String::new(), at: now() });
        });
        self.save_unsent();
        self.send_all();
    }

    /// The bytes of an attachment, as a `Blob`: from here or from the server.
    pub async fn file(&'static self, id: AttachmentId) -> Option<JsValue> {
        match self.files.get(id) {
            Some(blob) => Some(blob),
            None => self.call(&("attachments/".to_owned() + &written(id.0)), Ask::File).await.ok(),
        }
    }

    fn hold(
        &self,
        blob: JsValue,
        name: String,
        media_type: String,
        content: AttachmentContent,
    ) -> Upload {
        let id = new_id(AttachmentId::from_parts);
        let size = number_property(&blob, "size") as u32;
        self.files.0.borrow_mut().push((id, blob));
        Upload::new(Attachment { id, name, media_type, size, content })
    }

    pub(super) async fn upload(&'static self, id: AttachmentId) {
        self.session.has_written.set(true);
        let file = self.state.outbox.with_untracked(|outbox| {
            let mut uploads = outbox.uploads.iter();
            uploads.find(|upload| upload.file.id == id).map(|upload| upload.file.clone())
        });
        let (Some(file), Some(blob)) = (file, self.files.get(id)) else {
            return self.change_upload(id, |upload| upload.state = UploadState::WrongKind);
        };
        let mut path = "attachments?id=".to_owned() + &written(id.0) + "&name=";
        path.push_str(&String::from(js_sys::encode_uri_component(&file.name)));
        if let AttachmentContent::Voice { seconds, .. } = file.content {
            path = path + "&seconds=" + &seconds.to_string();
        }
        let progress = callback(move |event| {
            let part = number_property(&event, "loaded") / number_property(&event, "total");
            self.change_upload(id, |upload| {
                if upload.is_pending() {
                    upload.state = UploadState::Pending((part * 100.0) as u32);
                }
            });
        });
        let answer = self.call(&path, Ask::Upload(&blob, &progress)).await;
        match answer.and_then(|answer| decode::<Attachment>(&answer)) {
            Ok(file) => self.change_upload(id, |upload| {
                upload.file = file;
                upload.state = UploadState::Done;
            }),
            Err(failure) => self.not_uploaded(id, failure).await,
        }
        self.save_unsent();
    }

    async fn not_uploaded(&'static self, id: AttachmentId, failure: Failure) {
        let message = self.state.outbox.with_untracked(|outbox| {
            let mut uploads = outbox.uploads.iter();
            uploads.find(|upload| upload.file.id == id).map(|upload| upload.message)
        });
        // The visitor may have taken it out meanwhile.
        let Some(message) = message else { return };
        if self.refuse(&failure) {
            self.give_back(&|_| true);
            return self.state.outbox.update(|outbox| outbox.delivery = Delivery::Stopped);
        }
        match failure {
            Failure::Refused { code: ProblemCode::RateLimited, retry_seconds, .. } => {
                self.count_down(retry_seconds).await;
            }
            Failure::Refused { status, code, .. }
                if status < 500 && code != ProblemCode::SessionInvalid =>
            {
                let state =
                    if status == 413 { UploadState::TooLarge } else { UploadState::WrongKind };
                self.change_upload(id, |upload| upload.state = state);
                self.give_back(&|entry| Some(entry.id) == message);
            }
            _ => self.wait_for_better_times().await,
        }
    }

    fn change_upload(&self, id: AttachmentId, change: impl FnOnce(&mut Upload)) {
        self.state.outbox.update(|outbox| {
            if let Some(upload) = outbox.upload_mut(id) {
                change(upload);
            }
        });
    }
}
