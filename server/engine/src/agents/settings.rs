use std::ops::RangeInclusive;

use cavuer_protocol::WorkspaceId;
use cavuer_protocol::console::AgentChanges;
use cavuer_protocol::language::LANGUAGES;
use cavuer_protocol::limits::{
    HISTORY_MESSAGES, INSTRUCTION_CHARS, LONGEST_DELAY_SECONDS, MAX_PASSAGES, NAME_CHARS,
    RESPONSE_DELAY_SECONDS, RETENTION_DAYS,
};
use cavuer_protocol::notice::{self, NoticeValue};

use super::Agents;
use crate::checks::Checks;
use crate::refused::Refused;
use cavuer_models::{BUILT_IN_MODEL, ModelId};
use cavuer_store::StoreError;

/// Checks settings, whether they are to be saved or only tried: each with its line, and every one
/// by its name, so that a new one does not compile before somebody has thought of its check.
pub(super) async fn accept(
    agents: &Agents,
    workspace: WorkspaceId,
    wanted: AgentChanges,
) -> Result<AgentChanges, Refused> {
    let AgentChanges {
        name,
        model,
        fallback_model,
        instruction,
        temperature,
        answer_length,
        answer_language,
        max_passages,
        show_citations,
        history_messages,
        process_images,
        process_audio,
        speech_model,
        response_delay,
        longest_delay,
        mid_answer,
        retention_days,
        articles,
    } = wanted;
    let mut list = List { agents, workspace, checks: Checks::default() };
    let accepted = AgentChanges {
        name: name.map(|name| list.checks.line("name", &name, NAME_CHARS)),
        model: list.model("model", model).await?,
        fallback_model: list.optional_model("fallback_model", fallback_model).await?,
        speech_model: list.speech_model("speech_model", speech_model).await?,
        instruction: instruction
            .map(|text| list.checks.text("instruction", &text, INSTRUCTION_CHARS)),
        temperature: list.number("temperature", temperature, 0.0..=1.0),
        answer_length,
        answer_language: answer_language
            .map(|tag| tag.map(|tag| list.language("answer_language", &tag))),
        max_passages: list.number("max_passages", max_passages, 1..=MAX_PASSAGES),
        show_citations,
        history_messages: list.number("history_messages", history_messages, 0..=HISTORY_MESSAGES),
        process_images,
        process_audio,
        response_delay: list.number("response_delay", response_delay, 0..=RESPONSE_DELAY_SECONDS),
        longest_delay: list.number("longest_delay", longest_delay, 0..=LONGEST_DELAY_SECONDS),
        mid_answer,
        retention_days: list.number("retention_days", retention_days, 0..=RETENTION_DAYS),
        // Which there are is found out where they are linked, in the same transaction.
        articles,
    };
    list.checks.finish()?;
    Ok(accepted)
}

/// The checks that several settings share.
struct List<'a> {
    agents: &'a Agents,
    workspace: WorkspaceId,
    checks: Checks,
}

impl List<'_> {
    fn number<T>(&mut self, field: &str, wanted: Option<T>, range: RangeInclusive<T>) -> Option<T>
    where
        T: PartialOrd + Copy + Into<NoticeValue>,
    {
        if let Some(number) = wanted {
            self.checks.range(field, number, *range.start(), *range.end());
        }
        wanted
    }

    /// A model of the list, or another one of a provider of the server or the workspace. Whether
    /// there is a key for it now does not matter: the agent can be set up before.
    async fn model(
        &mut self,
        field: &str,
        wanted: Option<String>,
    ) -> Result<Option<String>, StoreError> {
        let Some(typed) = wanted else { return Ok(None) };
        let model = typed.trim();
        let exists = match ModelId::parse(model) {
            None => false,
            Some(ModelId::BuiltIn | ModelId::Environment { .. }) => true,
            Some(ModelId::Own { provider, .. }) => {
                self.agents.store.provider(self.workspace, provider).await?.is_some()
            }
        };
        if !exists {
            self.checks.problem(field, notice::no_such_model());
        }
        Ok(Some(model.to_owned()))
    }

    /// A model that an agent can do without.
    async fn optional_model(
        &mut self,
        field: &str,
        wanted: Option<Option<String>>,
    ) -> Result<Option<Option<String>>, StoreError> {
        match wanted {
            Some(Some(model)) => Ok(Some(self.model(field, Some(model)).await?)),
            other => Ok(other),
        }
    }

    async fn speech_model(
        &mut self,
        field: &str,
        wanted: Option<Option<String>>,
    ) -> Result<Option<Option<String>>, StoreError> {
        if wanted.iter().flatten().any(|model| model.trim() == BUILT_IN_MODEL) {
            self.checks.problem(field, notice::built_in_cannot_listen());
        }
        self.optional_model(field, wanted).await
    }

    /// One of the languages that the server itself can write in.
    fn language(&mut self, field: &str, typed: &str) -> String {
        let tag = typed.trim().to_ascii_lowercase();
        if !LANGUAGES.iter().any(|language| language.tag == tag) {
            let known = LANGUAGES.map(|language| language.tag).join(", ");
            self.checks.problem(field, notice::unknown_answer_language(known));
        }
        tag
    }
}
