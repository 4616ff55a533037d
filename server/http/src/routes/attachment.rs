//! How attachments come in and go out, for visitors and operators alike.

use cavuer_base::clock;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use cavuer_protocol::AttachmentId;
use cavuer_protocol::limits::ATTACHMENT_BYTES;
use cavuer_protocol::notice;
use futures::StreamExt as _;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::answers::{ApiError, ApiResult};
use cavuer_engine::attachments::{Upload, UploadRefused};
use cavuer_store::StoredAttachment;

/// Most bytes that are read of an upload. Above [`ATTACHMENT_BYTES`] nothing is kept, but hanging
/// up at once would leave the browser with a broken connection in place of the reason.
const READ_BYTES: usize = 4 * ATTACHMENT_BYTES;
/// Longest time for an upload to come in: ten megabytes at 85 KB a second.
const READ_TIME: Duration = Duration::from_secs(120);
/// Longest name that is looked at, in bytes.
const NAME_BYTES: usize = 1_024;

/// What is known about an upload besides its bytes.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UploadQuery {
    /// Made by the client (UUID version 7). A repeat returns the attachment stored first.
    #[param(value_type = String, format = "uuid")]
    pub id: AttachmentId,
    /// The file's name. Content is told by looking at it; only text has to be called `.txt`.
    #[serde(default)]
    pub name: String,
    /// How long a voice message is.
    #[serde(default)]
    pub seconds: u32,
}

/// A file as it crosses the wire.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[allow(dead_code, reason = "describes a body that is read piece by piece")]
pub(super) struct Bytes(Vec<u8>);

/// Reads an upload's body to its end.
pub(super) async fn read(query: UploadQuery, body: Body) -> ApiResult<Upload> {
    if query.name.len() > NAME_BYTES {
        return Err(ApiError::field("name", notice::attachment_name_too_long()));
    }
    let bytes = clock::timeout(READ_TIME, bounded(body))
        .await
        .map_err(|_| ApiError::BadRequest(notice::upload_too_slow()))??;
    let UploadQuery { id, name, seconds } = query;
    Ok(Upload { id, name, bytes, seconds })
}

async fn bounded(body: Body) -> ApiResult<Vec<u8>> {
    let (mut kept, mut count) = (Vec::new(), 0);
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| ApiError::BadRequest(notice::upload_broke_off()))?;
        count += chunk.len();
        if count <= ATTACHMENT_BYTES {
            kept.extend_from_slice(&chunk);
        } else {
            kept = Vec::new();
        }
        if count > READ_BYTES {
            break;
        }
    }
    if count > ATTACHMENT_BYTES { Err(UploadRefused::TooLarge.into()) } else { Ok(kept) }
}

/// The file, for nobody but the code that asked: a browser that is led to this address saves it
/// and shows nothing, and should it ever be shown all the same it can do nothing.
pub(super) fn file(stored: StoredAttachment) -> Response {
    let StoredAttachment { attachment, bytes } = stored;
    let text = |text: &str| HeaderValue::from_str(text).ok();
    let disposition = disposition(&attachment.name);
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let plain = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, text(&attachment.media_type).unwrap_or(plain));
    let nameless = HeaderValue::from_static("attachment");
    headers.insert(header::CONTENT_DISPOSITION, text(&disposition).unwrap_or(nameless));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'"),
    );
    // A page of another site cannot take it in, not even as a picture.
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The name in both forms of RFC 6266: for old programs in ASCII, for others as it is.
fn disposition(name: &str) -> String {
    let ascii = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') { c } else { '_' });
    let mut text =
        format!("attachment; filename=\"{}\"; filename*=UTF-8''", ascii.collect::<String>());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

impl From<UploadRefused> for ApiError {
    fn from(refused: UploadRefused) -> Self {
        match refused {
            UploadRefused::TooLarge => Self::TooLarge(notice::attachment_too_large()),
            UploadRefused::WrongKind => Self::UnsupportedMediaType(notice::attachment_kind()),
            UploadRefused::NotHere => Self::Forbidden(notice::attachment_kind_not_here()),
            UploadRefused::Invalid(field) => Self::Invalid(vec![field]),
            UploadRefused::Failed(cause) => Self::Internal(cause),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_place_in_the_header() {
        assert_eq!(
            disposition("März \"1\"; x=y.pdf"),
            "attachment; filename=\"M_rz__1_;_x=y.pdf\"; \
             filename*=UTF-8''M%C3%A4rz%20%221%22%3B%20x%3Dy.pdf"
        );
    }
}
