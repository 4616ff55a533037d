//! Who a visitor is: each row of the scenario table, and every way to get the proof wrong.

use std::time::Duration;

use cavuer_http::guard::identity;
use cavuer_protocol::ProblemCode;
use cavuer_protocol::console::{ChannelChanges, SecretKey};
use cavuer_protocol::limits::USER_ID_BYTES;
use cavuer_protocol::widget::{SessionVisitor, UserClaim, WidgetConfig};
use serde_json::json;

use crate::support::{Owner, Setup, Shop, TestServer};

const JOHN: &str = "john@example.com";

#[tokio::test]
async fn a_valid_hash_shows_the_sites_own_id_as_verified() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let claim = UserClaim {
        name: Some("John".to_owned()),
        email: Some(JOHN.to_owned()),
        ..shop.claim(JOHN)
    };
    let john = shop.page.open(shop.page.claim(None, Some(claim))).await;
    assert_eq!(john.opened.visitor, SessionVisitor::User { id: JOHN.to_owned() });
    john.say("Hello").await;

    let visitor = shop.owner.only_conversation().await.visitor;
    assert_eq!((visitor.id.as_str(), visitor.verified), (JOHN, true));
    assert_eq!((visitor.name.as_deref(), visitor.email.as_deref()), (Some("John"), Some(JOHN)));
    server.stop().await;
}

#[tokio::test]
async fn conversations_from_different_browsers_are_one() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let laptop = shop.user(JOHN).await;
    laptop.ask("From the laptop").await;
    let phone = shop.user(JOHN).await;
    assert_eq!(phone.opened.conversation.messages[0].text, "From the laptop");
    let mut on_laptop = laptop.events().await;
    let sent = phone.say("From the phone").await;
    on_laptop.until(|event| format!("{event:?}").contains(&sent.id.to_string())).await;
    on_laptop.reply().await;
    shop.owner.only_conversation().await;
    assert_eq!(laptop.conversation().await, phone.conversation().await);

    // Somebody else is another conversation, and so is the same id as a guest's.
    let anna = shop.user("anna@example.com").await;
    assert_eq!(anna.opened.conversation.messages, []);
    server.stop().await;
}

#[tokio::test]
async fn a_guest_gets_a_random_id() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let (guest, other) = (shop.guest().await, shop.guest().await);
    assert_ne!(guest.id(), other.id());
    let random = guest.id().strip_prefix("v_").expect("v_…");
    assert_eq!(random.len(), 22);
    assert!(random.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{random}");

    guest.ask("Hello").await;
    let visitor = shop.owner.only_conversation().await.visitor;
    assert_eq!((visitor.id.as_str(), visitor.verified), (guest.id(), false));
    // The browser comes back and is the same guest, with the same conversation.
    let back = guest.reloaded().await;
    assert_eq!(back.id(), guest.id());
    assert_eq!(back.opened.conversation.messages.len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn an_invalid_hash_stores_nothing() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let hash = |id: &str| identity::hash(&shop.secret_key, id);
    let john = hash(JOHN);
    let wrong = [
        ("no hash at all", None),
        ("an empty one", Some(String::new())),
        ("another one", Some("0".repeat(64))),
        ("that of another id", Some(hash("anna@example.com"))),
        ("that of the id in capitals", Some(hash("JOHN@EXAMPLE.COM"))),
        ("that of another channel's key", Some(identity::hash("sk_other", JOHN))),
        ("one letter short", Some(john[1..].to_owned())),
        ("one letter more", Some(format!("{john}0"))),
        ("white space around it", Some(format!(" {john}"))),
        ("no hex", Some("x".repeat(64))),
        ("not ASCII", Some("é".repeat(32))),
        ("the secret key itself", Some(shop.secret_key.clone())),
    ];
    let database = server.database();
    let (rows, change) = (database.rows(), database.change());
    for (what, hash) in wrong {
        let claim = UserClaim { hash: hash.map(Into::into), ..shop.claim(JOHN) };
        let reply = shop.page.try_open(&shop.page.claim(None, Some(claim))).await;
        let problem = reply.problem(403, ProblemCode::IdentityInvalid);
        // The page reads it, and tells the owner the cause.
        assert_eq!(reply.header("access-control-allow-origin"), shop.page.origin.as_deref());
        assert!(problem.detail.contains("data-user-hash"), "{what}: {}", problem.detail);
        assert!(!reply.body.contains(&john) && !reply.body.contains(&shop.secret_key), "{what}");
        assert!(!reply.body.contains("session"), "{what}: {}", reply.body);
    }
    assert_eq!((database.rows(), database.change()), (rows, change));
    assert!(shop.owner.conversations().await.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a_hash_may_be_written_in_capitals_and_ids_are_taken_byte_for_byte() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let long = "ж".repeat(USER_ID_BYTES / 2);
    let ids = [
        "7",
        "JOHN@Example.COM",
        " with spaces ",
        "two\nlines\r\n\tand a tab",
        "Жанна Д\u{2019}Арк \u{1f98a}",
        "e\u{301} is not é",
        "v_0123456789012345678901",
        "<script>alert(1)</script>",
        "'; DROP TABLE visitor; --",
        "nul \0 inside",
        long.as_str(),
    ];
    for id in ids {
        let claim = shop.claim(id);
        let capitals =
            UserClaim { hash: claim.hash.map(|hash| hash.expose().to_uppercase().into()), ..claim };
        let visitor = shop.page.open(shop.page.claim(None, Some(capitals))).await;
        assert_eq!(visitor.opened.visitor, SessionVisitor::User { id: id.to_owned() });
        visitor.say(&format!("I am {}", id.escape_default())).await;
    }
    let mut listed = shop.owner.conversations().await.into_iter().map(|summary| {
        assert!(summary.visitor.verified);
        summary.visitor.id
    });
    let mut listed = listed.by_ref().collect::<Vec<_>>();
    listed.sort();
    let mut expected = ids.map(str::to_owned).to_vec();
    expected.sort();
    assert_eq!(listed, expected);
    server.stop().await;
}

#[tokio::test]
async fn an_id_that_is_too_long_or_empty_is_named() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let database = server.database();
    let before = database.change();
    for id in ["x".repeat(10_000), "x".repeat(USER_ID_BYTES + 1), String::new()] {
        let reply = shop.page.try_open(&shop.page.claim(None, Some(shop.claim(&id)))).await;
        assert_eq!(reply.invalid_fields(), ["user.id"]);
        assert!(reply.body.len() < 1_000, "the id is repeated");
    }
    let long = Some("x".repeat(101));
    let claim = UserClaim { name: long.clone(), email: long, ..shop.claim(JOHN) };
    let reply = shop.page.try_open(&shop.page.claim(None, Some(claim))).await;
    assert_eq!(reply.invalid_fields(), ["user.name", "user.email"]);
    assert_eq!(database.change(), before);
    server.stop().await;
}

#[tokio::test]
async fn a_guest_id_opens_nothing_without_its_key() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let guest = shop.guest().await;
    guest.ask("A secret of mine").await;
    // The console shows v_…, so it is no secret. Neither does it help to call it one's user id.
    for key in ["", "wrong", guest.id()] {
        let mut forged = guest.credentials();
        forged.key = key.into();
        let reply = shop.page.try_open(&shop.page.claim(Some(&forged), None)).await;
        assert!(!reply.body.contains("secret of mine"), "{}", reply.body);
        assert!(!reply.body.contains(guest.id()), "{}", reply.body);
    }
    let as_user = shop.user(guest.id()).await;
    assert_eq!(as_user.opened.conversation.messages, []);
    server.stop().await;
}

#[tokio::test]
async fn mandatory_identification_is_enforced_where_messages_come_into_being() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    // Both sessions are from before the switch was turned on.
    let (guest, john) = (shop.guest().await, shop.user(JOHN).await);
    guest.ask("Before").await;
    let switched_on = ChannelChanges { require_identification: Some(true), ..Default::default() };
    shop.owner.change_channel(shop.channel.id, &switched_on).await;
    let config: WidgetConfig = shop.page.config().await.json();
    assert!(config.identification_required);

    let database = server.database();
    let (rows, change) = (database.rows(), database.change());
    for refused in [&guest, &guest.reloaded().await, &shop.guest().await] {
        let reply = refused.try_say("After").await;
        let problem = reply.problem(403, ProblemCode::IdentificationRequired);
        assert!(problem.detail.contains("data-user-id"), "{}", problem.detail);
        assert_eq!(reply.header("access-control-allow-origin"), refused.page.origin.as_deref());
    }
    assert_eq!((database.rows(), database.change()), (rows, change));
    john.ask("Hello").await;
    // What the guest wrote before can still be read.
    assert_eq!(guest.conversation().await.messages.len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn a_rotated_key_is_accepted_until_the_chosen_time() {
    const HOUR: Duration = Duration::from_secs(3_600);
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let old = shop.claim(JOHN);
    let accepts = async |claim: &UserClaim| {
        let reply = shop.page.try_open(&shop.page.claim(None, Some(claim.clone()))).await;
        if !reply.status.is_success() {
            reply.problem(403, ProblemCode::IdentityInvalid);
        }
        reply.status.is_success()
    };
    let second = claim_with(&rotate(&shop.owner, &shop, 24).await);
    assert!(accepts(&old).await && accepts(&second).await);
    server.clock.advance(24 * HOUR - Duration::from_millis(1));
    assert!(accepts(&old).await);
    server.clock.advance(Duration::from_millis(1));
    assert!(!accepts(&old).await && accepts(&second).await);

    // Zero hours are none, and a third key leaves the first one nothing.
    let third = claim_with(&rotate(&shop.owner, &shop, 0).await);
    assert!(!accepts(&old).await && !accepts(&second).await && accepts(&third).await);
    server.stop().await;
}

#[tokio::test]
async fn the_secret_key_is_in_no_answer_but_its_own() {
    let server = Setup::default().start().await;
    let shop = server.shop().await;
    let john = shop.user(JOHN).await;
    john.ask("Hello").await;
    let channel = format!("channels/{}", shop.channel.id);
    let answers = [
        shop.page.config().await.body,
        serde_json::to_string(&john.opened).unwrap(),
        shop.owner.get::<serde_json::Value>(&channel).await.to_string(),
        shop.owner.get::<serde_json::Value>("agents").await.to_string(),
        shop.owner.get::<serde_json::Value>("conversations").await.to_string(),
        server.get("/metrics").await.body,
    ];
    for answer in answers {
        assert!(!answer.contains(&shop.secret_key), "{answer}");
    }
    server.stop().await;
}

async fn rotate(owner: &Owner, shop: &Shop, hours: u32) -> String {
    let path = format!("channels/{}/secret-key/rotate", shop.channel.id);
    let key: SecretKey = owner.post(&path, &json!({"keep_old_hours": hours})).await;
    key.secret_key.expose().to_owned()
}

fn claim_with(secret_key: &str) -> UserClaim {
    let hash = Some(identity::hash(secret_key, JOHN));
    UserClaim { id: JOHN.to_owned(), hash: hash.map(Into::into), name: None, email: None }
}
