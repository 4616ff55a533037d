use cavuer_base::clock;
use std::time::Duration;

use cavuer_protocol::console::FunctionMethod;
use cavuer_protocol::limits::FUNCTION_RESULT_BYTES;
use futures::StreamExt as _;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Map, Value};
use url::Url;

use super::{Callable, Functions};
use cavuer_models::outbound::Outbound;
use cavuer_protocol::Secret;

/// Shortest word of a header's value that may be a key by itself, in bytes; `Bearer` is none.
const LEAST_KEY_BYTES: usize = 8;

/// What came of a request, in words for the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Whether it is a success.
    pub ok: bool,
    pub text: String,
}

/// Calls a function. The arguments have been checked against its schema.
///
/// The answer is cut at [`FUNCTION_RESULT_BYTES`] and shows none of the function's secrets, even
/// if the called server sends them back.
pub(crate) async fn call(
    functions: &Functions,
    function: &Callable,
    arguments: &Map<String, Value>,
) -> Answer {
    let request = match request(&functions.outbound, function, arguments) {
        Ok(request) => request,
        Err(text) => return Answer { ok: false, text },
    };
    let seconds = u64::from(function.timeout_seconds);
    let answered = clock::timeout(Duration::from_secs(seconds), async {
        let response = request.send().await?;
        read(response, &secrets(function)).await
    });
    let Answer { ok, mut text } = match answered.await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => Answer { ok: false, text: describe(&error).to_owned() },
        // tidy allows sentences: the model that called reads them
        Err(_) => Answer {
            ok: false,
            text: format!(
                "There was no whole answer within {seconds} s. Whether the request had an effect \
                 is not known."
            ),
        },
    };
    for secret in secrets(function) {
        text = secret.redact(&text);
    }
    Answer { ok, text }
}

/// What no answer may tell, longest first: the values of headers, in JSON as well, and of several
/// words in one value each that is long enough to be a key, such as the one behind `Bearer`.
fn secrets(function: &Callable) -> Vec<Secret> {
    let values = function.headers.iter().map(|(_, value)| value.expose());
    let parts = values.flat_map(|value| {
        let words = value.split_whitespace().filter(|word| word.len() >= LEAST_KEY_BYTES);
        words.chain([value]).collect::<Vec<_>>()
    });
    let written = parts.flat_map(|part| {
        let json = Value::from(part).to_string();
        [Secret::new(part), Secret::new(json.trim_matches('"'))]
    });
    let mut secrets = written.collect::<Vec<_>>();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
    secrets
}

fn request(
    outbound: &Outbound,
    function: &Callable,
    arguments: &Map<String, Value>,
) -> Result<RequestBuilder, String> {
    let mut url = function.address.fill(arguments).map_err(|bad| bad.to_string())?;
    let places = function.address.places();
    let others = arguments.iter().filter(|(name, _)| !places.contains(name.as_str()));
    let others = others.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>();
    let in_query = matches!(function.method, FunctionMethod::Get | FunctionMethod::Delete);
    if in_query {
        add_to_query(&mut url, &others);
    }
    let mut request = outbound
        .request(method(function.method), url)
        // tidy allows sentences: the model that called reads them
        .map_err(|refused| format!("The address cannot be called: {refused}."))?;
    for (name, value) in &function.headers {
        request = request.header(name, value.expose());
    }
    Ok(if in_query { request } else { request.json(&others) })
}

fn add_to_query(url: &mut Url, others: &Map<String, Value>) {
    if others.is_empty() {
        return;
    }
    let mut pairs = url.query_pairs_mut();
    for (name, value) in others {
        match value {
            Value::Null => {}
            Value::String(value) => drop(pairs.append_pair(name, value)),
            other => drop(pairs.append_pair(name, &other.to_string())),
        }
    }
}

/// Reads as much as is told, and no more. The end of what is cut off shows no beginning of a
/// secret.
async fn read(response: Response, secrets: &[Secret]) -> reqwest::Result<Answer> {
    let status = response.status();
    let mut bytes = Vec::new();
    let mut pieces = response.bytes_stream();
    let mut is_cut = false;
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        let room = FUNCTION_RESULT_BYTES - bytes.len();
        is_cut = piece.len() > room;
        bytes.extend_from_slice(&piece[..piece.len().min(room)]);
        if is_cut {
            break;
        }
    }
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    text.retain(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    if is_cut {
        for secret in secrets {
            text.truncate(secret.begun_at(&text));
        }
        text.push_str("\n[The answer is longer; the rest was left out.]");
    }
    if status.is_success() {
        let text =
            // tidy allows sentences: the model that called reads them
            if text.trim().is_empty() { "Done; the answer is empty.".to_owned() } else { text };
        return Ok(Answer { ok: true, text });
    }
    let number = status.as_u16();
    // tidy allows sentences: the model that called reads them
    let text = if status.is_redirection() {
        format!("Status {number}: the address leads elsewhere, and redirects are not followed.")
    } else {
        format!("Status {number}.\n{text}").trim_end().to_owned()
    };
    Ok(Answer { ok: false, text })
}

/// An error without addresses: those inside a network are nobody's business.
// tidy allows sentences: the model that called reads them
fn describe(error: &reqwest::Error) -> &'static str {
    if error.is_connect() {
        "The address could not be reached, or it is not a public one. Nothing was sent."
    } else if error.is_builder() || error.is_request() && error.is_timeout() {
        "The request could not be made."
    } else {
        "The connection broke. Whether the request had an effect is not known."
    }
}

const fn method(method: FunctionMethod) -> Method {
    match method {
        FunctionMethod::Get => Method::GET,
        FunctionMethod::Post => Method::POST,
        FunctionMethod::Put => Method::PUT,
        FunctionMethod::Patch => Method::PATCH,
        FunctionMethod::Delete => Method::DELETE,
    }
}
