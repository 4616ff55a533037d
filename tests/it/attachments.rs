//! Images and files in conversations: who may send, see and keep them, and what is no image.
//!
//! Long because its tests walk one upload from the browser's bytes to its deletion.

use cavuer_http::limits::{Rate, Rates};
use cavuer_protocol::console::{AgentChanges, AttachmentPolicy, ChannelChanges, ConsoleEvent};
use cavuer_protocol::limits::{ATTACHMENT_BYTES, MESSAGE_ATTACHMENTS};
use cavuer_protocol::widget::{PostMessage, WidgetConfig};
use cavuer_protocol::{
    Attachment, AttachmentContent, AttachmentId, ConversationId, Message, ProblemCode,
};
use cavuer_tests::provider::ScriptedProvider;
use reqwest::{Method, StatusCode};

use crate::support::{
    Owner, Page, Reply, Setup, Shop, TestServer, Visitor, in_time, message_id, on_disk,
};

/// A picture of one red pixel.
pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xcf\xc0\0\0\x03\x01\x01\0\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82";
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
pub(crate) const VOICE: &[u8] = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm";

pub(crate) fn new_id() -> AttachmentId {
    AttachmentId(message_id().0)
}

fn path(id: AttachmentId, name: &str) -> String {
    let name: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("attachments?id={id}&name={name}")
}

pub(crate) async fn upload_as(
    visitor: &Visitor,
    id: AttachmentId,
    name: &str,
    bytes: &[u8],
) -> Reply {
    let request = visitor.request(Method::POST, &format!("/{}", path(id, name)));
    Reply::to(request.body(bytes.to_vec())).await
}

pub(crate) async fn upload(visitor: &Visitor, name: &str, bytes: &[u8]) -> Attachment {
    upload_as(visitor, new_id(), name, bytes).await.json()
}

pub(crate) async fn post(visitor: &Visitor, text: &str, attachments: &[AttachmentId]) -> Reply {
    let attachments = attachments.to_vec();
    visitor.post(&PostMessage { attachments, ..PostMessage::new(message_id(), text) }).await
}

async fn get(visitor: &Visitor, id: AttachmentId) -> Reply {
    Reply::to(visitor.request(Method::GET, &format!("/attachments/{id}"))).await
}

async fn bytes(visitor: &Visitor, id: AttachmentId) -> Vec<u8> {
    let request = visitor.request(Method::GET, &format!("/attachments/{id}"));
    in_time("the file", async { request.send().await.unwrap().bytes().await.unwrap().to_vec() })
        .await
}

async fn operator_uploads(owner: &Owner, conversation: ConversationId, bytes: &[u8]) -> Reply {
    let path = format!("conversations/{conversation}/{}", path(new_id(), "offer.pdf"));
    Reply::to(owner.in_workspace(Method::POST, &path).body(bytes.to_vec())).await
}

/// A shop that takes everything.
pub(crate) async fn open_shop(server: &TestServer) -> Shop {
    let shop = server.shop().await;
    set(&shop, AttachmentPolicy::On).await;
    shop
}

pub(crate) async fn set(shop: &Shop, policy: AttachmentPolicy) {
    let changes = ChannelChanges { attachments: Some(policy), ..Default::default() };
    shop.owner.change_channel(shop.channel.id, &changes).await;
}

#[tokio::test]
async fn a_message_carries_an_image_and_a_file_to_everybody_who_may_see_it() {
    let server = TestServer::start().await;
    let shop = open_shop(&server).await;
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    let image = upload(&visitor, "C:\\photos\\red.PNG", PNG).await;
    assert_eq!(
        (image.name.as_str(), image.media_type.as_str()),
        ("red.png", "image/png"),
        "{image:?}"
    );
    assert_eq!(image.content, AttachmentContent::Image { width: 1, height: 1 });
    let bill = upload(&visitor, "März.pdf", PDF).await;
    assert_eq!((bill.content.clone(), bill.size as usize), (AttachmentContent::File, PDF.len()));

    let message: Message = post(&visitor, "", &[image.id, bill.id]).await.json();
    assert_eq!(message.attachments, [image.clone(), bill.clone()]);
    assert_eq!(message.text, "");
    // The answer to it arrives after it on the stream.
    let answer = events.reply().await;
    assert!(answer.seq > message.seq);
    assert!(format!("{:?}", events.seen).contains(&image.name), "other tabs see it at once");
    assert_eq!(visitor.conversation().await.messages[0], message);
    let summary = shop.owner.only_conversation().await;
    assert_eq!(shop.owner.conversation(summary.id).await.conversation.messages[0], message);
    let found =
        shop.owner.get::<cavuer_protocol::console::ConversationList>("conversations?q=M%C3%84RZ");
    assert_eq!(found.await.conversations.len(), 1, "files are found by their name");

    assert_eq!(bytes(&visitor, bill.id).await, PDF);
    let path = format!("conversations/{}/attachments/{}", summary.id, bill.id);
    for reply in
        [get(&visitor, bill.id).await, Reply::to(shop.owner.in_workspace(Method::GET, &path)).await]
    {
        assert_eq!(reply.body.as_bytes(), PDF);
        assert_eq!(reply.header("content-type"), Some("application/pdf"));
        let disposition = reply.header("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment; "), "{disposition}");
        assert!(disposition.ends_with("UTF-8''M%C3%A4rz.pdf"), "{disposition}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        let policy = reply.header("content-security-policy").unwrap();
        for rule in ["default-src 'none'", "sandbox", "frame-ancestors 'none'"] {
            assert!(policy.contains(rule), "{policy}");
        }
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("cross-origin-resource-policy"), Some("same-origin"));
    }
    server.stop().await;
}

#[tokio::test]
async fn what_it_is_shows_in_its_content_and_not_in_its_name() {
    let server = TestServer::start().await;
    let shop = open_shop(&server).await;
    let visitor = shop.guest().await;
    let change = server.database().change();
    let html = b"<!doctype html><script>alert(document.domain)</script>";
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>"#;
    for (name, content) in [
        ("photo.png", html.as_slice()),
        ("page.html", html),
        ("photo.jpg", svg),
        ("drawing.svg", svg),
        ("program.pdf", b"MZ\x90\0"),
        ("nothing.txt", b""),
        ("nothing", b""),
    ] {
        let reply = upload_as(&visitor, new_id(), name, content).await;
        let problem = reply.problem(415, ProblemCode::UnsupportedMediaType);
        assert!(problem.detail.contains("PNG"), "{}", problem.detail);
    }
    let broken = upload_as(&visitor, new_id(), "photo.png", &PNG[..PNG.len() - 20]).await;
    assert_eq!(broken.invalid_fields(), ["file"]);
    let long = upload_as(&visitor, new_id(), &"x".repeat(1_025), PNG).await;
    assert_eq!(long.invalid_fields(), ["name"]);
    // A picture that says it has 60,000 pixels on each side.
    let mut bomb = PNG.to_vec();
    bomb[16..24].copy_from_slice(b"\0\0\xea\x60\0\0\xea\x60");
    let sum = crc(&bomb[12..29]).to_be_bytes();
    bomb[29..33].copy_from_slice(&sum);
    let reply = upload_as(&visitor, new_id(), "photo.png", &bomb).await;
    assert_eq!(reply.invalid_fields(), ["file"]);
    assert!(reply.body.contains("too many pixels"), "{}", reply.body);
    assert_eq!(server.database().change(), change, "nothing of all that is stored");

    // A page that is a picture as well becomes a picture and nothing else.
    let polyglot = [PNG, html].concat();
    let image = upload(&visitor, "page.html", &polyglot).await;
    assert_eq!((image.name.as_str(), image.media_type.as_str()), ("page.png", "image/png"));
    let kept = bytes(&visitor, image.id).await;
    assert!(!kept.windows(8).any(|part| part == b"<script>"));
    // Text stays text, whatever it says.
    let text = upload(&visitor, "page.txt", html).await;
    let reply = get(&visitor, text.id).await;
    assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(reply.header("content-disposition").unwrap().starts_with("attachment"));
    server.stop().await;
}

/// CRC-32 as PNG has it.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 }
        })
    })
}

#[tokio::test]
async fn ten_megabytes_and_no_more() {
    let server = TestServer::start().await;
    let shop = open_shop(&server).await;
    let visitor = shop.guest().await;
    let mut pdf = b"%PDF-1.4\n".to_vec();
    pdf.resize(ATTACHMENT_BYTES - 5, b' ');
    pdf.extend_from_slice(b"%%EOF");
    assert_eq!(upload(&visitor, "large.pdf", &pdf).await.size as usize, ATTACHMENT_BYTES);
    pdf.push(b'\n');
    let change = server.database().change();
    let reply = upload_as(&visitor, new_id(), "large.pdf", &pdf).await;
    assert!(reply.problem(413, ProblemCode::PayloadTooLarge).detail.contains("10 MB"));
    assert_eq!(server.database().change(), change);
    server.stop().await;
}

#[tokio::test]
async fn repeats_change_nothing() {
    let server = TestServer::start().await;
    let shop = open_shop(&server).await;
    let visitor = shop.guest().await;
    let id = new_id();
    let first: Attachment = upload_as(&visitor, id, "bill.pdf", PDF).await.json();
    let change = server.database().change();
    let again: Attachment = upload_as(&visitor, id, "other.png", PNG).await.json();
    assert_eq!(again, first);
    assert_eq!(server.database().change(), change);

    let message = PostMessage { attachments: vec![id], ..PostMessage::new(message_id(), "Here") };
    let sent: Message = visitor.post(&message).await.json();
    let repeated: Message = visitor.post(&message).await.json();
    assert_eq!(repeated, sent);
    assert_eq!(sent.attachments, [first]);
    // In a second message it is not.
    assert_eq!(post(&visitor, "", &[id]).await.invalid_fields(), ["attachments[0]"]);
    assert_eq!(post(&visitor, " ", &[]).await.invalid_fields(), ["text"]);
    let many = std::iter::repeat_with(new_id).take(MESSAGE_ATTACHMENTS + 1).collect::<Vec<_>>();
    assert_eq!(post(&visitor, "", &many).await.invalid_fields(), ["attachments"]);
    server.stop().await;
}

#[tokio::test]
async fn nobody_else_sees_sends_or_replaces_them() {
    let server = TestServer::start().await;
    let shop = open_shop(&server).await;
    let anna = shop.guest().await;
    let unsent = upload(&anna, "bill.pdf", PDF).await.id;
    let sent = upload(&anna, "other.pdf", PDF).await.id;
    post(&anna, "Secret", &[sent]).await.json::<Message>();
    let conversation = shop.owner.only_conversation().await.id;

    // Another visitor, another channel of the same agent, and another workspace.
    let bob = shop.guest().await;
    let other = shop.owner.add_channel(shop.agent.id, &["shop.example"]).await;
    let on = ChannelChanges { attachments: Some(AttachmentPolicy::On), ..Default::default() };
    shop.owner.change_channel(other.id, &on).await;
    let elsewhere = Page::new(&server.http, &server.url(), &other.token);
    let foreign = Shop::open(&server.http, &server.url(), "carl", "built-in").await;
    set(&foreign, AttachmentPolicy::On).await;
    let strangers = [bob, elsewhere.guest().await, foreign.guest().await];
    for stranger in &strangers {
        stranger.ask("Hello").await;
        for id in [unsent, sent] {
            get(stranger, id).await.problem(404, ProblemCode::NotFound);
            assert_eq!(post(stranger, "", &[id]).await.invalid_fields(), ["attachments[0]"]);
        }
        // The same id is another thing with somebody else.
        let own: Attachment = upload_as(stranger, sent, "own.png", PNG).await.json();
        assert_eq!(own.name, "own.png");
        assert_eq!(bytes(&anna, sent).await, PDF);
    }
    // A session works on its own channel and page only.
    let moved = anna.on(&shop.page.at("https://evil.example"));
    get(&moved, sent).await.problem(403, ProblemCode::WidgetUnavailable);
    let change = server.database().change();
    let reply = upload_as(&moved, new_id(), "bill.pdf", PDF).await;
    reply.problem(403, ProblemCode::WidgetUnavailable);
    assert_eq!(server.database().change(), change);
    let without = shop.page.request(Method::GET, &format!("/attachments/{sent}"));
    Reply::to(without).await.problem(401, ProblemCode::SessionInvalid);

    let path = |id| format!("conversations/{conversation}/attachments/{id}");
    let reply = Reply::to(foreign.owner.in_workspace(Method::GET, &path(sent))).await;
    reply.problem(404, ProblemCode::NotFound);
    operator_uploads(&foreign.owner, conversation, PDF).await.problem(404, ProblemCode::NotFound);
    let mine = foreign.owner.only_conversation().await.id;
    let path = format!("conversations/{mine}/attachments/{sent}");
    let of_foreign = Reply::to(foreign.owner.in_workspace(Method::GET, &path)).await;
    of_foreign.problem(404, ProblemCode::NotFound);
    // What was not sent is the visitor's alone.
    let path = format!("conversations/{conversation}/attachments/{unsent}");
    let reply = Reply::to(shop.owner.in_workspace(Method::GET, &path)).await;
    reply.problem(404, ProblemCode::NotFound);
    server.stop().await;
}

#[tokio::test]
async fn operators_send_files_too() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    visitor.ask("Hello").await;
    let conversation = shop.owner.only_conversation().await.id;
    let offer: Attachment = operator_uploads(&shop.owner, conversation, PDF).await.json();
    get(&visitor, offer.id).await.problem(404, ProblemCode::NotFound);
    // A visitor cannot take it, nor get into its way with the same id.
    set(&shop, AttachmentPolicy::On).await;
    assert_eq!(post(&visitor, "", &[offer.id]).await.invalid_fields(), ["attachments[0]"]);
    upload_as(&visitor, offer.id, "fake.png", PNG).await.json::<Attachment>();
    assert_eq!(post(&visitor, "", &[offer.id]).await.invalid_fields(), ["attachments[0]"]);

    let message = PostMessage { attachments: vec![offer.id], ..PostMessage::new(message_id(), "") };
    let path = format!("conversations/{conversation}/messages");
    let sent: Message = shop.owner.post(&path, &message).await;
    assert_eq!(sent.attachments, std::slice::from_ref(&offer));
    assert_eq!(visitor.conversation().await.messages.last(), Some(&sent));
    // It stays with its message.
    let second = PostMessage { id: message_id(), ..message };
    let reply = Reply::to(shop.owner.in_workspace(Method::POST, &path).json(&second)).await;
    assert_eq!(reply.invalid_fields(), ["attachments[0]"]);
    assert_eq!(visitor.conversation().await.messages.last(), Some(&sent));
    server.stop().await;
}

#[tokio::test]
async fn a_channel_takes_what_its_owner_says() {
    let provider = ScriptedProvider::start().await;
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop().await;
    let agent = async |images, audio| {
        let changes = AgentChanges {
            process_images: Some(images),
            process_audio: Some(audio),
            ..Default::default()
        };
        shop.owner.change_agent(shop.agent.id, &changes).await;
    };
    let visitor = shop.guest().await;
    use AttachmentPolicy::{Auto, Off, On};
    for (policy, images, audio, files, voice) in [
        (Auto, false, false, false, false),
        (Auto, true, false, true, false),
        (Auto, false, true, false, true),
        (On, false, false, true, true),
        (Off, true, true, false, false),
    ] {
        agent(images, audio).await;
        set(&shop, policy).await;
        let config: WidgetConfig = shop.page.config().await.json();
        assert_eq!((config.takes_files, config.takes_voice), (files, voice), "{policy:?}");
        for (bytes, taken) in [(PNG, files), (PDF, files), (VOICE, voice)] {
            let reply = upload_as(&visitor, new_id(), "x", bytes).await;
            if taken {
                assert_eq!(reply.status, StatusCode::OK, "{policy:?} {}", reply.body);
            } else {
                reply.problem(403, ProblemCode::Forbidden);
            }
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn voice_messages_that_nobody_can_hear_are_not_offered() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let changes = AgentChanges { process_audio: Some(true), ..Default::default() };
    shop.owner.change_agent(shop.agent.id, &changes).await;
    let visitor = shop.guest().await;
    for (policy, voice) in [(AttachmentPolicy::Auto, false), (AttachmentPolicy::On, true)] {
        set(&shop, policy).await;
        let config: WidgetConfig = shop.page.config().await.json();
        assert_eq!(config.takes_voice, voice, "{policy:?}");
        let reply = upload_as(&visitor, new_id(), "x", VOICE).await;
        assert_eq!(reply.status.is_success(), voice, "{policy:?} {}", reply.body);
    }
    server.stop().await;
}

#[tokio::test]
async fn where_identification_is_required_guests_upload_nothing() {
    let server = TestServer::start().await;
    let shop = open_shop(&server).await;
    let guest = shop.guest().await;
    let required = ChannelChanges { require_identification: Some(true), ..Default::default() };
    shop.owner.change_channel(shop.channel.id, &required).await;
    let change = server.database().change();
    let reply = upload_as(&guest, new_id(), "bill.pdf", PDF).await;
    reply.problem(403, ProblemCode::IdentificationRequired);
    assert_eq!(server.database().change(), change);
    upload(&shop.user("anna@example.com").await, "bill.pdf", PDF).await;
    server.stop().await;
}

#[tokio::test]
async fn uploads_have_limits_of_their_own() {
    let tight = Rate { burst: 1, per_minute: 6 };
    let unlimited = Rates::unlimited();
    for rates in [
        Rates { visitor_uploads: tight, ..unlimited },
        Rates { address_uploads: tight, ..unlimited },
        Rates { channel_uploads: tight, ..unlimited },
    ] {
        let server = Setup { rates, ..Setup::default() }.start().await;
        let shop = open_shop(&server).await;
        let visitor = shop.guest().await;
        upload(&visitor, "bill.pdf", PDF).await;
        let reply = upload_as(&visitor, new_id(), "bill.pdf", PDF).await;
        reply.problem(429, ProblemCode::RateLimited);
        assert!(reply.header("retry-after").is_some());
        visitor.ask("Words still pass").await;
        server.clock.advance(std::time::Duration::from_secs(10));
        upload(&visitor, "bill.pdf", PDF).await;
        server.stop().await;
    }
}

#[tokio::test]
async fn downloads_count_as_calls() {
    let rates = Rates { address_calls: Rate { burst: 4, per_minute: 6 }, ..Rates::unlimited() };
    let server = Setup { rates, ..Setup::default() }.start().await;
    let shop = open_shop(&server).await;
    let visitor = shop.guest().await;
    let bill = upload(&visitor, "bill.pdf", PDF).await.id;
    let mut replies = Vec::new();
    for _ in 0..5 {
        replies.push(get(&visitor, bill).await);
    }
    assert_eq!(replies[0].status, StatusCode::OK);
    replies[4].problem(429, ProblemCode::RateLimited);
    server.stop().await;
}

#[tokio::test]
async fn a_guest_whose_first_act_is_an_upload_is_known_after_a_reload() {
    let server = TestServer::start().await;
    let shop = open_shop(&server).await;
    let visitor = shop.guest().await;
    let bill = upload(&visitor, "bill.pdf", PDF).await;
    assert_eq!(shop.owner.conversations().await, [], "an upload alone is no conversation");
    let visitor = visitor.reloaded().await;
    let message: Message = post(&visitor, "", &[bill.id]).await.json();
    assert_eq!(message.attachments, [bill]);
    server.stop().await;
}

#[tokio::test]
async fn they_go_with_their_conversation() {
    let deleted = async |shop: &Shop, _: &TestServer, id: ConversationId| {
        shop.owner.act(Method::DELETE, &format!("conversations/{id}")).await;
    };
    let forgotten = async |_: &Shop, server: &TestServer, _| {
        server.clock.advance(std::time::Duration::from_secs(24 * 60 * 60));
    };
    gone_after(deleted).await;
    gone_after(forgotten).await;
}

async fn gone_after(end: impl AsyncFn(&Shop, &TestServer, ConversationId)) {
    let server = TestServer::start().await;
    let shop = open_shop(&server).await;
    let keep = AgentChanges { retention_days: Some(1), ..Default::default() };
    shop.owner.change_agent(shop.agent.id, &keep).await;
    let visitor = shop.guest().await;
    let pdf = |words: &str| format!("%PDF-1.4 {words}\n%%EOF\n").into_bytes();
    let sent = upload(&visitor, "bill.pdf", &pdf("an aubergine umbrella")).await;
    upload(&visitor, "draft.pdf", &pdf("a beetroot cardigan")).await;
    post(&visitor, "", &[sent.id]).await.json::<Message>();
    let conversation = shop.owner.only_conversation().await.id;
    operator_uploads(&shop.owner, conversation, &pdf("a carrot jacket")).await.json::<Attachment>();
    let secrets = ["an aubergine umbrella", "a beetroot cardigan", "a carrot jacket"];
    for secret in secrets {
        assert!(on_disk(server.folder(), secret), "{secret} is not stored");
    }
    let mut console = shop.owner.events().await;
    end(&shop, &server, conversation).await;
    console.until(|event| *event == ConsoleEvent::ConversationRemoved { conversation }).await;
    for table in ["attachment", "attachment_bytes"] {
        let rows = server.database().number(&format!("SELECT count(*) FROM {table}"));
        assert_eq!(rows, 0, "{table}");
    }
    // The log is emptied after everybody has been told.
    in_time("the end of what was deleted", async {
        while secrets.iter().any(|secret| on_disk(server.folder(), secret)) {
            tokio::task::yield_now().await;
        }
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn what_no_message_carries_is_gone_after_a_day() {
    let server = TestServer::start().await;
    let shop = open_shop(&server).await;
    let visitor = shop.guest().await;
    let unsent = upload(&visitor, "bill.pdf", PDF).await.id;
    let sent = upload(&visitor, "bill.pdf", PDF).await.id;
    post(&visitor, "", &[sent]).await.json::<Message>();
    server.clock.advance(std::time::Duration::from_secs(24 * 60 * 60));
    let reloaded = visitor.reloaded().await;
    in_time("the sweep", async {
        while get(&reloaded, unsent).await.status == StatusCode::OK {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(bytes(&reloaded, sent).await, PDF);
    server.stop().await;
}
