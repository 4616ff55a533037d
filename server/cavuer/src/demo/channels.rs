//! The demo's channels: one for everybody, one for identified visitors.

use cavuer_protocol::console::{Appearance, ChannelChanges, NewChannel};
use cavuer_protocol::widget::Position;
use cavuer_protocol::{ChannelId, WorkspaceId};

use super::record::{Record, SHOP};
use super::refusals::{failed, refused};
use cavuer_engine::channels;
use cavuer_http::App;
use cavuer_store::WidgetChannel;

/// The shop's own colour, on which white is readable.
const COLOR: &str = "#0f766e";

/// A channel as it is set up once.
struct Plan {
    id: ChannelId,
    name: &'static str,
    greeting: &'static str,
    require_identification: bool,
}

/// Makes the channels that are missing, lets the others follow the shop to its present address,
/// and returns the public token of the one for everybody.
pub(super) async fn ensure(
    app: &App,
    workspace: WorkspaceId,
    record: &Record,
    domains: &[String],
) -> Result<String, String> {
    let shop = Plan {
        id: record.shop,
        name: "Shop",
        greeting: "Hello, I'm Ada. Ask me about opening hours, delivery, returns or prices.",
        require_identification: false,
    };
    let members = Plan {
        id: record.members,
        name: "Members only",
        greeting: "Welcome back. What can I do for you?",
        require_identification: true,
    };
    let shop = ensure_one(app, workspace, record, shop, domains).await?;
    ensure_one(app, workspace, record, members, domains).await?;
    Ok(shop.token)
}

async fn ensure_one(
    app: &App,
    workspace: WorkspaceId,
    record: &Record,
    plan: Plan,
    domains: &[String],
) -> Result<WidgetChannel, String> {
    let id = plan.id;
    let found = app.engine.store.channel(workspace, id).await.map_err(failed)?;
    let changes = match found {
        Some(channel) if record.complete && record.domains == domains => return Ok(channel),
        Some(channel) if record.complete => ChannelChanges {
            allowed_domains: Some(moved(&channel.allowed_domains, &record.domains, domains)),
            ..ChannelChanges::default()
        },
        Some(_) => plan.settings(domains),
        None => {
            let new = NewChannel { name: plan.name.to_owned() };
            channels::create_as(&app.engine.channels, workspace, record.agent, id, new)
                .await
                .map_err(refused)?;
            plan.settings(domains)
        }
    };
    channels::change(&app.engine.channels, workspace, id, changes).await.map_err(refused)
}

impl Plan {
    fn settings(&self, domains: &[String]) -> ChannelChanges {
        ChannelChanges {
            enabled: Some(true),
            allowed_domains: Some(domains.to_vec()),
            require_identification: Some(self.require_identification),
            appearance: Some(Appearance {
                title: SHOP.to_owned(),
                greeting: self.greeting.to_owned(),
                color: COLOR.to_owned(),
                position: Position::Right,
            }),
            ..ChannelChanges::default()
        }
    }
}

/// A channel's domains with the shop's new address in the place of its old one.
fn moved(domains: &[String], from: &[String], to: &[String]) -> Vec<String> {
    let others = domains.iter().filter(|domain| !from.contains(domain) && !to.contains(domain));
    to.iter().chain(others).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shop_moves_and_other_domains_stay() {
        let list = |domains: &[&str]| domains.iter().map(|&d| d.to_owned()).collect::<Vec<_>>();
        let moved = moved(
            &list(&["localhost:3000", "example.com", "127.0.0.1:3000"]),
            &list(&["localhost:3000", "127.0.0.1:3000"]),
            &list(&["localhost:4000", "127.0.0.1:4000"]),
        );
        assert_eq!(moved, ["localhost:4000", "127.0.0.1:4000", "example.com"]);
    }
}
