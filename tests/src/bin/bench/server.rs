//! The server in a process of its own, so that its memory and CPU time can be told apart.

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use cavuer::config::{Config, RawConfig};
use cavuer::server::{Surroundings, start};
use cavuer_http::limits::Rates;
use serde_json::json;

use crate::client::ORIGIN;

/// Clock ticks per second in `/proc`; fixed on Linux.
const TICKS_PER_SECOND: f64 = 100.0;

/// A server with an agent and a channel; killed when dropped.
pub(crate) struct Server {
    process: Child,
    pub url: String,
    pub token: String,
    _folder: tempfile::TempDir,
}

/// `bench serve`: the usual server without limits on how often somebody may call.
pub(crate) async fn serve() -> Result<(), Box<dyn Error>> {
    let raw = RawConfig {
        listen: Some("127.0.0.1:0".to_owned()),
        data_dir: std::env::var_os("CAVUER_DATA_DIR").map(Into::into),
        openai_base_url: std::env::var("CAVUER_OPENAI_BASE_URL").ok(),
        ..RawConfig::default()
    };
    let config = Config::check(raw).map_err(|problems| problems.join(" "))?;
    let environment = Surroundings { rates: Rates::unlimited(), ..Surroundings::real(&config) };
    let running = start(config, environment).await?;
    println!("http://{}", running.address);
    cavuer::signals::asked_to_stop().await;
    running.stop().await;
    Ok(())
}

impl Server {
    /// Starts it and sets up an agent that asks the provider at `provider`, or the built-in one.
    pub(crate) async fn start(provider: Option<&str>) -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("serve").env("CAVUER_DATA_DIR", folder.path()).stdout(Stdio::piped());
        if let Some(provider) = provider {
            command.env("CAVUER_OPENAI_BASE_URL", format!("{provider}/v1/"));
        }
        let mut process = command.spawn()?;
        let stdout = process.stdout.take().ok_or("the server has no output")?;
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url)?;
        let url = url.trim().to_owned();
        let model = if provider.is_some() { "openai/gpt-4.1-mini" } else { "built-in" };
        let token = set_up(&url, model).await?;
        Ok(Self { process, url, token, _folder: folder })
    }

    /// Memory in use, in bytes (resident set).
    pub(crate) fn memory(&self) -> Result<u64, Box<dyn Error>> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).ok_or("no VmRSS")?;
        let kilobytes: u64 = line.split_whitespace().nth(1).ok_or("no value")?.parse()?;
        Ok(kilobytes * 1_024)
    }

    /// CPU time used so far, in seconds.
    pub(crate) fn cpu_seconds(&self) -> Result<f64, Box<dyn Error>> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // The name in brackets may hold blanks; the fields after it are numbered from 3.
        let fields = stat.rsplit_once(')').ok_or("no name")?.1.split_whitespace();
        let ticks = fields.skip(11).take(2).map(str::parse::<f64>).sum::<Result<f64, _>>()?;
        Ok(ticks / TICKS_PER_SECOND)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn set_up(url: &str, model: &str) -> Result<String, Box<dyn Error>> {
    let client = reqwest::Client::new();
    let api = format!("{url}/api/console/v1");
    let sign_up = client
        .post(format!("{api}/sign-up"))
        .header("origin", url)
        .json(&json!({
            "name": "Bench", "email": "bench@example.com",
            "password": "for-measuring-only", "workspace": "Bench",
        }))
        .send()
        .await?
        .error_for_status()?;
    let cookie = sign_up.headers()["set-cookie"].to_str()?.split(';').next().unwrap_or_default();
    let cookie = cookie.to_owned();
    let me: serde_json::Value = sign_up.json().await?;
    let workspace = format!("{api}/workspaces/{}", text(&me["workspaces"][0]["id"]));
    let call = |method: reqwest::Method, path: String, body: serde_json::Value| {
        client
            .request(method, format!("{workspace}/{path}"))
            .header("origin", url)
            .header("cookie", &cookie)
            .json(&body)
            .send()
    };
    let post = reqwest::Method::POST;
    let agent = call(post.clone(), "agents".to_owned(), json!({"name": "Ada", "model": model}));
    let agent: serde_json::Value = agent.await?.error_for_status()?.json().await?;
    let path = format!("agents/{}/channels", text(&agent["id"]));
    let channel = call(post, path, json!({"name": "Bench"}));
    let channel: serde_json::Value = channel.await?.error_for_status()?.json().await?;
    let path = format!("channels/{}", text(&channel["id"]));
    let settings = json!({"enabled": true, "allowed_domains": [ORIGIN]});
    call(reqwest::Method::PATCH, path, settings).await?.error_for_status()?;
    Ok(text(&channel["token"]).to_owned())
}

fn text(value: &serde_json::Value) -> &str {
    value.as_str().unwrap_or_default()
}
