//! One request to a provider and the head of its response, whatever it is for.

use cavuer_base::clock::timeout_at;
use reqwest::{RequestBuilder, Response};
use tokio::time::Instant;

use super::provider::ProviderClient;
use crate::error::{LlmError, LlmErrorKind};
use crate::outbound::{self, OutboundRefused};
use crate::protocols::{Failure, retry_after};

/// Most bytes of an error body that are read.
const MAX_ERROR_BODY: usize = 16 * 1024;

impl ProviderClient {
    pub(super) async fn send(
        &self,
        request: RequestBuilder,
        deadline: Instant,
    ) -> Result<Response, LlmError> {
        match timeout_at(deadline, request.send()).await {
            Ok(sent) => sent.map_err(|error| {
                let kind = if outbound::was_private(&error) {
                    LlmErrorKind::PrivateAddress
                } else if error.is_connect() || error.is_builder() {
                    LlmErrorKind::Unreachable
                } else {
                    LlmErrorKind::CutOff
                };
                self.error(kind, &in_full(error))
            }),
            Err(_) => Err(self.error(LlmErrorKind::TimedOut, "no answer to the request")),
        }
    }

    /// Reads what an unsuccessful response says.
    pub(super) async fn failed(
        &self,
        mut response: Response,
        deadline: Instant,
    ) -> (Failure, LlmError) {
        let status = response.status().as_u16();
        let pause = retry_after(response.headers());
        let mut body = Vec::new();
        while body.len() < MAX_ERROR_BODY {
            // The status alone says most of it, so a body that cannot be read is no new error.
            match timeout_at(deadline, response.chunk()).await {
                Ok(Ok(Some(chunk))) => body.extend_from_slice(&chunk),
                _ => break,
            }
        }
        let failure = self.protocol().failure(&body);
        let mut error = self.error(failure.kind(Some(status)), &failure.message);
        error.retry_after = pause.or(failure.retry_after);
        (failure, error)
    }

    /// Reads the body of a successful response, at most `most` bytes of it.
    pub(super) async fn body(
        &self,
        mut response: Response,
        most: usize,
        deadline: Instant,
    ) -> Result<Vec<u8>, LlmError> {
        let mut body = Vec::new();
        loop {
            match timeout_at(deadline, response.chunk()).await {
                Ok(Ok(Some(chunk))) if body.len() + chunk.len() <= most => {
                    body.extend_from_slice(&chunk);
                }
                Ok(Ok(Some(_))) => {
                    return Err(self.error(LlmErrorKind::Malformed, "an answer without end"));
                }
                Ok(Ok(None)) => return Ok(body),
                Ok(Err(error)) => return Err(self.error(LlmErrorKind::CutOff, &in_full(error))),
                Err(_) => return Err(self.error(LlmErrorKind::TimedOut, "the answer does not end")),
            }
        }
    }

    /// The error of a request that was not even begun.
    pub(super) fn refused(&self, refused: &OutboundRefused) -> LlmError {
        let kind = match refused {
            OutboundRefused::NotPublic(_) => LlmErrorKind::PrivateAddress,
            OutboundRefused::Scheme(_) | OutboundRefused::NoHost => LlmErrorKind::Unreachable,
        };
        self.error(kind, &refused.to_string())
    }
}

/// An HTTP client's error with its causes, but without the address, which may hold a password.
pub(super) fn in_full(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
