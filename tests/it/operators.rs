//! A person takes a conversation over, and gives it back.

use cavuer_protocol::console::ConsoleEvent;
use cavuer_protocol::widget::PostMessage;
use cavuer_protocol::{Author, ConversationEvent, Handling, Message, ProblemCode};
use cavuer_tests::provider::{Script, ScriptedProvider};
use reqwest::Method;

use crate::support::{Reply, Setup, TestServer, message_id};

fn by_anna() -> Handling {
    Handling::Operator { name: "anna".to_owned() }
}

#[tokio::test]
async fn taking_over_silences_the_agent_in_the_middle_of_an_answer() {
    let provider = ScriptedProvider::start().await;
    provider.push(Script::answer("this must not appear").hold_after(2));
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    visitor.say("Hello?").await;
    events.first_words().await;
    provider.wait_until_held(1).await;
    let id = shop.owner.only_conversation().await.id;
    let draft = shop.owner.conversation(id).await.conversation.draft.expect("a growing answer");
    assert_eq!(draft.author, Author::Agent { name: "Ada".to_owned() });

    shop.owner.take_over(id).await;
    events
        .until(|event| {
            matches!(event, ConversationEvent::AnswerEnded { message_id } if *message_id == draft.message_id)
        })
        .await;
    let changed = ConversationEvent::HandlingChanged { handling: by_anna() };
    events.until(|event| *event == changed).await;
    provider.release();

    // The agent stays silent while the person answers.
    visitor.say("Are you a person?").await;
    let post = PostMessage::new(message_id(), "**I am.**".to_owned());
    let path = format!("conversations/{id}/messages");
    let posted: Message = shop.owner.post(&path, &post).await;
    assert_eq!(posted.author, Author::Operator { name: "anna".to_owned() });
    assert_eq!(events.reply().await, posted);
    assert_eq!(shop.owner.post::<Message>(&path, &post).await, posted);

    visitor.say("When do you open?").await;
    visitor.say("And on Sunday?").await;
    assert_eq!(provider.requests().len(), 1);
    let conversation = visitor.conversation().await;
    assert_eq!(
        (conversation.messages.len(), conversation.draft, &conversation.handling),
        (5, None, &by_anna())
    );
    assert_eq!(shop.owner.only_conversation().await.handling, by_anna());

    // Handing back: the agent answers what nobody has answered, and only that.
    shop.owner.hand_back(id).await;
    let answer = events.reply().await;
    assert_eq!(answer.author, Author::Agent { name: "Ada".to_owned() });
    assert_eq!(provider.requests()[1].question(), "When do you open?\nAnd on Sunday?");
    let history = provider.requests()[1].body["messages"].to_string();
    assert!(history.contains("I am.") && !history.contains("this must not appear"), "{history}");
    let conversation = visitor.conversation().await;
    assert_eq!((conversation.messages.len(), conversation.handling), (6, Handling::Agent));
    assert_eq!(events.conversation().messages, conversation.messages);
    server.stop().await;
}

#[tokio::test]
async fn what_was_asked_before_the_take_over_is_answered_after_it() {
    let provider = ScriptedProvider::start().await;
    provider.push(Script::answer("never").hold_after(0));
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let mut page = shop.page.clone();
    page.languages = "de-AT, en;q=0.5".to_owned();
    let visitor = page.guest().await;
    let mut events = visitor.events().await;
    visitor.say("Wann?").await;
    provider.wait_until_held(1).await;
    let id = shop.owner.only_conversation().await.id;
    shop.owner.take_over(id).await;
    shop.owner.hand_back(id).await;
    events.reply().await;
    assert_eq!(provider.requests()[1].question(), "Wann?");
    // The visitor's language is remembered, although an operator's click led to the answer.
    let system = provider.requests()[1].body["messages"][0]["content"].to_string();
    assert!(system.contains("browser, de."), "{system}");

    // Nothing is open now, so handing back again brings no second answer.
    shop.owner.take_over(id).await;
    shop.owner.hand_back(id).await;
    visitor.ask("Noch etwas").await;
    assert_eq!(provider.requests().len(), 3);
    server.stop().await;
}

#[tokio::test]
async fn writing_takes_over() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    visitor.ask("Hello").await;
    let mut events = visitor.events().await;
    let mut console = shop.owner.events().await;
    let id = shop.owner.only_conversation().await.id;
    let post = PostMessage::new(message_id(), "Good morning".to_owned());
    let path = format!("conversations/{id}/messages");
    let message: Message = shop.owner.post(&path, &post).await;
    assert_eq!(events.reply().await, message);
    assert_eq!(events.conversation().handling, by_anna());
    let added = ConsoleEvent::InConversation {
        conversation: id,
        event: ConversationEvent::MessageAdded { message },
    };
    console.until(|event| *event == added).await;

    let blank = PostMessage::new(message_id(), " ".to_owned());
    let request = shop.owner.in_workspace(Method::POST, &path).json(&blank);
    Reply::to(request).await.problem(422, ProblemCode::ValidationFailed);
    server.stop().await;
}

#[tokio::test]
async fn an_operators_message_cannot_take_a_visitors_place() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    let question = visitor.say("Hello").await;
    let id = shop.owner.only_conversation().await.id;
    let same_id = PostMessage::new(question.id, "Altered".to_owned());
    let path = format!("conversations/{id}/messages");
    let stored: Message = shop.owner.post(&path, &same_id).await;
    assert_eq!(stored, question);
    assert_eq!(visitor.conversation().await.messages[0], question);
    visitor.ask("Bye").await;
    server.stop().await;
}

#[tokio::test]
async fn the_console_sees_everything_live() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let mut console = shop.owner.events().await;
    let visitor = shop.guest().await;
    let question = visitor.say("Hello").await;
    let in_conversation = |event: &ConsoleEvent| match event {
        ConsoleEvent::InConversation { event, .. } => Some(event.clone()),
        _ => None,
    };
    let added = ConversationEvent::MessageAdded { message: question };
    console.until(|event| in_conversation(event).as_ref() == Some(&added)).await;
    console
        .until(|event| {
            matches!(in_conversation(event), Some(ConversationEvent::AnswerStarted { .. }))
        })
        .await;
    let reply = console
        .until(|event| {
            in_conversation(event).is_some_and(|event| crate::support::is_reply(&event).is_some())
        })
        .await;
    let reply = in_conversation(&reply).and_then(|event| crate::support::is_reply(&event).cloned());
    let begins_with = reply.expect("the reply").text.chars().take(20).collect::<String>();
    console
        .until(|event| matches!(event, ConsoleEvent::ConversationListed { summary } if summary.preview.starts_with(&begins_with)))
        .await;
    server.stop().await;
}
