use cavuer_protocol::Timestamp;
use cavuer_protocol::console::{Channel, Refusal};
use cavuer_store::WidgetChannel;

use crate::channels::{secret_key_hint, snippet};

/// A widget with everything but its secrets, at `now`: for pages that reach the server at
/// `public_url`, with the pages that were refused lately.
pub fn channel(
    stored: WidgetChannel,
    public_url: &str,
    refusals: Vec<Refusal>,
    now: Timestamp,
) -> Channel {
    Channel {
        id: stored.channel.id,
        agent: stored.channel.agent,
        name: stored.channel.name,
        snippet: snippet(public_url, &stored.token),
        token: stored.token,
        enabled: stored.channel.enabled,
        allowed_domains: stored.allowed_domains,
        require_identification: stored.channel.require_identification,
        merge_guests: stored.channel.merge_guests,
        limits: stored.channel.limits,
        attachments: stored.channel.attachments,
        appearance: stored.appearance,
        secret_key_hint: secret_key_hint(&stored.secret_key),
        old_key_valid_until: stored.old_key_valid_until.filter(|until| now < *until),
        refusals,
    }
}
