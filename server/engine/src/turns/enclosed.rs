//! What came along with a visitor's messages, in the form in which a model is given it.

use std::collections::HashMap;

use cavuer_protocol::{Attachment, AttachmentContent, Author, Message, MessageId};

use super::Turns;
use crate::attachments;
use cavuer_models::{BUILT_IN_MODEL, Enclosed, Image};
use cavuer_store::{ClaimedTurn, StoreError};

/// Most images of one prompt; the newest ones count.
const IMAGES: usize = 5;
/// Most bytes of the images of one prompt together. In base64 they stay below what the strictest
/// provider takes in one request.
const IMAGE_BYTES: usize = 8 * 1024 * 1024;
/// Most text of files in one prompt, in characters; the newest files count.
const TEXT_CHARS: usize = 24_000;
/// A file of which less could be told is only named, in characters.
const LEAST_CHARS: usize = 200;

/// What came along with one message.
#[derive(Debug, Default)]
pub(super) struct Enclosure {
    pub images: Vec<Image>,
    pub enclosed: Vec<Enclosed>,
}

/// What one prompt may still be given.
struct Room {
    images: usize,
    image_bytes: usize,
    chars: usize,
}

/// What came along with the visitor's messages of a turn. An agent that does not process images
/// learns that there are images and files, and nothing of what is in them.
pub(super) async fn of_turn(
    turns: &Turns,
    turn: &ClaimedTurn,
) -> Result<HashMap<MessageId, Enclosure>, StoreError> {
    // The built-in answerer quotes articles and nothing else.
    let opens = turn.agent.process_images && turn.agent.model != BUILT_IN_MODEL;
    let (images, image_bytes, chars) =
        if opens { (IMAGES, IMAGE_BYTES, TEXT_CHARS) } else { (0, 0, 0) };
    let mut room = Room { images, image_bytes, chars };
    let mut found = HashMap::new();
    for message in turn.question.iter().rev().chain(turn.history.iter().rev()) {
        if message.author == Author::Visitor && !message.attachments.is_empty() {
            found.insert(message.id, of_message(turns, turn, message, &mut room).await?);
        }
    }
    Ok(found)
}

async fn of_message(
    turns: &Turns,
    turn: &ClaimedTurn,
    message: &Message,
    room: &mut Room,
) -> Result<Enclosure, StoreError> {
    let mut enclosure = Enclosure::default();
    for attachment in &message.attachments {
        let name = attachment.name.clone();
        match &attachment.content {
            AttachmentContent::Image { .. } => match image(turns, turn, attachment, room).await? {
                Some(image) => enclosure.images.push(image),
                None => enclosure.enclosed.push(Enclosed::UnseenImage { name }),
            },
            AttachmentContent::File => {
                let text = text(turns, turn, attachment, room).await?;
                enclosure.enclosed.push(text.unwrap_or(Enclosed::UnreadFile { name }));
            }
            AttachmentContent::Voice { transcript: None, .. } => {
                enclosure.enclosed.push(Enclosed::UnheardVoice);
            }
            // It is among the words of the message.
            AttachmentContent::Voice { transcript: Some(_), .. } => {}
        }
    }
    Ok(enclosure)
}

async fn image(
    turns: &Turns,
    turn: &ClaimedTurn,
    attachment: &Attachment,
    room: &mut Room,
) -> Result<Option<Image>, StoreError> {
    if room.images == 0 {
        return Ok(None);
    }
    let stored = turns.store.attachment_bytes(turn.place.conversation, attachment.id).await?;
    let Some(bytes) = stored else { return Ok(None) };
    let shown = attachments::for_model(attachment.media_type.clone(), bytes).await;
    let shown = shown.filter(|image| image.bytes.len() <= room.image_bytes);
    if let Some(image) = &shown {
        room.images -= 1;
        room.image_bytes -= image.bytes.len();
    }
    Ok(shown)
}

async fn text(
    turns: &Turns,
    turn: &ClaimedTurn,
    attachment: &Attachment,
    room: &mut Room,
) -> Result<Option<Enclosed>, StoreError> {
    if room.chars < LEAST_CHARS {
        return Ok(None);
    }
    let conversation = turn.place.conversation;
    let kept = turns.store.attachment_extract(conversation, attachment.id).await?;
    let text = match kept {
        Some(text) => text,
        None => {
            let stored = turns.store.attachment_bytes(conversation, attachment.id).await?;
            let Some(bytes) = stored else { return Ok(None) };
            let Some(text) =
                attachments::text(&turns.extractor, &attachment.media_type, &bytes).await
            else {
                return Ok(None);
            };
            // One character more than is ever told shows that a file goes on.
            let text: String = text.chars().take(TEXT_CHARS + 1).collect();
            turns.store.keep_extract(conversation, attachment.id, text.clone()).await?;
            text
        }
    };
    if text.is_empty() {
        return Ok(None);
    }
    let told: String = text.chars().take(room.chars).collect();
    room.chars -= told.chars().count();
    let is_whole = told.len() == text.len();
    Ok(Some(Enclosed::Text { name: attachment.name.clone(), text: told, is_whole }))
}
