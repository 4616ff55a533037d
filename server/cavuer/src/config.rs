//! Configuration: read once, from flags and environment; every problem is reported at once.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use url::Url;

use cavuer_base::hex;
use cavuer_http::{Settings, SignUpPolicy};
use cavuer_models::protocols::anthropic::Anthropic;
use cavuer_models::protocols::openai::OpenAi;
use cavuer_models::{LlmConfig, Protocol, ProviderConfig};
use cavuer_protocol::Secret;

/// Settings as written by the user. Each is a flag and an environment variable.
#[allow(rustdoc::bare_urls, reason = "the command line's help shows these comments as they are")]
#[derive(Args, Clone, Debug, Default)]
pub struct RawConfig {
    /// Address and port to serve on [default: 127.0.0.1:8080]
    #[arg(long, env = "CAVUER_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Folder that holds the database and the server's key [default: data]
    #[arg(long, env = "CAVUER_DATA_DIR", value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// Address under which browsers reach this server, for example https://chat.example.com
    /// [default: http://localhost and the port]
    #[arg(long, env = "CAVUER_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Who may sign up: `first` (only the first account), `open` (anybody) or `closed`
    /// [default: first]
    #[arg(long, env = "CAVUER_SIGN_UP", value_name = "POLICY")]
    pub sign_up: Option<String>,
    /// Trust the last entry of X-Forwarded-For: `yes` only when a proxy of yours sets it
    /// [default: no]
    #[arg(long, env = "CAVUER_BEHIND_PROXY", value_name = "YES|NO")]
    pub behind_proxy: Option<String>,
    /// How logs are written: `text` or `json` [default: text]
    #[arg(long, env = "CAVUER_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<String>,
    /// Which logs are written, as in `info` or `cavuer=debug` [default: info]
    #[arg(long, env = "CAVUER_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// Key for OpenAI, or for an OpenAI-compatible server
    #[arg(long, env = "CAVUER_OPENAI_API_KEY", value_name = "KEY", hide_env_values = true)]
    pub openai_api_key: Option<Secret>,
    /// Address of the OpenAI-compatible server [default: https://api.openai.com/v1/]
    #[arg(long, env = "CAVUER_OPENAI_BASE_URL", value_name = "URL")]
    pub openai_base_url: Option<String>,
    /// Further models of that server to list, separated by commas
    #[arg(long, env = "CAVUER_OPENAI_MODELS", value_name = "NAMES")]
    pub openai_models: Option<String>,
    /// Key with which providers' keys are sealed in the database, 64 hex digits [default: a file
    /// in the data folder]
    #[arg(long, env = "CAVUER_SEALING_KEY", value_name = "HEX", hide_env_values = true)]
    pub sealing_key: Option<Secret>,
    /// Hosts that agents' functions may call although they are private, separated by commas, for
    /// example crm.internal:8080
    #[arg(long, env = "CAVUER_FUNCTION_HOSTS", value_name = "HOSTS")]
    pub function_hosts: Option<String>,
    /// Key for Anthropic
    #[arg(long, env = "CAVUER_ANTHROPIC_API_KEY", value_name = "KEY", hide_env_values = true)]
    pub anthropic_api_key: Option<Secret>,
    /// Address of Anthropic's API [default: https://api.anthropic.com/]
    #[arg(long, env = "CAVUER_ANTHROPIC_BASE_URL", value_name = "URL")]
    pub anthropic_base_url: Option<String>,
}

/// Settings that have been checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 lets the system choose one.
    pub listen: SocketAddr,
    /// Made at the start if it is not there; relative to where the program was started.
    pub data_dir: PathBuf,
    /// `None`: browsers use whatever address they reached us under.
    pub public_url: Option<Url>,
    /// Who may make an account from outside; the first account only, unless set.
    pub sign_up: SignUpPolicy,
    /// Whether the last entry of `X-Forwarded-For` is believed to be the caller's address.
    pub behind_proxy: bool,
    /// How log lines are written to the standard error.
    pub log_format: LogFormat,
    /// A filter that `tracing_subscriber::EnvFilter` can read.
    pub log: String,
    /// The providers that every workspace can use.
    pub llm: LlmConfig,
    /// Addresses of the private hosts that agents' functions may call, one for each port.
    pub function_hosts: Vec<Url>,
    /// `None`: the file in the data folder.
    pub sealing_key: Option<Secret>,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people, a line for each event.
    Text,
    /// A JSON object for each event.
    Json,
}

impl Config {
    /// Checks everything.
    ///
    /// # Errors
    /// One line for each problem, which names the variable and the remedy.
    pub fn check(raw: RawConfig) -> Result<Self, Vec<String>> {
        let mut problems = Problems::default();
        let config = Self {
            listen: problems.take(
                "CAVUER_LISTEN",
                "an address and a port, for example 127.0.0.1:8080",
                raw.listen.as_deref().unwrap_or("127.0.0.1:8080"),
                |text| text.replace("localhost:", "127.0.0.1:").parse().ok(),
                SocketAddr::from(([127, 0, 0, 1], 8080)),
            ),
            data_dir: raw.data_dir.unwrap_or_else(|| PathBuf::from("data")),
            public_url: raw.public_url.as_deref().and_then(|text| {
                problems.take(
                    "CAVUER_PUBLIC_URL",
                    "an http or https address without a path, for example https://chat.example.com",
                    text,
                    |text| web_address(text).filter(|url| url.path() == "/").map(Some),
                    None,
                )
            }),
            sign_up: problems.choose(
                "CAVUER_SIGN_UP",
                raw.sign_up.as_deref(),
                &[
                    ("first", SignUpPolicy::FirstOnly),
                    ("open", SignUpPolicy::Open),
                    ("closed", SignUpPolicy::Closed),
                ],
            ),
            behind_proxy: problems.choose(
                "CAVUER_BEHIND_PROXY",
                raw.behind_proxy.as_deref(),
                &[("no", false), ("yes", true)],
            ),
            log_format: problems.choose(
                "CAVUER_LOG_FORMAT",
                raw.log_format.as_deref(),
                &[("text", LogFormat::Text), ("json", LogFormat::Json)],
            ),
            log: problems.take(
                "CAVUER_LOG",
                "a log filter, for example info or cavuer=debug",
                raw.log.as_deref().unwrap_or("info"),
                |text| text.parse::<tracing_subscriber::EnvFilter>().ok().map(|_| text.to_owned()),
                String::new(),
            ),
            llm: LlmConfig {
                openai: problems.provider(
                    &OpenAi,
                    raw.openai_api_key,
                    "CAVUER_OPENAI_BASE_URL",
                    raw.openai_base_url,
                ),
                anthropic: problems.provider(
                    &Anthropic,
                    raw.anthropic_api_key,
                    "CAVUER_ANTHROPIC_BASE_URL",
                    raw.anthropic_base_url,
                ),
                openai_models: raw
                    .openai_models
                    .unwrap_or_default()
                    .split(',')
                    .map(|name| name.trim().to_owned())
                    .filter(|name| !name.is_empty())
                    .collect(),
            },
            function_hosts: problems.take(
                "CAVUER_FUNCTION_HOSTS",
                "hosts with or without a port, separated by commas, for example crm.internal:8080",
                raw.function_hosts.as_deref().unwrap_or_default(),
                hosts,
                Vec::new(),
            ),
            sealing_key: raw.sealing_key.map(|key| key.trimmed()).filter(|key| !key.is_empty()),
        };
        // The value itself must not be repeated.
        let is_key = |key: &Secret| hex::decode(key.expose()).is_some_and(|key| key.len() == 32);
        if config.sealing_key.as_ref().is_some_and(|key| !is_key(key)) {
            problems.0.push("CAVUER_SEALING_KEY must be 64 hex digits.".to_owned());
        }
        if problems.0.is_empty() { Ok(config) } else { Err(problems.0) }
    }

    /// What the server's doors need of it.
    pub fn settings(&self) -> Settings {
        Settings {
            public_url: self.public_url.clone(),
            port: self.listen.port(),
            sign_up: self.sign_up,
            behind_proxy: self.behind_proxy,
        }
    }
}

#[derive(Default)]
struct Problems(Vec<String>);

impl Problems {
    fn take<T>(
        &mut self,
        variable: &str,
        expected: &str,
        text: &str,
        read: impl FnOnce(&str) -> Option<T>,
        fallback: T,
    ) -> T {
        read(text.trim()).unwrap_or_else(|| {
            self.0.push(format!("{variable} is {text:?}, but must be {expected}."));
            fallback
        })
    }

    fn choose<T: Copy>(&mut self, variable: &str, text: Option<&str>, choices: &[(&str, T)]) -> T {
        let names = choices.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let (default_name, default) = choices[0];
        self.take(
            variable,
            &format!("one of {}", names.join(", ")),
            text.unwrap_or(default_name),
            |text| choices.iter().find(|(name, _)| *name == text).map(|(_, choice)| *choice),
            default,
        )
    }

    /// A provider is set up once it has a key, or an address of one's own that may need none.
    fn provider(
        &mut self,
        protocol: &'static dyn Protocol,
        key: Option<Secret>,
        url_variable: &str,
        url: Option<String>,
    ) -> Option<ProviderConfig> {
        let api_key = key.unwrap_or_default().trimmed();
        if url.is_none() && api_key.is_empty() {
            return None;
        }
        let base_url = self.take(
            url_variable,
            "an http or https address, for example http://localhost:11434/v1/",
            url.as_deref().or(protocol.facts().usual_url).unwrap_or_default(),
            |text| web_address(text).map(Some),
            None,
        )?;
        Some(ProviderConfig { protocol, base_url, api_key })
    }
}

/// The addresses of hosts; one without a port stands for those of http and of https.
fn hosts(text: &str) -> Option<Vec<Url>> {
    let mut urls = Vec::new();
    for host in text.split(',').map(str::trim).filter(|host| !host.is_empty()) {
        let http = Url::parse(&format!("http://{host}")).ok()?;
        let is_host = http.path() == "/" && !host.ends_with('/') && http.query().is_none();
        if !is_host || http.fragment().is_some() || host.contains('@') {
            return None;
        }
        if http.port().is_none() && !host.ends_with(":80") {
            urls.push(Url::parse(&format!("https://{host}")).ok()?);
        }
        urls.push(http);
    }
    Some(urls)
}

/// An http(s) address without credentials or query.
pub fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    (matches!(url.scheme(), "http" | "https") && url.has_host() && plain).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_set_is_a_configuration() {
        let config = Config::check(RawConfig::default()).unwrap();
        assert_eq!(config.settings().public_url(), "http://localhost:8080");
        assert_eq!(config.sign_up, SignUpPolicy::FirstOnly);
        assert!(!config.behind_proxy);
    }

    #[test]
    fn every_problem_is_reported_at_once_by_name() {
        let text = |text: &str| Some(text.to_owned());
        let problems = Config::check(RawConfig {
            listen: text("here"),
            public_url: text("chat.example.com"),
            sign_up: text("maybe"),
            behind_proxy: text("perhaps"),
            log_format: text("xml"),
            log: text("=="),
            openai_base_url: text("ftp://x"),
            sealing_key: Some("not-very-secret".into()),
            function_hosts: text("fine.internal, http://crm.internal/path"),
            anthropic_base_url: text("https://user:pass@x"),
            ..RawConfig::default()
        })
        .unwrap_err();
        for variable in [
            "CAVUER_LISTEN",
            "CAVUER_PUBLIC_URL",
            "CAVUER_SIGN_UP",
            "CAVUER_BEHIND_PROXY",
            "CAVUER_LOG_FORMAT",
            "CAVUER_LOG ",
            "CAVUER_OPENAI_BASE_URL",
            "CAVUER_ANTHROPIC_BASE_URL",
            "CAVUER_SEALING_KEY",
            "CAVUER_FUNCTION_HOSTS",
        ] {
            let about = problems.iter().filter(|line| line.starts_with(variable)).count();
            assert_eq!(about, 1, "{variable} in {problems:#?}");
        }
        assert_eq!(problems.len(), 10);
        assert!(!problems.concat().contains("very-secret"));
    }

    #[test]
    fn hosts_are_trusted_by_port() {
        let urls = |text| hosts(text).map(|urls| urls.iter().map(Url::to_string).collect());
        assert_eq!(urls(""), Some(Vec::<String>::new()));
        let two = ["https://a.internal/", "http://a.internal/", "http://[::1]:8080/"];
        assert_eq!(urls("a.internal, [::1]:8080"), Some(two.map(str::to_owned).to_vec()));
        assert_eq!(urls("a.internal:80"), Some(vec!["http://a.internal/".to_owned()]));
        for wrong in ["https://a", "a/b", "a/", "a b", "user@a", "a?b", "a#b", ":80"] {
            assert_eq!(urls(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_debug_print_shows_no_key() {
        let raw = RawConfig {
            openai_api_key: Some("key-of-openai".into()),
            anthropic_api_key: Some("key-of-anthropic".into()),
            sealing_key: Some("key-of-".repeat(3).into()),
            ..RawConfig::default()
        };
        let printed = format!("{raw:?}");
        assert!(!printed.contains("key-of"), "{printed}");
        let config = Config::check(RawConfig { sealing_key: None, ..raw }).unwrap();
        let printed = format!("{config:?}");
        assert!(!printed.contains("key-of"), "{printed}");
    }
}
