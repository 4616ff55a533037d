//! What a question is answered from.

use cavuer_models::{PastMessage, Prompt, PromptPassage, Role};
use cavuer_protocol::console::AgentSettings;
use cavuer_protocol::{Author, Message, WorkspaceId};
use cavuer_store::{ClaimedTurn, Searched, StoreError};
use cavuer_text::retrieval::Found;

use super::Turns;
use super::enclosed::{self, Enclosure};
use super::transcription::said;
use crate::embeddings::{self, Embeddings};

/// A question, and what it is answered with.
pub(super) struct Groundwork<'a> {
    pub workspace: WorkspaceId,
    pub searched: Searched,
    pub agent: &'a AgentSettings,
    /// Language of whoever asks, a BCP 47 tag.
    pub language: &'a str,
    pub history: Vec<PastMessage>,
    pub question: String,
}

/// What the model is told, and the passages that were found for it.
pub(super) async fn of_turn(
    turns: &Turns,
    turn: &ClaimedTurn,
) -> Result<(Prompt, Vec<Found>), StoreError> {
    let mut enclosures = enclosed::of_turn(turns, turn).await?;
    let history = turn.history.iter().filter_map(|message| {
        let Enclosure { images, enclosed } = enclosures.remove(&message.id).unwrap_or_default();
        Some(PastMessage { images, enclosed, ..past(message)? })
    });
    let groundwork = Groundwork {
        workspace: turn.place.workspace,
        searched: turn.agent_id.into(),
        agent: &turn.agent,
        language: &turn.language,
        history: history.collect(),
        question: joined(&turn.question),
    };
    let (mut prompt, found) = lay(&turns.answering.embeddings, groundwork).await?;
    for message in &turn.question {
        let enclosure = enclosures.remove(&message.id).unwrap_or_default();
        prompt.images.extend(enclosure.images);
        prompt.enclosed.extend(enclosure.enclosed);
    }
    Ok((prompt, found))
}

/// Finds passages for a question, and puts together what the model is told.
pub(super) async fn lay(
    embeddings: &Embeddings,
    groundwork: Groundwork<'_>,
) -> Result<(Prompt, Vec<Found>), StoreError> {
    let Groundwork { workspace, searched, agent, language, history, question } = groundwork;
    let before = history.iter().rfind(|message| message.role == Role::Visitor);
    let before = before.map(|message| message.text.as_str());
    let limit = agent.max_passages;
    let found =
        embeddings::retrieve(embeddings, workspace, searched, &question, before, limit).await?;
    let prompt = Prompt {
        instruction: agent.instruction.clone(),
        history,
        question,
        passages: found
            .iter()
            .map(|found| PromptPassage { title: found.title.clone(), text: found.text.clone() })
            .collect(),
        temperature: agent.temperature,
        agent_name: agent.name.clone(),
        language: language.to_owned(),
        answer_language: agent.answer_language.clone(),
        answer_length: agent.answer_length,
        ..Prompt::default()
    };
    Ok((prompt, found))
}

fn past(message: &Message) -> Option<PastMessage> {
    let role = match message.author {
        Author::Visitor => Role::Visitor,
        Author::Agent { .. } | Author::Operator { .. } => Role::Agent,
        Author::System => return None,
    };
    Some(PastMessage::new(role, said(message)))
}

fn joined(messages: &[Message]) -> String {
    messages.iter().map(said).collect::<Vec<_>>().join("\n")
}
