//! The response delay: several messages in a row are answered together.

use std::time::Duration;

use cavuer_protocol::console::AgentChanges;
use cavuer_tests::provider::ScriptedProvider;

use crate::support::{Page, Setup, Shop, TestServer, Visitor};

const DELAY: u32 = 10;

/// A shop whose agent waits, and somebody who talks to an agent that does not.
struct Scene {
    provider: ScriptedProvider,
    server: TestServer,
    shop: Shop,
    hasty: Visitor,
}

impl Scene {
    async fn start() -> Self {
        let provider = ScriptedProvider::start().await;
        let server = Setup::default().with_provider(&provider).start().await;
        let shop = server.shop_with("openai/test").await;
        let delay = AgentChanges {
            response_delay: Some(DELAY),
            longest_delay: Some(4 * DELAY),
            ..Default::default()
        };
        shop.owner.change_agent(shop.agent.id, &delay).await;
        let agent = shop.owner.add_agent("Bob", "built-in").await;
        let channel = shop.owner.add_channel(agent.id, &["shop.example"]).await;
        let hasty = Page::new(&server.http, &server.url(), &channel.token).guest().await;
        Self { provider, server, shop, hasty }
    }

    async fn advance(&self, seconds: u64) {
        self.server.clock.advance(Duration::from_secs(seconds));
    }

    /// Asserts that nothing has been asked of the provider although everything that is due now
    /// has been begun: the other agent's answer, which became due last, is there.
    async fn assert_still_waiting(&self) {
        self.hasty.ask("Hello").await;
        assert_eq!(self.provider.requests().len(), 0);
    }
}

#[tokio::test]
async fn each_message_moves_the_answer_back() {
    let scene = Scene::start().await;
    let visitor = scene.shop.guest().await;
    let mut events = visitor.events().await;
    visitor.say("I have a question").await;
    scene.advance(u64::from(DELAY) - 1).await;
    scene.assert_still_waiting().await;
    visitor.say("about tea").await;
    scene.advance(u64::from(DELAY) - 1).await;
    scene.assert_still_waiting().await;
    scene.advance(1).await;
    events.reply().await;

    assert_eq!(scene.provider.requests().len(), 1);
    assert_eq!(scene.provider.requests()[0].question(), "I have a question\nabout tea");
    assert_eq!(visitor.conversation().await.messages.len(), 3);
    scene.server.stop().await;
}

#[tokio::test]
async fn nobody_is_kept_waiting_for_ever() {
    let scene = Scene::start().await;
    let visitor = scene.shop.guest().await;
    let mut events = visitor.events().await;
    // One message each nine seconds would move an answer back for ever.
    for number in 0..4 {
        visitor.say(&format!("part {number}")).await;
        scene.advance(9).await;
        scene.assert_still_waiting().await;
    }
    visitor.say("part 4").await;
    scene.advance(3).await;
    scene.assert_still_waiting().await;
    scene.advance(1).await;
    events.reply().await;
    let expected = "part 0\npart 1\npart 2\npart 3\npart 4";
    assert_eq!(scene.provider.requests()[0].question(), expected);
    scene.server.stop().await;
}

#[tokio::test]
async fn what_comes_during_an_answer_gets_its_own() {
    let scene = Scene::start().await;
    let visitor = scene.shop.guest().await;
    let mut events = visitor.events().await;
    visitor.say("[[hold 2]] First").await;
    scene.advance(u64::from(DELAY)).await;
    scene.provider.wait_until_held(1).await;
    visitor.say("Second").await;
    visitor.say("Third").await;
    scene.advance(u64::from(DELAY)).await;
    scene.hasty.ask("Hello").await;
    assert_eq!(scene.provider.requests().len(), 1, "two answers at once");
    scene.provider.release();
    events.reply().await;
    events.reply().await;
    assert_eq!(scene.provider.requests()[1].question(), "Second\nThird");
    let conversation = events.conversation();
    assert_eq!((conversation.messages.len(), conversation.draft), (5, None));
    scene.server.stop().await;
}

#[tokio::test]
async fn the_wait_survives_a_restart() {
    let scene = Scene::start().await;
    scene.shop.guest().await.say("Hello").await;
    let visitor = scene.shop.guest().await;
    visitor.say("Hello?").await;
    let opened = visitor.opened.clone();
    let server = scene.server.restart().await;
    let page = Page::new(&server.http, &server.url(), &scene.shop.channel.token);
    let mut visitor = page.guest().await;
    visitor.opened = opened;
    let mut events = visitor.events().await;
    server.clock.advance(Duration::from_secs(u64::from(DELAY)));
    events.reply().await;
    scene.provider.wait_for_requests(2).await;
    assert_eq!(visitor.conversation().await.messages.len(), 2);
    server.stop().await;
}
