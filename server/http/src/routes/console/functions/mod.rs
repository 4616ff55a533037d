//! Functions: requests that an agent's model may ask for.

pub mod allow;
pub mod calls;
pub mod create;
pub mod delete;
pub mod list;
pub mod of_channel;
pub mod replace;
pub mod try_out;

use axum::http::Method;
use axum::http::{HeaderName, HeaderValue};
use cavuer_protocol::FunctionId;
use cavuer_protocol::console::{SaveFunction, SaveHeader};
use cavuer_protocol::limits::{
    FUNCTION_ADDRESS_CHARS, FUNCTION_DESCRIPTION_CHARS, FUNCTION_HEADER_CHARS, FUNCTION_HEADERS,
    FUNCTION_NAME_CHARS, FUNCTION_PARAMETERS_BYTES, FUNCTION_TIMEOUT_SECONDS, FUNCTIONS,
};

use crate::App;
use crate::answers::{ApiError, ApiResult};
use cavuer_engine::checks::Checks;
use cavuer_engine::functions::{self, Address, Parameters};
use cavuer_models::HAND_OVER_TOOL;
use cavuer_store::{FunctionOutcome, NewHeader, StoredFunction};

/// Headers that belong to the connection or are set by the server itself.
const OWN_HEADERS: [&str; 10] = [
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A function as it is to be stored, and its headers; or every field that has to be mended.
fn accept(
    app: &App,
    id: FunctionId,
    wanted: SaveFunction,
) -> ApiResult<(StoredFunction, Vec<NewHeader>)> {
    let mut checks = Checks::default();
    let name = checks.line("name", &wanted.name, FUNCTION_NAME_CHARS);
    accept_name(&mut checks, &name);
    let description = checks.text("description", &wanted.description, FUNCTION_DESCRIPTION_CHARS);
    if description.is_empty() {
        let message = "Say what it does and when to call it; the model knows nothing else of it.";
        checks.problem("description", message);
    }
    let parameters = accept_parameters(&mut checks, &wanted.parameters);
    let address = checks.line("address", &wanted.address, FUNCTION_ADDRESS_CHARS);
    accept_address(app, &mut checks, &address, parameters.as_ref());
    let (least, most) = (*FUNCTION_TIMEOUT_SECONDS.start(), *FUNCTION_TIMEOUT_SECONDS.end());
    checks.range("timeout_seconds", wanted.timeout_seconds, least, most);
    let headers = accept_headers(app, &mut checks, id, wanted.headers);
    checks.finish().map_err(ApiError::Invalid)?;
    let function = StoredFunction {
        id,
        name,
        description,
        parameters: wanted.parameters.trim().to_owned(),
        method: wanted.method,
        address,
        timeout_seconds: wanted.timeout_seconds,
        enabled: wanted.enabled,
        headers: Vec::new(),
    };
    Ok((function, headers))
}

fn accept_name(checks: &mut Checks, name: &str) {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !name.chars().all(fits) {
        checks.problem("name", "Use letters without accents, digits, _ and - only.");
    } else if name == HAND_OVER_TOOL {
        checks.problem("name", "This name belongs to the built-in function for handing over.");
    }
}

fn accept_parameters(checks: &mut Checks, typed: &str) -> Option<Parameters> {
    if typed.len() > FUNCTION_PARAMETERS_BYTES {
        let message = format!("Use at most {FUNCTION_PARAMETERS_BYTES} bytes.");
        checks.problem("parameters", message);
        return None;
    }
    match Parameters::parse(typed) {
        Ok(parameters) => Some(parameters),
        Err(message) => {
            checks.problem("parameters", message);
            None
        }
    }
}

fn accept_address(app: &App, checks: &mut Checks, typed: &str, parameters: Option<&Parameters>) {
    let address = match Address::parse(typed) {
        Ok(address) => address,
        Err(message) => return checks.problem("address", message),
    };
    let undescribed = |place: &&str| parameters.is_some_and(|known| !known.describes(place));
    if let Some(place) = address.places().into_iter().find(undescribed) {
        let message = format!(
            "{{{place}}} is not among the parameters. Describe it there, or mend its name."
        );
        checks.problem("address", message);
    }
    if let Some(Err(refused)) =
        address.sample().map(|url| app.engine.outbound.request(Method::GET, url))
    {
        let message = format!(
            "This server does not call it: {refused}. Whoever runs the server can allow the host \
             with CAVUER_FUNCTION_HOSTS."
        );
        checks.problem("address", message);
    }
}

fn accept_headers(
    app: &App,
    checks: &mut Checks,
    function: FunctionId,
    wanted: Vec<SaveHeader>,
) -> Vec<NewHeader> {
    if wanted.len() > FUNCTION_HEADERS {
        checks.problem("headers", format!("Use at most {FUNCTION_HEADERS} headers."));
        return Vec::new();
    }
    let mut headers: Vec<NewHeader> = Vec::new();
    for (place, SaveHeader { name, value }) in wanted.into_iter().enumerate() {
        let name = name.trim().to_ascii_lowercase();
        let field = format!("headers[{place}]");
        if HeaderName::from_bytes(name.as_bytes()).is_err() {
            checks.problem(field, "Write a header's name, for example Authorization.");
            continue;
        }
        if OWN_HEADERS.contains(&name.as_str()) {
            checks.problem(field, "This header is the server's own business.");
            continue;
        }
        if headers.iter().any(|(known, _)| *known == name) {
            checks.problem(field, "This header is there twice.");
            continue;
        }
        let sealed = value.map(|value| {
            // White space around it is a slip of copying.
            let value = value.trimmed();
            let text = value.expose();
            if value.is_empty()
                || text.chars().count() > FUNCTION_HEADER_CHARS
                || HeaderValue::from_str(text).is_err()
            {
                let message = format!(
                    "Write its value on one line, with at most {FUNCTION_HEADER_CHARS} characters."
                );
                checks.problem(field, message);
            }
            functions::seal(&app.engine, function, &name, &value)
        });
        headers.push((name, sealed));
    }
    headers
}

/// What was stored, or why nothing was.
fn stored(outcome: FunctionOutcome, thing: &'static str) -> ApiResult<StoredFunction> {
    match outcome {
        FunctionOutcome::Stored(function) => Ok(*function),
        FunctionOutcome::NotFound => Err(ApiError::NotFound(thing)),
        FunctionOutcome::NameTaken => {
            Err(ApiError::field("name", "Another function of this agent has this name."))
        }
        FunctionOutcome::TooMany => Err(ApiError::field(
            "name",
            format!("An agent can have {FUNCTIONS} functions. Delete one first."),
        )),
        FunctionOutcome::ValueMissing(name) => {
            Err(ApiError::field("headers", format!("Enter a value for the header {name}.")))
        }
    }
}
