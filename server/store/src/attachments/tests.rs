use cavuer_protocol::{MessageId, Timestamp};

use super::uploading::UNSENT;
use super::*;
use crate::fixture::{Fixture, NOW};
use crate::{ChannelRecord, NewMessage, NewMessageOwner, Operator, VisitorIdentity, VisitorKind};

fn uploader(channel: &ChannelRecord, guest: &str) -> Uploader {
    Uploader { visitor: guest_of(channel, guest), key_hash: None, name: None, email: None }
}

fn guest_of(channel: &ChannelRecord, guest: &str) -> VisitorIdentity {
    let (kind, public_id) = (VisitorKind::Guest, guest.to_owned());
    VisitorIdentity { channel: channel.id, kind, public_id }
}

fn file(fixture: &Fixture, name: &str, now: Timestamp) -> NewAttachment {
    NewAttachment {
        id: fixture.random.id(now, AttachmentId::from_parts),
        name: name.to_owned(),
        media_type: "application/pdf".to_owned(),
        content: AttachmentContent::File,
        bytes: name.as_bytes().to_vec(),
        now,
    }
}

async fn upload(fixture: &Fixture, channel: &ChannelRecord, guest: &str) -> AttachmentId {
    let new = file(fixture, "bill.pdf", NOW);
    let stored = fixture.store.add_visitor_attachment(uploader(channel, guest), new).await;
    stored.unwrap().id
}

/// A message with attachments; `Err` names the one that is unknown.
async fn post(
    fixture: &Fixture,
    channel: &ChannelRecord,
    guest: &str,
    attachments: &[AttachmentId],
) -> Result<ConversationId, UnknownAttachment> {
    let new = fixture.new_message(channel, guest, "", NOW);
    let new = NewMessage { attachments: attachments.to_vec(), ..new };
    let posted = fixture.store.post_visitor_message(new).await.unwrap();
    posted.map(|(posted, _)| posted.place.conversation)
}

#[tokio::test]
async fn an_upload_is_sent_once_and_by_its_owner() {
    let fixture = Fixture::new().await;
    let channel = fixture.channel(fixture.agent().await).await;
    let first = upload(&fixture, &channel, "v_1").await;
    let second = upload(&fixture, &channel, "v_1").await;
    assert_eq!(post(&fixture, &channel, "v_2", &[first]).await, Err(UnknownAttachment(0)));
    assert_eq!(post(&fixture, &channel, "v_1", &[first, first]).await, Err(UnknownAttachment(1)));
    // What is refused leaves nothing, not even a visitor.
    assert_eq!(fixture.count("SELECT count(*) FROM conversation").await, 0);
    assert_eq!(fixture.count("SELECT count(*) FROM visitor").await, 1);
    let conversation = post(&fixture, &channel, "v_1", &[second, first]).await.unwrap();
    assert_eq!(post(&fixture, &channel, "v_1", &[first]).await, Err(UnknownAttachment(0)));

    let detail = fixture.store.conversation_detail(fixture.workspace, conversation).await;
    let message = detail.unwrap().unwrap().conversation.newest.messages.remove(0);
    let ids = message.attachments.iter().map(|attachment| attachment.id).collect::<Vec<_>>();
    assert_eq!(ids, [second, first]);
}

#[tokio::test]
async fn deleting_what_it_hangs_on_deletes_it() {
    for sql in ["DELETE FROM conversation", "DELETE FROM visitor", "DELETE FROM channel"] {
        let fixture = Fixture::new().await;
        let channel = fixture.channel(fixture.agent().await).await;
        let id = upload(&fixture, &channel, "v_1").await;
        post(&fixture, &channel, "v_1", &[id]).await.unwrap();
        fixture.run(sql).await;
        assert_eq!(fixture.count("SELECT count(*) FROM attachment").await, 0, "{sql}");
        assert_eq!(fixture.count("SELECT count(*) FROM attachment_bytes").await, 0, "{sql}");
    }
}

#[tokio::test]
async fn what_is_never_sent_goes_after_a_time_and_its_visitor_too() {
    let fixture = Fixture::new().await;
    let channel = fixture.channel(fixture.agent().await).await;
    upload(&fixture, &channel, "v_1").await;
    let sent = upload(&fixture, &channel, "v_2").await;
    post(&fixture, &channel, "v_2", &[sent]).await.unwrap();
    upload(&fixture, &channel, "v_2").await;
    assert_eq!(fixture.store.sweep_attachments(NOW).await.unwrap(), 0);
    assert_eq!(fixture.store.sweep_attachments(NOW.plus_millis(1)).await.unwrap(), 2);
    assert_eq!(fixture.count("SELECT count(*) FROM attachment_bytes").await, 1);
    assert_eq!(fixture.count("SELECT count(*) FROM visitor").await, 1);
}

#[tokio::test]
async fn nobody_heaps_up_uploads() {
    let fixture = Fixture::new().await;
    let channel = fixture.channel(fixture.agent().await).await;
    let first = upload(&fixture, &channel, "v_1").await;
    for _ in 0..UNSENT {
        upload(&fixture, &channel, "v_1").await;
    }
    assert_eq!(fixture.count("SELECT count(*) FROM attachment").await, UNSENT);
    assert_eq!(post(&fixture, &channel, "v_1", &[first]).await, Err(UnknownAttachment(0)));
}

#[tokio::test]
async fn a_guest_who_signs_in_brings_attachments_along() {
    for wrote_before in [false, true] {
        let fixture = Fixture::new().await;
        let channel = fixture.channel(fixture.agent().await).await;
        let sent = upload(&fixture, &channel, "v_1").await;
        post(&fixture, &channel, "v_1", &[sent]).await.unwrap();
        let unsent = upload(&fixture, &channel, "v_1").await;
        let anna =
            VisitorIdentity { kind: VisitorKind::User, ..guest_of(&channel, "anna@example.com") };
        if wrote_before {
            let new = fixture.new_message(&channel, "", "Hello", NOW);
            let new = NewMessage { visitor: anna.clone(), ..new };
            fixture.store.post_visitor_message(new).await.unwrap().unwrap();
        }
        let owner = NewMessageOwner {
            workspace: fixture.workspace,
            visitor: anna.clone(),
            name: None,
            email: None,
        };
        let guest = guest_of(&channel, "v_1");
        fixture.store.merge_guest(guest, owner, NOW).await.unwrap().unwrap();
        for id in [sent, unsent] {
            let found = fixture.store.visitor_attachment(anna.clone(), id).await.unwrap();
            assert_eq!(found.unwrap().bytes, b"bill.pdf");
        }
        let conversation = fixture.store.conversation_of(anna).await.unwrap().unwrap();
        let message = conversation.newest.messages.last().unwrap();
        assert_eq!(message.attachments[0].id, sent);
    }
}

#[tokio::test]
async fn a_guest_who_only_uploaded_is_nobody_after_signing_in() {
    let fixture = Fixture::new().await;
    let channel = fixture.channel(fixture.agent().await).await;
    let upload = upload(&fixture, &channel, "v_1").await;
    let anna =
        VisitorIdentity { kind: VisitorKind::User, ..guest_of(&channel, "anna@example.com") };
    let workspace = fixture.workspace;
    let owner = NewMessageOwner { workspace, visitor: anna.clone(), name: None, email: None };
    let merged = fixture.store.merge_guest(guest_of(&channel, "v_1"), owner, NOW).await.unwrap();
    assert!(merged.is_none(), "there was no conversation");
    assert!(fixture.store.visitor_attachment(anna, upload).await.unwrap().is_some());
    assert_eq!(fixture.count("SELECT count(*) FROM visitor").await, 1);
    assert_eq!(fixture.count("SELECT count(*) FROM visitor WHERE kind = 'guest'").await, 0);
}

#[tokio::test]
async fn operators_uploads_are_for_one_conversation_and_one_person() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let channel = fixture.channel(fixture.agent().await).await;
    let mine = fixture.message(&channel, "v_1", "Hello", NOW).await;
    let other = fixture.message(&channel, "v_2", "Hello", NOW).await;
    let new = file(&fixture, "offer.pdf", NOW);
    let (workspace, anna) = (fixture.workspace, fixture.user);
    let bob = fixture.random.id(NOW, UserId::from_parts);
    let add = |user| store.add_operator_attachment(workspace, mine, user, new.clone());
    let first = add(anna).await.unwrap().unwrap();
    assert_eq!(add(anna).await.unwrap(), Some(first.clone()), "a repeat");
    assert_eq!(add(bob).await.unwrap(), None);
    let foreign = fixture.other_workspace().await;
    let theirs = store.add_operator_attachment(foreign, mine, anna, new.clone()).await;
    assert_eq!(theirs.unwrap(), None);
    assert!(store.conversation_attachment(foreign, mine, first.id).await.unwrap().is_none());
    assert!(store.conversation_attachment(workspace, other, first.id).await.unwrap().is_none());
    // The visitor sees it once it is sent, and not before.
    let v1 = guest_of(&channel, "v_1");
    assert!(store.visitor_attachment(v1.clone(), first.id).await.unwrap().is_none());
    let post = |conversation, operator| {
        let id = fixture.random.id(NOW, MessageId::from_parts);
        let operator = Operator { id: operator, name: "Anna".to_owned() };
        let text = String::new();
        let (store, attachments) = (store.clone(), vec![first.id]);
        async move {
            store
                .post_operator_message(
                    workspace,
                    conversation,
                    id,
                    operator,
                    text,
                    attachments,
                    NOW,
                )
                .await
                .unwrap()
                .unwrap()
        }
    };
    assert_eq!(post(other, anna).await.unwrap_err(), UnknownAttachment(0));
    assert_eq!(post(mine, bob).await.unwrap_err(), UnknownAttachment(0));
    let sent = post(mine, anna).await.unwrap().message;
    assert_eq!(sent.attachments, std::slice::from_ref(&first));
    assert!(store.visitor_attachment(v1, first.id).await.unwrap().is_some());
    let v2 = guest_of(&channel, "v_2");
    assert!(store.visitor_attachment(v2, first.id).await.unwrap().is_none());
}

#[tokio::test]
async fn of_operators_uploads_only_the_newest_wait() {
    let fixture = Fixture::new().await;
    let (store, workspace, anna) = (&fixture.store, fixture.workspace, fixture.user);
    let channel = fixture.channel(fixture.agent().await).await;
    let conversation = fixture.message(&channel, "v_1", "Hello", NOW).await;
    let waiting = upload(&fixture, &channel, "v_1").await;
    let mut ids = Vec::new();
    for _ in 0..=UNSENT {
        let new = file(&fixture, "offer.pdf", NOW);
        ids.push(new.id);
        store.add_operator_attachment(workspace, conversation, anna, new).await.unwrap().unwrap();
    }
    let is_there = async |id| {
        store.conversation_attachment(workspace, conversation, id).await.unwrap().is_some()
    };
    assert!(!is_there(ids[0]).await && is_there(ids[1]).await);
    // The visitor's are not counted with them.
    let found = store.visitor_attachment(guest_of(&channel, "v_1"), waiting).await.unwrap();
    assert!(found.is_some());
}
