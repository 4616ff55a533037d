//! The answerer that needs no model: it quotes the articles.
//!
//! Everything that it says about the site stands word for word in a passage; the rest is a small
//! stock of fixed sentences ([mod@phrases]). If the passages do not cover the question it says so
//! and tells how to reach a person. It is what a new server answers with until it has a key.

mod excerpt;
mod layout;
mod phrases;
mod search;
mod small_talk;

use cavuer_protocol::console::AnswerLength;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use serde_json::json;

use self::phrases::{Phrases, is_spoken, phrases};
use self::search::{Finding, Quote, find};
use self::small_talk::{SmallTalk, small_talk};
use crate::answers::{Llm, Piece};
use crate::error::LlmError;
use crate::prompt::{HAND_OVER_TOOL, Prompt, Role, ToolCall, ToolChoice};
use cavuer_base::texts;
use cavuer_text::language::fillers::{Fillers, is_han, is_kana};
use cavuer_text::language::words::fold;

/// How many words go out at once.
const WORDS_PER_PIECE: usize = 3;

/// Answers by quoting, without any network.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuiltIn;

impl Llm for BuiltIn {
    fn stream(&self, prompt: Prompt) -> BoxStream<'static, Result<Piece, LlmError>> {
        if wants_person(&prompt)
            && let Some(call) = call_for_person(&prompt)
        {
            return stream::iter([Ok(Piece::ToolCall(call))]).boxed();
        }
        let Answer { text, quoted } = answer(&prompt);
        let pieces = pieces(&text).into_iter().map(Piece::Text);
        stream::iter(pieces.chain(quoted.into_iter().map(Piece::Cited)).collect::<Vec<_>>())
            .then(|piece| async {
                // Gives way, so that whoever reads along sees the answer grow.
                tokio::task::yield_now().await;
                Ok(piece)
            })
            .boxed()
    }
}

/// The call that brings a person in, if there is such a function and it was not asked for yet.
fn call_for_person(prompt: &Prompt) -> Option<ToolCall> {
    let may = prompt.tool_choice == ToolChoice::Free
        && prompt.rounds.is_empty()
        && prompt.tools.iter().any(|tool| tool.name == HAND_OVER_TOOL);
    // tidy allows sentences: the built-in answerer's own words, as a model has its own
    may.then(|| ToolCall {
        id: HAND_OVER_TOOL.to_owned(),
        name: HAND_OVER_TOOL.to_owned(),
        arguments: json!({"reason": "The visitor asks for a person."}).to_string(),
        seal: None,
    })
}

fn wants_person(prompt: &Prompt) -> bool {
    small_talk(&prompt.question, &prompt.agent_name) == Some(SmallTalk::Person)
}

/// A whole answer.
struct Answer {
    /// Light Markdown.
    text: String,
    /// The passages that it quotes, each once, by their places in the prompt.
    quoted: Vec<usize>,
}

impl Answer {
    /// Words of its own.
    fn own(text: impl Into<String>) -> Self {
        Self { text: text.into(), quoted: Vec::new() }
    }
}

fn answer(prompt: &Prompt) -> Answer {
    let own = phrases(reply_language(prompt));
    let name = match prompt.agent_name.trim() {
        "" => "Cavuer",
        name => name,
    };
    let named = |sentence: &str| sentence.replace("{name}", name);
    let came_along = !prompt.images.is_empty() || !prompt.enclosed.is_empty();
    if came_along && prompt.question.trim().is_empty() {
        return Answer::own(with_person(own, own.cannot_see));
    }
    match small_talk(&prompt.question, name) {
        Some(SmallTalk::Hello) => return Answer::own(named(own.hello)),
        Some(SmallTalk::Thanks) => return Answer::own(own.thanks),
        Some(SmallTalk::Bye) => return Answer::own(own.bye),
        Some(SmallTalk::About) => return Answer::own(named(own.about)),
        // It called, and nobody was there.
        Some(SmallTalk::Person) if !prompt.rounds.is_empty() => {
            return Answer::own(&texts::for_language(own.language).lines.nobody_there);
        }
        Some(SmallTalk::Person) => return Answer::own(own.ask_person),
        None => {}
    }
    let most = match prompt.answer_length {
        AnswerLength::Short => 1,
        AnswerLength::Medium | AnswerLength::Long => usize::MAX,
    };
    match find(&prompt.question, previous_question(prompt), &prompt.passages) {
        Finding::Answer(quotes) if !quotes.is_empty() => quoted(&quotes, most),
        Finding::Near(quotes) if !quotes.is_empty() => {
            let Answer { text, quoted } = quoted(&quotes, most);
            Answer { text: format!("{}\n\n{text}\n\n{}", own.closest, own.ask_person), quoted }
        }
        _ => Answer::own(with_person(own, own.no_answer)),
    }
}

/// What cannot be done, and how to reach a person who can.
fn with_person(own: &Phrases, sentence: &str) -> String {
    let space = if matches!(own.language, "zh" | "ja") { "" } else { " " };
    format!("{sentence}{space}{}", own.ask_person)
}

/// The first quotations, each under its article's title.
fn quoted(quotes: &[Quote], most: usize) -> Answer {
    let mut text = String::new();
    let mut quoted = Vec::new();
    let mut title = None;
    for quote in quotes.iter().take(most) {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        if title != Some(&quote.title) {
            // An asterisk would end the bold part too early.
            text.push_str(&format!("**{}**\n\n", quote.title.replace('*', "∗")));
        }
        text.push_str(&quote.text);
        title = Some(&quote.title);
        if !quoted.contains(&quote.passage) {
            quoted.push(quote.passage);
        }
    }
    Answer { text, quoted }
}

fn previous_question(prompt: &Prompt) -> Option<&str> {
    let earlier = prompt.history.iter().rev().filter(|message| message.role == Role::Visitor);
    earlier
        .map(|message| message.text.as_str())
        .find(|text| small_talk(text, &prompt.agent_name).is_none())
}

/// The language that the owner fixed, or the one that the question is in as far as that can be
/// seen, else the browser's.
fn reply_language(prompt: &Prompt) -> &str {
    if let Some(fixed) = &prompt.answer_language {
        return fixed;
    }
    let browser = prompt.language.as_str();
    let is_browser = |language: &str| {
        browser.get(..language.len()).is_some_and(|start| start.eq_ignore_ascii_case(language))
    };
    let question = &prompt.question;
    if question.chars().any(is_kana) {
        return "ja";
    }
    for c in question.chars() {
        let written = match c {
            'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є' | 'Ґ' => "uk",
            '\u{0590}'..='\u{05ff}' => "he",
            '\u{0600}'..='\u{06ff}' => "ar",
            '\u{0900}'..='\u{097f}' => "hi",
            '\u{ac00}'..='\u{d7a3}' => "ko",
            c if is_han(c) => return if is_browser("ja") { "ja" } else { "zh" },
            _ => continue,
        };
        return written;
    }
    if question.chars().any(|c| matches!(c, '\u{0400}'..='\u{04ff}')) {
        return if is_browser("uk") { "uk" } else { "ru" };
    }
    match Fillers::get().likely_language(&fold(question)) {
        Some(language) if is_spoken(language) => language,
        _ => browser,
    }
}

/// An answer in pieces of a few words, with all its white space.
fn pieces(answer: &str) -> Vec<String> {
    let words: Vec<&str> = answer.split_inclusive(char::is_whitespace).collect();
    words.chunks(WORDS_PER_PIECE).map(<[&str]>::concat).collect()
}

#[cfg(test)]
mod tests;
