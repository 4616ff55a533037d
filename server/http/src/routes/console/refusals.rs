//! How the endpoints' refusals appear in the OpenAPI document.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

/// Refusals of endpoints that anybody may call.
pub(crate) struct ForAnybody;

/// Refusals of endpoints for whoever is signed in.
pub(crate) struct ForSignedIn;

/// Refusals of endpoints for members of the workspace.
pub(crate) struct ForMembers;

/// Refusals of endpoints that take content.
pub(crate) struct OfContent;

// tidy allows sentences: they describe the interface to developers
const ORIGIN: (u16, &str) = (403, "The request came from another site than the console.");
// tidy allows sentences: they describe the interface to developers
const SIGN_IN: (u16, &str) = (401, "Nobody is signed in.");
// tidy allows sentences: they describe the interface to developers
const UNAVAILABLE: (u16, &str) =
    (503, "The server cannot store anything now; nothing was changed.");

impl IntoResponses for ForAnybody {
    fn responses() -> Responses {
        problems(&[ORIGIN, UNAVAILABLE])
    }
}

impl IntoResponses for ForSignedIn {
    fn responses() -> Responses {
        problems(&[SIGN_IN, ORIGIN, UNAVAILABLE])
    }
}

impl IntoResponses for ForMembers {
    fn responses() -> Responses {
        // tidy allows sentences: they describe the interface to developers
        let unknown = (404, "It does not exist, or belongs to a workspace of somebody else.");
        problems(&[SIGN_IN, ORIGIN, unknown, UNAVAILABLE])
    }
}

impl IntoResponses for OfContent {
    fn responses() -> Responses {
        // tidy allows sentences: they describe the interface to developers
        problems(&[
            (400, "The body cannot be read."),
            (413, "The body is too large."),
            (415, "The body is of a kind that is not taken here."),
            (422, "Fields have to be mended; `fields` names them."),
        ])
    }
}

type Responses = BTreeMap<String, RefOr<Response>>;

fn problems(kinds: &[(u16, &str)]) -> Responses {
    let problem = |description: &str| {
        let schema = Ref::from_schema_name("Problem");
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response = ResponseBuilder::new()
            .description(description)
            .content("application/problem+json", content)
            .build();
        RefOr::T(response)
    };
    kinds.iter().map(|(status, text)| (status.to_string(), problem(text))).collect()
}
