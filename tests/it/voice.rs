//! Voice messages: who hears them, what is paid for, and what is done when nobody can.

use std::time::Duration;

use cavuer_protocol::console::{
    AgentChanges, AgentUsage, AnswerUsage, AttachmentPolicy, ConversationSummary, SpeechModel,
};
use cavuer_protocol::limits::{MESSAGE_CHARS, VOICE_BYTES, VOICE_SECONDS};
use cavuer_protocol::{Attachment, AttachmentContent, Author, ConversationEvent, Message};
use cavuer_tests::provider::{Script, ScriptedProvider};
use reqwest::Method;

use crate::attachments::{VOICE, new_id, post, set, upload};
use crate::support::{EventStream, Reply, Setup, Shop, TestServer, Visitor, in_time};

const MODEL: &str = "openai/gpt-4.1-mini";

async fn process_audio(shop: &Shop) {
    let changes = AgentChanges { process_audio: Some(true), ..Default::default() };
    shop.owner.change_agent(shop.agent.id, &changes).await;
}

/// Sends a voice message and waits for the answer.
async fn speak(visitor: &Visitor) -> Message {
    let voice = upload(visitor, "voice.webm", VOICE).await;
    let mut events = visitor.events().await;
    let sent: Message = post(visitor, "", &[voice.id]).await.json();
    loop {
        let reply = events.reply().await;
        if reply.seq > sent.seq {
            return reply;
        }
    }
}

fn transcript(message: &Message) -> Option<&str> {
    match &message.attachments.first()?.content {
        AttachmentContent::Voice { transcript, .. } => transcript.as_deref(),
        AttachmentContent::Image { .. } | AttachmentContent::File => None,
    }
}

/// Waits until an attempt has failed, and lets the pause after it pass.
async fn until_retried(server: &TestServer, events: &mut EventStream<ConversationEvent>) {
    // Each attempt starts the answer, and each that is to be repeated starts it over.
    for _ in 0..2 {
        events.until(|event| matches!(event, ConversationEvent::AnswerStarted { .. })).await;
    }
    server.clock.advance(Duration::from_secs(10));
}

async fn shop_of(provider: &ScriptedProvider) -> (TestServer, Shop) {
    let server = Setup::default().with_provider(provider).start().await;
    let shop = server.shop_with(MODEL).await;
    set(&shop, AttachmentPolicy::On).await;
    (server, shop)
}

#[tokio::test]
async fn what_is_said_is_answered_as_if_it_were_typed() {
    let provider = ScriptedProvider::start().await;
    provider.set_transcript("Are you open on Sunday?");
    let (server, shop) = shop_of(&provider).await;
    process_audio(&shop).await;
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    let mut console = shop.owner.events().await;
    assert!(matches!(speak(&visitor).await.author, Author::Agent { .. }));

    let [recording] = &provider.recordings()[..] else { panic!("{:?}", provider.recordings()) };
    assert_eq!((recording.model.as_str(), recording.bytes.as_slice()), ("whisper-1", VOICE));
    assert_eq!(
        (recording.file.as_str(), recording.media_type.as_str()),
        ("voice.webm", "audio/webm")
    );
    assert!(recording.authorization.contains("key-for-openai"));
    assert_eq!(provider.requests()[0].question(), "Are you open on Sunday?");

    // Everybody who looks sees the words, live and later.
    let heard = |message: &Message| transcript(message) == Some("Are you open on Sunday?");
    let shown = |event: &ConversationEvent| matches!(event, ConversationEvent::MessageAdded { message } if heard(message));
    events.until(shown).await;
    console
        .until(|event| {
            use cavuer_protocol::console::ConsoleEvent::InConversation;
            matches!(event, InConversation { event, .. } if shown(event))
        })
        .await;
    assert!(heard(&visitor.conversation().await.messages[0]));
    let id = shop.owner.only_conversation().await.id;
    assert!(heard(&shop.owner.conversation(id).await.conversation.messages[0]));

    // It is part of the conversation from then on, and not listened to again.
    visitor.ask("And on Monday?").await;
    assert_eq!(provider.requests()[1].texts()[0], "Are you open on Sunday?");
    assert_eq!(provider.recordings().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn what_was_heard_is_not_paid_for_twice() {
    let provider = ScriptedProvider::start().await;
    provider.set_transcript("Are you open?");
    let (server, shop) = shop_of(&provider).await;
    process_audio(&shop).await;
    let visitor = shop.guest().await;
    // The answer fails and is tried again.
    provider.push(Script::status(500));
    let mut events = visitor.events().await;
    let voice = upload(&visitor, "voice.webm", VOICE).await;
    post(&visitor, "", &[voice.id]).await.json::<Message>();
    until_retried(&server, &mut events).await;
    assert!(matches!(events.reply().await.author, Author::Agent { .. }));
    assert_eq!(provider.requests().len(), 2);
    assert_eq!(provider.recordings().len(), 1);

    // The server ends in the middle of an answer.
    provider.push(Script::answer("Never finished").hold_after(1));
    let voice = upload(&visitor, "voice.webm", VOICE).await;
    post(&visitor, "", &[voice.id]).await.json::<Message>();
    provider.wait_until_held(1).await;
    let server = server.restart().await;
    provider.wait_for_requests(4).await;
    assert_eq!(provider.requests()[3].question(), "Are you open?");
    assert_eq!(provider.recordings().len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn what_hearing_takes_is_counted_apart_from_the_answer() {
    let provider = ScriptedProvider::start().await;
    let (server, shop) = shop_of(&provider).await;
    process_audio(&shop).await;
    let usage = async || {
        let path = format!("agents/{}/usage", shop.agent.id);
        let usage: AgentUsage = shop.owner.get(&path).await;
        (usage.answers, usage.input_tokens, usage.output_tokens, usage.cost_micros)
    };
    // What nobody can answer is paid for as well.
    provider.push_recording(Script::answer(" "));
    speak(&shop.guest().await).await;
    assert_eq!(usage().await, (0, 14, 6, 0));

    provider.push(Script::answer("Yes.").with_usage(1_000, 100));
    let visitor = shop.guest().await;
    let path = format!("/attachments?id={}&name=voice&seconds=30", new_id());
    let upload = visitor.request(Method::POST, &path).body(VOICE);
    let voice: Attachment = Reply::to(upload).await.json();
    let mut events = visitor.events().await;
    post(&visitor, "", &[voice.id]).await.json::<Message>();
    events.until(|event| matches!(event, ConversationEvent::MessageAdded { message } if matches!(message.author, Author::Agent { .. }))).await;
    // Half a minute of speech for 0.3 cents, and the answer.
    let expected = (1, 1_028, 112, 3_000 + 560);
    in_time("the count", async { while usage().await != expected {} }).await;
    let all = shop.owner.conversations().await;
    let is_hers = |line: &&ConversationSummary| line.visitor.id == visitor.id();
    let conversation = all.iter().find(is_hers).expect("her conversation").id;
    let path = format!("conversations/{conversation}/usage");
    let answers: Vec<AnswerUsage> = shop.owner.get(&path).await;
    assert_eq!((answers.len(), answers[0].input_tokens), (1, Some(1_000)));
    server.stop().await;
}

#[tokio::test]
async fn nobody_can_say_more_than_can_be_typed() {
    let provider = ScriptedProvider::start().await;
    provider.set_transcript(&"on and ".repeat(MESSAGE_CHARS));
    let (server, shop) = shop_of(&provider).await;
    process_audio(&shop).await;
    speak(&shop.guest().await).await;
    let asked = provider.requests()[0].question().chars().count();
    assert!((MESSAGE_CHARS - 10..=MESSAGE_CHARS).contains(&asked), "{asked}");
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_understood_is_said_so_and_flagged() {
    let silence = || Script::answer(" ");
    let refused = || Script::status(401);
    for (script, reason) in
        [(silence(), "Nothing could be understood"), (refused(), "refused the key")]
    {
        let provider = ScriptedProvider::start().await;
        let (server, shop) = shop_of(&provider).await;
        process_audio(&shop).await;
        let visitor = shop.guest().await;
        provider.push_recording(script);
        let line = speak(&visitor).await;
        assert_eq!(line.author, Author::System);
        assert!(line.text.starts_with("I could not understand"), "{}", line.text);
        let failure = shop.owner.only_conversation().await.failure.unwrap();
        assert!(failure.contains(reason), "{failure}");
        assert_eq!(provider.requests().len(), 0, "no model answers what nobody has heard");
        // Words work, and the model knows that there was more.
        visitor.ask("Hello").await;
        assert!(
            provider.requests()[0].texts()[0].contains("a voice message, which you cannot hear")
        );
        assert_eq!(provider.recordings().len(), 1);
        server.stop().await;
    }
}

#[tokio::test]
async fn trouble_that_passes_is_waited_for() {
    let provider = ScriptedProvider::start().await;
    provider.set_transcript("Are you open?");
    let (server, shop) = shop_of(&provider).await;
    process_audio(&shop).await;
    let visitor = shop.guest().await;
    provider.push_recording(Script::status(503));
    let mut events = visitor.events().await;
    let voice = upload(&visitor, "voice.webm", VOICE).await;
    post(&visitor, "", &[voice.id]).await.json::<Message>();
    until_retried(&server, &mut events).await;
    assert!(matches!(events.reply().await.author, Author::Agent { .. }));
    assert_eq!((provider.recordings().len(), provider.requests().len()), (2, 1));
    server.stop().await;
}

#[tokio::test]
async fn with_audio_off_a_voice_message_waits_for_a_person() {
    let provider = ScriptedProvider::start().await;
    let (server, shop) = shop_of(&provider).await;
    let visitor = shop.guest().await;
    let line = speak(&visitor).await;
    assert_eq!(line.text, "A person from the team will join you here.");
    let wanted = shop.owner.only_conversation().await.person_wanted.unwrap();
    assert!(wanted.reason.contains("voice message"), "{}", wanted.reason);
    assert!(wanted.until.is_some());
    assert_eq!((provider.recordings().len(), provider.requests().len()), (0, 0));
    server.stop().await;
}

#[tokio::test]
async fn nobody_hears_where_no_provider_can() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let models: Vec<SpeechModel> = shop.owner.get("speech-models").await;
    assert_eq!(models, []);
    set(&shop, AttachmentPolicy::On).await;
    process_audio(&shop).await;
    let line = speak(&shop.guest().await).await;
    assert!(line.text.starts_with("I could not understand"), "{}", line.text);
    let failure = shop.owner.only_conversation().await.failure.unwrap();
    assert!(failure.contains("no provider at hand"), "{failure}");
    server.stop().await;
}

#[tokio::test]
async fn owners_choose_the_model_that_listens() {
    let provider = ScriptedProvider::start().await;
    let (server, shop) = shop_of(&provider).await;
    process_audio(&shop).await;
    let models: Vec<SpeechModel> = shop.owner.get("speech-models").await;
    assert_eq!(models[0].id, "openai/whisper-1");
    let chosen = |id: Option<&str>| AgentChanges {
        speech_model: Some(id.map(str::to_owned)),
        ..Default::default()
    };
    let agent = shop.owner.change_agent(shop.agent.id, &chosen(Some("openai/large-v3"))).await;
    assert_eq!(agent.settings.speech_model.as_deref(), Some("openai/large-v3"));
    speak(&shop.guest().await).await;
    assert_eq!(provider.recordings()[0].model, "large-v3");
    for refused in ["built-in", "nobody/whisper-1"] {
        let path = format!("agents/{}", shop.agent.id);
        let request = shop.owner.in_workspace(Method::PATCH, &path).json(&chosen(Some(refused)));
        assert_eq!(Reply::to(request).await.invalid_fields()[0], "speech_model", "{refused}");
    }
    let agent = shop.owner.change_agent(shop.agent.id, &chosen(None)).await;
    assert_eq!(agent.settings.speech_model, None);
    server.stop().await;
}

#[tokio::test]
async fn two_minutes_and_no_more() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    set(&shop, AttachmentPolicy::On).await;
    let visitor = shop.guest().await;
    let send = async |seconds: u32, bytes: Vec<u8>| {
        let path = format!("/attachments?id={}&name=voice&seconds={seconds}", new_id());
        Reply::to(visitor.request(Method::POST, &path).body(bytes)).await
    };
    let taken: Attachment = send(VOICE_SECONDS, VOICE.to_vec()).await.json();
    let content = AttachmentContent::Voice { seconds: VOICE_SECONDS, transcript: None };
    assert_eq!((taken.name.as_str(), taken.content), ("voice.webm", content));
    assert_eq!(send(VOICE_SECONDS + 5, VOICE.to_vec()).await.invalid_fields(), ["file"]);
    let mut long = VOICE.to_vec();
    long.resize(VOICE_BYTES + 1, 0);
    assert_eq!(send(1, long).await.invalid_fields(), ["file"]);
    server.stop().await;
}
