use serde::de::DeserializeOwned;

use cavuer_protocol::{Problem, ProblemCode};

use crate::text::{fill, t, told};

/// Why a request did not bring what it asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum ApiError {
    /// The server said no, and why.
    Refused {
        problem: Box<Problem>,
        /// Seconds after which a new try may succeed.
        retry_after: Option<u32>,
    },
    /// No answer came, or only one of something in between.
    Unreachable,
    /// The answer could not be read: page and server are of different versions.
    Garbled,
}

impl ApiError {
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Refused { problem, .. } => Some(problem.code),
            Self::Unreachable | Self::Garbled => None,
        }
    }

    pub fn is_not_found(&self) -> bool {
        self.code() == Some(ProblemCode::NotFound)
    }

    /// Whether the same bytes would be refused again, however often they are sent.
    pub fn is_of_content(&self) -> bool {
        use ProblemCode::{PayloadTooLarge, UnsupportedMediaType, ValidationFailed};
        matches!(self.code(), Some(PayloadTooLarge | UnsupportedMediaType | ValidationFailed))
    }

    /// What to tell the reader, with the remedy.
    pub fn message(&self) -> String {
        match self {
            Self::Refused { problem, retry_after } => match (problem.code, retry_after) {
                (ProblemCode::RateLimited, Some(seconds)) => fill(
                    t().common.rate_limited,
                    &[("time", &crate::time::duration_words(*seconds))],
                ),
                _ if problem.notice.is_none() && !problem.fields.is_empty() => {
                    let lines = self.fields().map(|(field, message)| format!("{field}: {message}"));
                    lines.collect::<Vec<_>>().join(" ")
                }
                _ => told(&problem.detail, problem.notice.as_ref()),
            },
            Self::Unreachable => t().common.unreachable.to_owned(),
            Self::Garbled => t().common.garbled.to_owned(),
        }
    }

    /// What is wrong with one field.
    pub fn field(&self, name: &str) -> Option<String> {
        self.fields().find(|(field, _)| *field == name).map(|(_, message)| message)
    }

    /// Every field at fault and what is wrong with it.
    pub fn fields(&self) -> impl Iterator<Item = (&str, String)> {
        let fields = match self {
            Self::Refused { problem, .. } => problem.fields.as_slice(),
            Self::Unreachable | Self::Garbled => &[],
        };
        fields
            .iter()
            .map(|field| (field.field.as_str(), told(&field.message, field.notice.as_ref())))
    }
}

/// Reads an answer: content of the expected type, or a problem.
pub(super) fn read<T: DeserializeOwned>(
    status: u16,
    retry_after: Option<u32>,
    text: &str,
) -> Result<T, ApiError> {
    if (200..300).contains(&status) {
        let text = if text.is_empty() { "null" } else { text };
        return serde_json::from_str(text).map_err(|_| ApiError::Garbled);
    }
    match serde_json::from_str::<Problem>(text) {
        Ok(problem) => Err(ApiError::Refused { problem: Box::new(problem), retry_after }),
        // A proxy that cannot reach the server answers in its own words.
        Err(_) if matches!(status, 502..=504) => Err(ApiError::Unreachable),
        Err(_) => Err(ApiError::Garbled),
    }
}
