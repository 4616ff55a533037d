//! The main path: a visitor asks, the answer grows on the screen, and then it stands.

use cavuer_protocol::console::AgentChanges;
use cavuer_protocol::{Author, ConversationEvent, Handling};
use cavuer_tests::provider::{Script, ScriptedProvider};

use crate::support::{Setup, TestServer};

/// Model and path of each protocol.
const PROVIDERS: [(&str, &str); 2] = [
    ("openai/gpt-4.1-mini", "/v1/chat/completions"),
    ("anthropic/claude-haiku-4-5", "/v1/messages"),
];

const OPENING_HOURS: &str = "We are open from Monday to Friday, 9:00 to 18:00. \
    On Saturday the shop opens at 10:00. It is closed on Sunday.";

#[tokio::test]
async fn the_built_in_answerer_quotes_the_linked_article() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    shop.owner.add_article(shop.agent.id, "Opening hours, times", OPENING_HOURS).await;
    // Another article of the same workspace that the agent must not use.
    shop.owner
        .post::<serde_json::Value>(
            "articles",
            &serde_json::json!({"title": "Opening hours of the office", "content": "Never on Monday."}),
        )
        .await;
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    let question = visitor.say("What are your opening hours?").await;
    let answer = events.reply().await;

    assert_eq!(question.author, Author::Visitor);
    assert_eq!(answer.author, Author::Agent { name: "Ada".to_owned() });
    assert!(answer.text.contains("Monday to Friday, 9:00 to 18:00"), "{}", answer.text);
    assert!(answer.text.contains("Opening hours, times"), "{}", answer.text);
    assert!(!answer.text.contains("Never on Monday"), "{}", answer.text);
    assert_eq!(visitor.conversation().await.messages, [question, answer]);
    server.stop().await;
}

#[tokio::test]
async fn what_the_articles_do_not_cover_is_said_plainly() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    shop.owner.add_article(shop.agent.id, "Opening hours", OPENING_HOURS).await;
    let answer = shop.guest().await.ask("Which wavelength does your laser have?").await;
    assert!(answer.text.contains("couldn't find an answer"), "{}", answer.text);
    assert!(answer.text.contains("a person from the team"), "{}", answer.text);
    assert!(!answer.text.contains("9:00"), "{}", answer.text);
    server.stop().await;
}

#[tokio::test]
async fn an_answer_of_a_provider_grows_and_is_replaced_by_the_message() {
    for (model, path) in PROVIDERS {
        let provider = ScriptedProvider::start().await;
        let pieces = ["The ", "tea ", "costs ", "4 € ", "\u{1f375}."];
        provider.push(Script::pieces(pieces).hold_after(2));
        let server = Setup::default().with_provider(&provider).start().await;
        let shop = server.shop_with(model).await;
        shop.owner.add_article(shop.agent.id, "Prices, tea", "A cup of tea costs 4 €.").await;
        let instruction = Some("Sell tea.".to_owned());
        let changes = AgentChanges { instruction, temperature: Some(0.25), ..Default::default() };
        shop.owner.change_agent(shop.agent.id, &changes).await;

        let visitor = shop.guest().await;
        let mut events = visitor.events().await;
        visitor.say("How much is a cup of tea?").await;
        events.first_words().await;
        let draft = events.conversation().draft.expect("a growing answer");
        assert!("The tea ".starts_with(&draft.text) && !draft.text.is_empty(), "{draft:?}");
        provider.release();
        let answer = events.reply().await;
        assert_eq!(answer.id, draft.message_id);
        assert_eq!(answer.text, "The tea costs 4 € \u{1f375}.");

        // Typing, then growing text under the id that the message has in the end.
        let ConversationEvent::Snapshot { conversation } = &events.seen[0].1 else { panic!() };
        assert_eq!(conversation.messages, []);
        let mut text = String::new();
        let mut started = false;
        for (_, event) in &events.seen {
            match event {
                ConversationEvent::AnswerStarted { message_id, author } => {
                    assert_eq!(*message_id, answer.id);
                    assert_eq!(*author, answer.author);
                    started = true;
                }
                ConversationEvent::AnswerDelta { message_id, offset, text: piece } => {
                    assert!(started);
                    assert_eq!(*message_id, answer.id);
                    assert_eq!(*offset as usize, text.len());
                    text.push_str(piece);
                }
                _ => {}
            }
        }
        assert!(answer.text.starts_with(&text) && !text.is_empty(), "{text:?}");
        let conversation = events.conversation();
        assert_eq!((conversation.draft, conversation.handling), (None, Handling::Agent));
        assert_eq!(conversation.messages.len(), 2);

        let [request] = &provider.requests()[..] else { panic!("one request") };
        assert_eq!(request.path, path);
        assert_eq!(request.question(), "How much is a cup of tea?");
        assert_eq!(request.body["temperature"], 0.25);
        let sent = request.body.to_string();
        assert!(sent.contains("Sell tea.") && sent.contains("A cup of tea costs 4 €."), "{sent}");
        assert!(!sent.contains(&shop.secret_key) && !sent.contains(visitor.id()), "{sent}");
        server.stop().await;
    }
}

#[tokio::test]
async fn the_next_question_carries_the_conversation() {
    let provider = ScriptedProvider::start().await;
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let visitor = shop.guest().await;
    let other = shop.guest().await;
    other.ask("[[say Of another visitor.]]").await;
    visitor.ask("[[say First answer.]]").await;
    visitor.ask("[[say Second answer.]]").await;

    let requests = provider.requests();
    let messages = requests.last().unwrap().body["messages"].as_array().unwrap().clone();
    let texts = messages[1..].iter().map(|message| message["content"].as_str().unwrap());
    let texts = texts.collect::<Vec<_>>();
    assert_eq!(texts, ["[[say First answer.]]", "First answer.", "[[say Second answer.]]"]);
    server.stop().await;
}

#[tokio::test]
async fn two_tabs_see_the_same() {
    let provider = ScriptedProvider::start().await;
    provider.push(Script::answer("one two three").hold_after(2));
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let visitor = shop.guest().await;
    let mut first = visitor.events().await;
    visitor.say("Hello?").await;
    first.first_words().await;
    provider.wait_until_held(1).await;

    // A second tab comes in the middle of the answer and finds it half written.
    let second_tab = visitor.reloaded().await;
    let draft = second_tab.opened.conversation.draft.clone().expect("a growing answer");
    assert!("one two three".starts_with(&draft.text), "{draft:?}");
    let mut second = second_tab.events().await;
    provider.release();
    let answer = first.reply().await;
    assert_eq!(second.reply().await, answer);
    assert_eq!(answer.id, draft.message_id);
    assert_eq!(second.conversation(), first.conversation());
    server.stop().await;
}

#[tokio::test]
async fn a_model_without_a_key_fails_with_the_reason_in_the_console() {
    let server = TestServer::start().await;
    let shop = server.shop_with("openai/gpt-4.1").await;
    let visitor = shop.guest().await;
    let line = visitor.ask("Hello?").await;
    assert_eq!(line.author, Author::System);
    assert!(!line.text.contains("key") && !line.text.contains("OpenAI"), "{}", line.text);
    let failure = shop.owner.only_conversation().await.failure.expect("a reason");
    assert!(failure.contains("CAVUER_OPENAI_API_KEY"), "{failure}");
    server.stop().await;
}
