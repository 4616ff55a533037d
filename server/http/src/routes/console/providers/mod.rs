//! Model providers: where a workspace's answers come from.

pub mod create;
pub mod delete;
pub mod list;
pub mod try_out;
pub mod update;

use cavuer_protocol::console::{AgentUse, Provider, ProviderKind};
use cavuer_protocol::limits::{API_KEY_BYTES, BASE_URL_BYTES, MODEL_NAME_BYTES, PROVIDER_MODELS};
use url::Url;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use cavuer_engine::checks::Checks;
use cavuer_models::protocols::Facts;
use cavuer_models::{Protocol, is_name};
use cavuer_protocol::Secret;
use cavuer_store::StoredProvider;

/// A provider as the console shows it, without its key.
fn describe(app: &App, stored: StoredProvider, used_by: Vec<AgentUse>) -> Provider {
    Provider {
        last_failure: app.engine.provider_failures.of(&stored.id.to_string()),
        id: stored.id,
        name: stored.name,
        kind: stored.kind,
        base_url: stored.base_url,
        key_hint: stored.key_hint,
        models: stored.models,
        used_by,
        created_at: stored.created_at,
    }
}

/// The protocol of a kind that this server knows.
fn accept_kind(app: &App, kind: &ProviderKind) -> ApiResult<&'static dyn Protocol> {
    app.engine.models.protocol(kind).ok_or_else(|| {
        let known: Vec<_> = app.engine.models.kinds().into_iter().map(|facts| facts.kind).collect();
        let known: Vec<_> = known.iter().map(ProviderKind::as_str).collect();
        let detail = format!("The kind of a provider must be one of {}.", known.join(", "));
        ApiError::BadRequest(detail)
    })
}

/// An address to ask at; the usual one if nothing was typed.
fn accept_url(checks: &mut Checks, facts: &Facts, typed: Option<&str>) -> String {
    let typed = typed.map(str::trim).filter(|typed| !typed.is_empty());
    let Some(text) = typed.or(facts.usual_url) else {
        checks.problem(
            "base_url",
            "Write the provider's address, for example http://localhost:11434/v1.",
        );
        return String::new();
    };
    let url = Url::parse(text).ok().filter(|url| {
        let plain = url.username().is_empty() && url.password().is_none();
        let query = url.query().is_none() || facts.url_has_query;
        matches!(url.scheme(), "http" | "https") && url.has_host() && plain && query
    });
    if url.is_none() || text.len() > BASE_URL_BYTES {
        checks.problem(
            "base_url",
            "Write an address that begins with https:// or http://, without a name, a password \
             or a question mark.",
        );
    }
    text.to_owned()
}

/// A key as it is sent in a header. Empty stands for none.
fn accept_key(checks: &mut Checks, typed: &Secret) -> Option<Secret> {
    // White space around it is a slip of copying.
    let key = typed.trimmed();
    let sendable = key.expose().chars().all(|c| c.is_ascii_graphic());
    if !sendable || key.expose().len() > API_KEY_BYTES {
        // What was typed is a secret, so it is not repeated.
        checks.problem("api_key", "Paste the key alone: letters, digits and signs without spaces.");
    }
    (!key.is_empty()).then_some(key)
}

/// A problem if a provider that answers nobody without a key has none.
fn require_key(checks: &mut Checks, facts: &Facts, has_key: bool) {
    if facts.needs_key && !has_key {
        let label = facts.label;
        checks.problem("api_key", format!("{label} answers nobody without a key."));
    }
}

/// Names of models, each once.
fn accept_models(checks: &mut Checks, typed: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (place, name) in typed.iter().enumerate() {
        let name = name.trim();
        if name.is_empty() || names.iter().any(|known| known == name) {
            continue;
        }
        if !is_name(name) || name.len() > MODEL_NAME_BYTES {
            let message = "Write the name as the provider spells it, without spaces.";
            checks.problem(format!("models[{place}]"), message);
        }
        names.push(name.to_owned());
    }
    if names.len() > PROVIDER_MODELS {
        let count = names.len();
        checks
            .problem("models", format!("Use at most {PROVIDER_MODELS} models; these are {count}."));
    }
    names
}

/// Whether a key that was entered for one address may be sent to another: only within the same
/// host. Otherwise whoever can change the address could have the key sent to them.
fn is_same_host(one: &str, other: &str) -> bool {
    match (Url::parse(one), Url::parse(other)) {
        (Ok(one), Ok(other)) => one.origin() == other.origin(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(check: impl FnOnce(&mut Checks)) -> Vec<String> {
        let mut checks = Checks::default();
        check(&mut checks);
        let problems = checks.finish().err().unwrap_or_default();
        problems.into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn addresses_are_whole_and_hold_no_secret() {
        use cavuer_models::protocols::anthropic::Anthropic;
        use cavuer_models::protocols::azure::Azure;
        use cavuer_models::protocols::compatible::Compatible;
        let url = |protocol: &dyn Protocol, typed: &str| {
            problems(|checks| drop(accept_url(checks, &protocol.facts(), Some(typed))))
        };
        let accepted: [(&dyn Protocol, _); 3] = [
            (&Anthropic, ""),
            (&Compatible, "http://localhost:11434/v1"),
            (&Azure, "https://x.openai.azure.com/?api-version=2024-10-21"),
        ];
        for (protocol, typed) in accepted {
            assert_eq!(url(protocol, typed), [""; 0], "{typed}");
        }
        for (protocol, typed) in [
            (&Compatible, ""),
            (&Compatible, "localhost:11434"),
            (&Compatible, "ftp://x.example"),
            (&Compatible, "https://user:pass@x.example"),
            (&Compatible, "https://x.example/?key=1"),
        ] {
            assert_eq!(url(protocol, typed), ["base_url"], "{typed}");
        }
    }

    #[test]
    fn keys_and_names_can_be_sent() {
        let key = |typed: &str| problems(|checks| drop(accept_key(checks, &Secret::new(typed))));
        assert_eq!(key(" sk-abc\n"), [""; 0]);
        assert_eq!(key("sk abc"), ["api_key"]);
        assert_eq!(key("clé"), ["api_key"]);
        let names = ["a", " a ", "", "two words"].map(str::to_owned);
        let mut accepted = Vec::new();
        let found = problems(|checks| accepted = accept_models(checks, &names));
        assert_eq!(found, ["models[3]"]);
        assert_eq!(accepted[0], "a");
    }

    #[test]
    fn a_key_stays_with_its_host() {
        assert!(is_same_host("https://x.example/v1", "https://x.example:443/v2"));
        for other in
            ["https://y.example/v1", "http://x.example/v1", "https://x.example:8443/v1", ""]
        {
            assert!(!is_same_host("https://x.example/v1", other), "{other}");
        }
    }
}
