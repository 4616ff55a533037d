//! A message that arrives while an answer is being written, where the agent is to begin anew.
//! What happens where it is to wait stands in `delay.rs`.

use std::time::Duration;

use cavuer_protocol::console::{AgentChanges, MidAnswer};
use cavuer_protocol::{ConversationEvent, MessageId};
use cavuer_tests::provider::{Script, ScriptedProvider};

use crate::support::{Binary, EventStream, Page, Setup, Shop, TestServer, Visitor};

/// Seconds.
const LONGEST_DELAY: u32 = 60;

/// A visitor who reads the first words of an answer that does not go on.
struct Scene {
    provider: ScriptedProvider,
    server: TestServer,
    shop: Shop,
    visitor: Visitor,
    events: EventStream<ConversationEvent>,
    /// The answer's id.
    begun: MessageId,
}

async fn begin_anew(shop: &Shop, response_delay: u32) {
    let changes = AgentChanges {
        mid_answer: Some(MidAnswer::Restart),
        longest_delay: Some(LONGEST_DELAY),
        response_delay: Some(response_delay),
        ..Default::default()
    };
    shop.owner.change_agent(shop.agent.id, &changes).await;
}

impl Scene {
    async fn start(response_delay: u32) -> Self {
        let provider = ScriptedProvider::start().await;
        provider.push(Script::answer("this half is dropped").hold_after(2));
        let server = Setup::default().with_provider(&provider).start().await;
        let shop = server.shop_with("openai/test").await;
        begin_anew(&shop, response_delay).await;
        let visitor = shop.guest().await;
        let mut events = visitor.events().await;
        visitor.say("First").await;
        server.clock.advance(Duration::from_secs(u64::from(response_delay)));
        events.first_words().await;
        provider.wait_until_held(1).await;
        let begun = events.conversation().draft.expect("a growing answer").message_id;
        provider.set_standing(Script::answer("one answer to both"));
        Self { provider, server, shop, visitor, events, begun }
    }
}

#[tokio::test]
async fn one_answer_covers_both_and_what_was_streamed_is_gone() {
    let mut scene = Scene::start(0).await;
    scene.visitor.say("Second").await;
    let answer = scene.events.reply().await;
    assert_eq!(answer.text, "one answer to both");
    assert_ne!(answer.id, scene.begun);
    // The first attempt is not waiting for its provider any more.
    scene.provider.release();
    let requests = scene.provider.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].question(), "First\nSecond");
    assert!(!requests[1].body.to_string().contains("dropped"));

    // Nothing of the first attempt came after the second message.
    let place = scene.events.seen.iter().position(|(_, event)| {
        matches!(event, ConversationEvent::MessageAdded { message } if message.text == "Second")
    });
    let after = format!("{:?}", &scene.events.seen[place.expect("the second message")..]);
    assert!(!after.contains("dropped") && !after.contains(&scene.begun.to_string()), "{after}");
    let conversation = scene.events.conversation();
    assert_eq!((conversation.messages.len(), conversation.draft), (3, None));
    assert_eq!(scene.visitor.conversation().await.messages, conversation.messages);
    scene.server.stop().await;
}

#[tokio::test]
async fn the_new_answer_waits_for_silence_again() {
    let mut scene = Scene::start(10).await;
    scene.visitor.say("Second").await;
    let begun = scene.begun;
    let gone = ConversationEvent::AnswerEnded { message_id: begun };
    scene.events.until(|event| *event == gone).await;
    assert_eq!(scene.events.conversation().draft, None);
    scene.server.clock.advance(Duration::from_secs(9));
    scene.visitor.say("Third").await;
    assert_eq!(scene.provider.requests().len(), 1);
    scene.server.clock.advance(Duration::from_secs(10));
    scene.events.reply().await;
    assert_eq!(scene.provider.requests()[1].question(), "First\nSecond\nThird");
    scene.server.stop().await;
}

#[tokio::test]
async fn somebody_who_keeps_writing_gets_an_answer_all_the_same() {
    let mut scene = Scene::start(0).await;
    // It is begun anew as long as the longest delay since the first question is not over.
    scene.provider.push(Script::answer("the second attempt").hold_after(2));
    scene.server.clock.advance(Duration::from_secs(u64::from(LONGEST_DELAY) - 1));
    scene.visitor.say("Second").await;
    scene.provider.wait_until_held(2).await;
    scene.server.clock.advance(Duration::from_secs(1));
    scene.visitor.say("Third").await;
    scene.provider.release();
    scene.provider.release();
    assert_eq!(scene.events.reply().await.text, "the second attempt");
    assert_eq!(scene.events.reply().await.text, "one answer to both");
    let questions = scene.provider.requests();
    let questions = questions.iter().map(|request| request.question()).collect::<Vec<_>>();
    assert_eq!(questions, ["First", "First\nSecond", "Third"]);
    scene.server.stop().await;
}

#[tokio::test]
async fn an_operator_s_word_is_not_answered_anew() {
    let mut scene = Scene::start(0).await;
    let id = scene.shop.owner.only_conversation().await.id;
    scene.shop.owner.take_over(id).await;
    scene.visitor.say("Second").await;
    scene.visitor.say("Third").await;
    scene.provider.release();
    let taken_over =
        |event: &ConversationEvent| matches!(event, ConversationEvent::HandlingChanged { .. });
    scene.events.until(taken_over).await;
    assert_eq!(scene.provider.requests().len(), 1);
    assert_eq!(scene.visitor.conversation().await.messages.len(), 3);
    scene.server.stop().await;
}

#[tokio::test]
async fn killed_between_the_message_and_the_new_answer() {
    let provider = ScriptedProvider::start().await;
    provider.push(Script::answer("this half is dropped").hold_after(2));
    provider.push(Script::answer("and so is this one").hold_after(2));
    let folder = tempfile::tempdir().unwrap();
    let variables = [("CAVUER_OPENAI_BASE_URL", provider.url())];
    let variables = variables.each_ref().map(|(name, value)| (*name, value.as_str()));
    let binary = Binary::serve(folder.path(), &variables).await;
    let shop = Shop::open(&binary.http, &binary.url, "anna", "openai/test").await;
    begin_anew(&shop, 0).await;
    let visitor = shop.guest().await;
    visitor.say("First").await;
    provider.wait_until_held(1).await;
    visitor.say("Second").await;
    provider.wait_until_held(2).await;
    binary.kill().await;

    provider.set_standing(Script::answer("one answer to both"));
    let binary = Binary::serve(folder.path(), &variables).await;
    let page = Page::new(&binary.http, &binary.url, &shop.channel.token);
    let visitor = page.open(page.claim(Some(&visitor.credentials()), None)).await;
    let mut events = visitor.events().await;
    while events.conversation().messages.len() < 3 {
        events.next().await;
    }
    assert_eq!(provider.requests()[2].question(), "First\nSecond");
    let texts = visitor.conversation().await.messages;
    let texts = texts.iter().map(|message| message.text.as_str()).collect::<Vec<_>>();
    assert_eq!(texts, ["First", "Second", "one answer to both"]);
    binary.stop().await;
}
