use cavuer_models::HAND_OVER_TOOL;
use cavuer_protocol::console::{SaveFunction, SaveHeader};
use cavuer_protocol::limits::{
    FUNCTION_ADDRESS_CHARS, FUNCTION_DESCRIPTION_CHARS, FUNCTION_HEADER_CHARS, FUNCTION_HEADERS,
    FUNCTION_NAME_CHARS, FUNCTION_PARAMETERS_BYTES, FUNCTION_TIMEOUT_SECONDS,
};
use cavuer_protocol::{FieldProblem, FunctionId, notice};
use cavuer_store::{NewHeader, StoredFunction};
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};

use super::{Address, Functions, Parameters};
use crate::checks::Checks;

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
pub(super) fn accept(
    functions: &Functions,
    id: FunctionId,
    wanted: SaveFunction,
) -> Result<(StoredFunction, Vec<NewHeader>), Vec<FieldProblem>> {
    let mut checks = Checks::default();
    let name = checks.line("name", &wanted.name, FUNCTION_NAME_CHARS);
    accept_name(&mut checks, &name);
    let description = checks.text("description", &wanted.description, FUNCTION_DESCRIPTION_CHARS);
    if description.is_empty() {
        checks.problem("description", notice::function_undescribed());
    }
    let parameters = accept_parameters(&mut checks, &wanted.parameters);
    let address = checks.line("address", &wanted.address, FUNCTION_ADDRESS_CHARS);
    accept_address(functions, &mut checks, &address, parameters.as_ref());
    let (least, most) = (*FUNCTION_TIMEOUT_SECONDS.start(), *FUNCTION_TIMEOUT_SECONDS.end());
    checks.range("timeout_seconds", wanted.timeout_seconds, least, most);
    let headers = accept_headers(functions, &mut checks, id, wanted.headers);
    checks.finish()?;
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
        checks.problem("name", notice::function_name_letters());
    } else if name == HAND_OVER_TOOL {
        checks.problem("name", notice::function_name_built_in());
    }
}

fn accept_parameters(checks: &mut Checks, typed: &str) -> Option<Parameters> {
    if typed.len() > FUNCTION_PARAMETERS_BYTES {
        checks.problem("parameters", notice::parameters_too_long(FUNCTION_PARAMETERS_BYTES));
        return None;
    }
    match Parameters::parse(typed) {
        Ok(parameters) => Some(parameters),
        Err(notice) => {
            checks.problem("parameters", notice);
            None
        }
    }
}

fn accept_address(
    functions: &Functions,
    checks: &mut Checks,
    typed: &str,
    parameters: Option<&Parameters>,
) {
    let address = match Address::parse(typed) {
        Ok(address) => address,
        Err(notice) => return checks.problem("address", notice),
    };
    let undescribed = |place: &&str| parameters.is_some_and(|known| !known.describes(place));
    if let Some(place) = address.places().into_iter().find(undescribed) {
        checks.problem("address", notice::undescribed_place(place));
    }
    if let Some(Err(refused)) =
        address.sample().map(|url| functions.outbound.request(Method::GET, url))
    {
        checks.problem("address", notice::address_not_called(refused.reason()));
    }
}

fn accept_headers(
    functions: &Functions,
    checks: &mut Checks,
    function: FunctionId,
    wanted: Vec<SaveHeader>,
) -> Vec<NewHeader> {
    if wanted.len() > FUNCTION_HEADERS {
        checks.problem("headers", notice::too_many_headers(FUNCTION_HEADERS));
        return Vec::new();
    }
    let mut headers: Vec<NewHeader> = Vec::new();
    for (place, SaveHeader { name, value }) in wanted.into_iter().enumerate() {
        let name = name.trim().to_ascii_lowercase();
        let field = format!("headers[{place}]");
        if HeaderName::from_bytes(name.as_bytes()).is_err() {
            checks.problem(field, notice::header_name_malformed());
            continue;
        }
        if OWN_HEADERS.contains(&name.as_str()) {
            checks.problem(field, notice::header_of_server());
            continue;
        }
        if headers.iter().any(|(known, _)| *known == name) {
            checks.problem(field, notice::header_twice());
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
                checks.problem(field, notice::header_value_malformed(FUNCTION_HEADER_CHARS));
            }
            super::seal(functions, function, &name, &value)
        });
        headers.push((name, sealed));
    }
    headers
}
