//! Voice messages become text before the question is answered.

use cavuer_protocol::{
    Attachment, AttachmentContent, ConversationEvent, Message, limits::MESSAGE_CHARS, notice,
};

use super::failure::{Failure, Unheard};
use super::{Turns, hand_over};
use crate::news::announce;
use crate::providers;
use crate::usage::{Spending, prices};
use cavuer_models::{Heard, Recording};
use cavuer_store::{CallForPerson, ClaimedTurn, Spent};

/// Makes text of the question's voice messages, each once: what an earlier attempt has paid for is
/// on disk. An agent that does not process audio calls a person instead.
pub(super) async fn listen(
    turns: &Turns,
    turn: &mut ClaimedTurn,
    spending: &Spending,
) -> Result<Option<CallForPerson>, Failure> {
    let unheard = |message: &Message| message.attachments.iter().any(is_unheard);
    if !turn.question.iter().any(unheard) {
        return Ok(None);
    }
    if !turn.agent.process_audio {
        let settings = turns.store.hand_over(turn.place.workspace, turn.agent_id).await?;
        let settings = settings.unwrap_or_default();
        let reason = notice::voice_not_listened_to();
        return Ok(Some(hand_over::call(turns.clock.now(), &turn.language, &settings, &reason)));
    }
    for place in 0..turn.question.len() {
        let Some(message) = turn.question.get(place).filter(|message| unheard(message)) else {
            continue;
        };
        let mut heard = message.clone();
        for attachment in heard.attachments.iter_mut().filter(|attachment| is_unheard(attachment)) {
            let text = transcript(turns, turn, attachment, spending).await?;
            let (conversation, id) = (turn.place.conversation, attachment.id);
            turns.store.keep_transcript(conversation, id, text.clone()).await?;
            if let AttachmentContent::Voice { transcript, .. } = &mut attachment.content {
                *transcript = Some(text);
            }
        }
        let event = ConversationEvent::MessageAdded { message: heard.clone() };
        announce(&turns.news, &turn.place, event).await;
        turn.question[place] = heard;
    }
    Ok(None)
}

/// What the visitor says with a message, by hand or by voice.
pub(super) fn said(message: &Message) -> String {
    let spoken = message.attachments.iter().filter_map(|attachment| match &attachment.content {
        AttachmentContent::Voice { transcript, .. } => transcript.as_deref(),
        AttachmentContent::Image { .. } | AttachmentContent::File => None,
    });
    let written = Some(message.text.as_str()).filter(|text| !text.is_empty());
    written.into_iter().chain(spoken).collect::<Vec<_>>().join("\n")
}

/// Whether it is a voice message of which there is no text.
pub(super) fn is_unheard(attachment: &Attachment) -> bool {
    matches!(attachment.content, AttachmentContent::Voice { transcript: None, .. })
}

async fn transcript(
    turns: &Turns,
    turn: &ClaimedTurn,
    attachment: &Attachment,
    spending: &Spending,
) -> Result<String, Failure> {
    let model =
        providers::speech_model(&turns.answering.providers, turn.place.workspace, &turn.agent)
            .await?;
    let model = model.ok_or(Unheard::NoModel)?.map_err(Unheard::Model)?;
    let bytes = turns.store.attachment_bytes(turn.place.conversation, attachment.id).await?;
    let recording = Recording {
        name: attachment.name.clone(),
        media_type: attachment.media_type.clone(),
        bytes: bytes.ok_or(Unheard::Silent)?.into(),
    };
    let heard = model.transcribe(recording).await;
    let id = model.id();
    match &heard {
        Ok(_) => turns.answering.failures.clear(&id),
        Err(error) => turns.answering.failures.note(&id, turns.clock.now(), error.reason()),
    }
    let heard = heard.map_err(Unheard::Model)?;
    spending.spend(cost(&id, attachment, &heard));
    let text: String = heard.text.chars().take(MESSAGE_CHARS).collect();
    if text.trim().is_empty() { Err(Unheard::Silent.into()) } else { Ok(text) }
}

/// What it took to make text of a voice message. It is paid for by the minute; tokens are what the
/// provider counts, if it does.
fn cost(model: &str, attachment: &Attachment, heard: &Heard) -> Spent {
    let seconds = heard.seconds.unwrap_or(match &attachment.content {
        AttachmentContent::Voice { seconds, .. } => f64::from(*seconds),
        AttachmentContent::Image { .. } | AttachmentContent::File => 0.0,
    });
    Spent {
        model: model.to_owned(),
        input_tokens: heard.input_tokens,
        output_tokens: heard.output_tokens,
        cost_micros: prices::listening_micros(model, seconds),
    }
}
