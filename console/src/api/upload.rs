//! Sending a file with progress. `fetch` cannot report what has left, so this uses XMLHttpRequest.

use std::rc::Rc;

use js_sys::Promise;
use serde::de::DeserializeOwned;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FormData, ProgressEvent, XmlHttpRequest};

use super::{Api, ApiError, error};

/// A file on its way.
#[derive(Clone)]
pub struct Upload {
    api: Api,
    request: XmlHttpRequest,
    finished: Promise,
    _progress: Rc<Closure<dyn FnMut(ProgressEvent)>>,
}

/// The upload was stopped by [`Upload::cancel`].
#[derive(Clone, Copy, Debug)]
pub struct UploadCancelled;

impl Upload {
    /// Sends the file as the whole content.
    pub(super) fn start(
        api: Api,
        url: &str,
        file: &web_sys::File,
        progress: impl Fn(f64) + 'static,
    ) -> Result<Self, ApiError> {
        Self::begin(api, "POST", url, progress, |request| request.send_with_opt_blob(Some(file)))
    }

    /// Sends the file as a field of a form, which may have a title.
    pub(super) fn start_form(
        api: Api,
        method: &str,
        url: &str,
        title: Option<&str>,
        file: &web_sys::File,
        progress: impl Fn(f64) + 'static,
    ) -> Result<Self, ApiError> {
        let form = FormData::new().map_err(|_| ApiError::Garbled)?;
        Self::begin(api, method, url, progress, |request| {
            if let Some(title) = title {
                form.append_with_str("title", title)?;
            }
            form.append_with_blob("file", file)?;
            request.send_with_opt_form_data(Some(&form))
        })
    }

    fn begin(
        api: Api,
        method: &str,
        url: &str,
        progress: impl Fn(f64) + 'static,
        send: impl FnOnce(&XmlHttpRequest) -> Result<(), JsValue>,
    ) -> Result<Self, ApiError> {
        let request = XmlHttpRequest::new().map_err(|_| ApiError::Garbled)?;
        let on_progress = Closure::new(move |event: ProgressEvent| {
            if event.length_computable() {
                progress(event.loaded() / event.total().max(1.0));
            }
        });
        if let Ok(outgoing) = request.upload() {
            outgoing.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
        }
        let finished = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
        request
            .open(method, url)
            .and_then(|()| send(&request))
            .map_err(|_| ApiError::Unreachable)?;
        Ok(Self { api, request, finished, _progress: Rc::new(on_progress) })
    }

    pub fn cancel(&self) {
        let _ = self.request.abort();
    }

    /// Waits for the server's answer.
    pub async fn finish<T: DeserializeOwned>(self) -> Result<Result<T, ApiError>, UploadCancelled> {
        let _ = JsFuture::from(self.finished.clone()).await;
        if self.request.ready_state() == XmlHttpRequest::UNSENT {
            return Err(UploadCancelled);
        }
        // A request without an answer has status 0.
        let status = self.request.status().unwrap_or_default();
        if status == 0 {
            return Ok(self.api.settle(Err(ApiError::Unreachable)));
        }
        let retry_after = self
            .request
            .get_response_header("retry-after")
            .ok()
            .flatten()
            .and_then(|seconds| seconds.parse().ok());
        let text = self.request.response_text().ok().flatten();
        let answer = error::read(status, retry_after, &text.unwrap_or_default());
        Ok(self.api.settle(answer))
    }
}
