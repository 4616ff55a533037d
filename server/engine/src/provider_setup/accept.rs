use cavuer_models::protocols::Facts;
use cavuer_models::{Protocol, is_name};
use cavuer_protocol::console::ProviderKind;
use cavuer_protocol::limits::{API_KEY_BYTES, BASE_URL_BYTES, MODEL_NAME_BYTES, PROVIDER_MODELS};
use cavuer_protocol::{Secret, notice};
use url::Url;

use super::ProviderSetup;
use crate::checks::Checks;
use crate::refused::Refused;

/// The protocol of a kind that this server knows.
pub(super) fn kind(
    setup: &ProviderSetup,
    kind: &ProviderKind,
) -> Result<&'static dyn Protocol, Refused> {
    setup.models.protocol(kind).ok_or_else(|| {
        let known: Vec<_> = setup.models.kinds().into_iter().map(|facts| facts.kind).collect();
        let known: Vec<_> = known.iter().map(ProviderKind::as_str).collect();
        Refused::Malformed(notice::provider_kind_unknown(known.join(", ")))
    })
}

/// An address to ask at; the usual one if nothing was typed.
pub(super) fn url(checks: &mut Checks, facts: &Facts, typed: Option<&str>) -> String {
    let typed = typed.map(str::trim).filter(|typed| !typed.is_empty());
    let Some(text) = typed.or(facts.usual_url) else {
        checks.problem("base_url", notice::provider_address_missing());
        return String::new();
    };
    let url = Url::parse(text).ok().filter(|url| {
        let plain = url.username().is_empty() && url.password().is_none();
        let query = url.query().is_none() || facts.url_has_query;
        matches!(url.scheme(), "http" | "https") && url.has_host() && plain && query
    });
    if url.is_none() || text.len() > BASE_URL_BYTES {
        checks.problem("base_url", notice::provider_address_malformed());
    }
    text.to_owned()
}

/// A problem if a provider that answers nobody without a key has none.
pub(super) fn require_key(checks: &mut Checks, facts: &Facts, has_key: bool) {
    if facts.needs_key && !has_key {
        checks.problem("api_key", notice::key_missing(facts.label));
    }
}

/// A key as it is sent in a header. Empty stands for none.
pub(super) fn key(checks: &mut Checks, typed: &Secret) -> Option<Secret> {
    // White space around it is a slip of copying.
    let key = typed.trimmed();
    let sendable = key.expose().chars().all(|c| c.is_ascii_graphic());
    if !sendable || key.expose().len() > API_KEY_BYTES {
        // What was typed is a secret, so it is not repeated.
        checks.problem("api_key", notice::key_malformed());
    }
    (!key.is_empty()).then_some(key)
}

/// Names of models, each once.
pub(super) fn models(checks: &mut Checks, typed: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (place, name) in typed.iter().enumerate() {
        let name = name.trim();
        if name.is_empty() || names.iter().any(|known| known == name) {
            continue;
        }
        if !is_name(name) || name.len() > MODEL_NAME_BYTES {
            checks.problem(format!("models[{place}]"), notice::model_name_malformed());
        }
        names.push(name.to_owned());
    }
    if names.len() > PROVIDER_MODELS {
        checks.problem("models", notice::too_many_models(PROVIDER_MODELS, names.len()));
    }
    names
}

/// Whether a key that was entered for one address may be sent to another: only within the same
/// host. Otherwise whoever can change the address could have the key sent to them.
pub(super) fn is_same_host(one: &str, other: &str) -> bool {
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
        let found = |protocol: &dyn Protocol, typed: &str| {
            problems(|checks| drop(url(checks, &protocol.facts(), Some(typed))))
        };
        let accepted: [(&dyn Protocol, _); 3] = [
            (&Anthropic, ""),
            (&Compatible, "http://localhost:11434/v1"),
            (&Azure, "https://x.openai.azure.com/?api-version=2024-10-21"),
        ];
        for (protocol, typed) in accepted {
            assert_eq!(found(protocol, typed), [""; 0], "{typed}");
        }
        for typed in [
            "",
            "localhost:11434",
            "ftp://x.example",
            "https://user:pass@x.example",
            "https://x.example/?key=1",
        ] {
            assert_eq!(found(&Compatible, typed), ["base_url"], "{typed}");
        }
    }

    #[test]
    fn keys_and_names_can_be_sent() {
        let found = |typed: &str| problems(|checks| drop(key(checks, &Secret::new(typed))));
        assert_eq!(found(" sk-abc\n"), [""; 0]);
        assert_eq!(found("sk abc"), ["api_key"]);
        assert_eq!(found("clé"), ["api_key"]);
        let typed = ["a", " a ", "", "two words"].map(str::to_owned);
        let mut accepted = Vec::new();
        let found = problems(|checks| accepted = models(checks, &typed));
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
