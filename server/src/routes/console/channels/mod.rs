//! Widget channels: the places where visitors meet an agent.

pub mod create;
pub mod delete;
pub mod get;
pub mod reveal_secret_key;
pub mod rotate_secret_key;
pub mod update;

use cavuer_protocol::console::Channel;

use crate::app::App;
use crate::store::ChannelRecord;

/// Characters of a secret key after `sk_`.
const SECRET_KEY_CHARS: usize = 40;

fn new_secret_key(app: &App) -> String {
    app.random.token("sk_", SECRET_KEY_CHARS)
}

/// What the console is told about a channel: everything but its secrets.
fn describe(app: &App, record: ChannelRecord) -> Channel {
    let now = app.clock.now();
    Channel {
        id: record.id,
        agent: record.agent,
        name: record.name,
        snippet: snippet(&app.config.public_url(), &record.token),
        token: record.token,
        enabled: record.enabled,
        allowed_domains: record.allowed_domains,
        require_identification: record.require_identification,
        merge_guests: record.merge_guests,
        appearance: record.appearance,
        secret_key_hint: hint(&record.secret_key),
        old_key_valid_until: record.old_key_valid_until.filter(|until| now < *until),
        refusals: app.refusals.of(record.id),
    }
}

/// Address and token need no escaping: the one is a URL, the other has letters and digits only.
fn snippet(public_url: &str, token: &str) -> String {
    format!(r#"<script src="{public_url}/embed.js" data-token="{token}" async></script>"#)
}

/// Enough of a key to recognise it: about 36 of its 238 bits.
fn hint(secret_key: &str) -> String {
    let start = secret_key.get(..5).unwrap_or_default();
    let end = secret_key.get(secret_key.len().saturating_sub(4)..).unwrap_or_default();
    format!("{start}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hint_shows_the_ends_of_a_key_only() {
        assert_eq!(hint("sk_abCDEFGHIJKLMNOPQRSTUVWXYZ0123456789wxyz"), "sk_ab…wxyz");
        assert_eq!(hint(""), "…");
    }

    #[test]
    fn the_snippet_is_the_tag_to_paste() {
        assert_eq!(
            snippet("https://chat.example.com", "wgt_1"),
            "<script src=\"https://chat.example.com/embed.js\" data-token=\"wgt_1\" async></script>"
        );
    }
}
