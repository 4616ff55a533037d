use cavuer_protocol::console::{Agent, ChannelSummary};
use cavuer_protocol::notice::{self, Notice};
use cavuer_store::{AgentChannel, LinkedAgent};

/// An agent, with a warning at each channel that nobody can use.
pub fn agent(stored: LinkedAgent) -> Agent {
    let LinkedAgent { id, settings, articles, channels, created_at } = stored;
    let channels = channels.into_iter().map(channel_summary).collect();
    Agent { id, settings, articles, channels, created_at }
}

fn channel_summary(stored: AgentChannel) -> ChannelSummary {
    let AgentChannel { id, name, enabled, allowed_domains } = stored;
    let is_useless = enabled && allowed_domains.is_some_and(|domains| domains.is_empty());
    let (warning, warning_notice) = Notice::told_if_any(is_useless.then(notice::no_domains_yet));
    ChannelSummary { id, name, enabled, warning, warning_notice }
}

#[cfg(test)]
mod tests {
    use cavuer_protocol::ChannelId;

    use super::*;

    #[test]
    fn a_channel_that_is_on_and_allows_no_domain_is_warned_about() {
        let warning = |enabled, domains: Option<&[&str]>| {
            let domains = domains.map(|all| all.iter().map(ToString::to_string).collect());
            let (id, name) = (ChannelId::from_parts(0, &[0; 10]), "Site".to_owned());
            let stored = AgentChannel { id, name, enabled, allowed_domains: domains };
            channel_summary(stored).warning
        };
        assert_eq!(warning(true, Some(&[])), Some(notice::no_domains_yet().english()));
        for (enabled, domains) in
            [(false, Some(&[] as &[_])), (true, Some(&["example.com"])), (true, None)]
        {
            assert_eq!(warning(enabled, domains), None);
        }
    }
}
