//! What a model is asked, whoever it is.

mod compose;
mod enclosed;
mod quoting;
mod tools;

use std::fmt;

use bytes::Bytes;
use cavuer_protocol::console::AnswerLength;

pub use compose::{Composed, compose};
pub use enclosed::Enclosed;
pub use tools::{
    AnsweredCall, BrokenArguments, HAND_OVER_TOOL, Tool, ToolCall, ToolChoice, ToolRound,
};

/// A function's result that is not cut any further, in bytes.
const SHORT_RESULT_BYTES: usize = 1_000;

/// Everything that an answer is made from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prompt {
    /// The rules that the owner wrote for the agent; may be empty.
    pub instruction: String,
    /// The conversation before the question, oldest first.
    pub history: Vec<PastMessage>,
    /// What the visitor wrote since the last answer; several messages are joined by line breaks.
    pub question: String,
    /// What the visitor sent along with the question.
    pub images: Vec<Image>,
    /// What else the visitor sent along with it.
    pub enclosed: Vec<Enclosed>,
    /// What the agent's articles say about it, most relevant first.
    pub passages: Vec<PromptPassage>,
    /// 0 (always the likeliest words) to 1 (free).
    pub temperature: f64,
    /// What the model is told that it is called.
    pub agent_name: String,
    /// The visitor's language, a BCP 47 tag, as the browser tells it; may be empty.
    pub language: String,
    /// The language to answer in, whatever the visitor writes; a BCP 47 tag.
    pub answer_language: Option<String>,
    /// How much the model is asked to say.
    pub answer_length: AnswerLength,
    /// Functions that the model may ask for; none means that it can only write.
    pub tools: Vec<Tool>,
    /// Whether it may still ask for them.
    pub tool_choice: ToolChoice,
    /// What this answer has already asked for and been told, oldest first.
    pub rounds: Vec<ToolRound>,
    /// Longest answer in tokens; `None` leaves it to the provider.
    pub max_answer_tokens: Option<u32>,
}

impl Prompt {
    /// How much text a provider reads of it, in bytes, without the rules that are the same for all.
    pub fn bytes(&self) -> usize {
        let history = self.history.iter().map(|past| past.text.len());
        let passages = self.passages.iter().map(|passage| passage.text.len());
        let results =
            self.rounds.iter().flat_map(|round| &round.calls).map(|call| call.result.len());
        let files = self.enclosed.iter().map(|enclosed| enclosed.told().len());
        let parts = history.chain(passages).chain(results).chain(files).sum::<usize>();
        self.instruction.len() + self.question.len() + parts
    }

    /// Leaves out what an answer can best do without: first the older half of the history, then
    /// images and files, then the less relevant half of the passages, then half of what functions
    /// gave back. `false` if nothing is left that could go.
    pub fn shorten(&mut self) -> bool {
        let results = self.rounds.iter_mut().flat_map(|round| &mut round.calls);
        if !self.history.is_empty() {
            self.history.drain(..self.history.len().div_ceil(2));
        } else if !self.images.is_empty() {
            let unseen = |_| Enclosed::UnseenImage { name: "image".to_owned() };
            self.enclosed.extend(self.images.drain(..).map(unseen));
        } else if self.enclosed.iter_mut().rev().any(Enclosed::close) {
            // The last file whose text was there is only named now.
        } else if self.passages.len() > 1 {
            self.passages.truncate(self.passages.len() / 2);
        } else if let Some(longest) = results.max_by_key(|call| call.result.len())
            && longest.result.len() > SHORT_RESULT_BYTES
        {
            let half = longest.result.floor_char_boundary(longest.result.len() / 2);
            longest.result.truncate(half);
            longest.result.push_str(" […]");
        } else {
            return false;
        }
        true
    }
}

/// One earlier message of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastMessage {
    /// On whose side it was written.
    pub role: Role,
    /// What was said, by hand or by voice. Data, not instructions; may be empty beside an image or
    /// a file.
    pub text: String,
    /// Providers take images from the visitor's side only; others are left out.
    pub images: Vec<Image>,
    /// What else came along with it.
    pub enclosed: Vec<Enclosed>,
}

impl PastMessage {
    /// A message that nothing came along with.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Self { role, text: text.into(), images: Vec::new(), enclosed: Vec::new() }
    }
}

/// An image that a model is to look at.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    /// All providers take `image/jpeg`, `image/png`, `image/gif` and `image/webp`.
    pub media_type: String,
    /// The whole file, not encoded; protocols make base64 of it.
    pub bytes: Bytes,
}

impl fmt::Debug for Image {
    /// Only the size: the bytes would fill a log and may show a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

/// On whose side a message was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Whoever asks.
    Visitor,
    /// The agent, or a person who took over from it.
    Agent,
}

/// A part of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptPassage {
    /// Title of the article.
    pub title: String,
    /// What it says. Data, not instructions.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(role: Role, text: &str) -> PastMessage {
        PastMessage::new(role, text)
    }

    #[test]
    fn a_prompt_shrinks_until_the_question_is_left() {
        let passage = |text: &str| PromptPassage { title: String::new(), text: text.to_owned() };
        let call =
            AnsweredCall { call: ToolCall::default(), result: "é".repeat(2_000), failed: false };
        let mut prompt = Prompt {
            history: (0..5).map(|n| past(Role::Visitor, &n.to_string())).collect(),
            passages: vec![passage("best"), passage("good"), passage("fair")],
            rounds: vec![ToolRound { text: String::new(), calls: vec![call] }],
            question: "What?".to_owned(),
            images: vec![Image { media_type: "image/png".to_owned(), bytes: "x".into() }],
            enclosed: vec![Enclosed::Text {
                name: "a.txt".to_owned(),
                text: "Words".to_owned(),
                is_whole: true,
            }],
            ..Prompt::default()
        };
        assert!(prompt.shorten());
        // The newest stay.
        assert_eq!(prompt.history, [past(Role::Visitor, "3"), past(Role::Visitor, "4")]);
        let mut steps = 1;
        while prompt.shorten() {
            steps += 1;
        }
        assert!(steps < 10, "{steps}");
        assert_eq!(
            (prompt.images.len(), prompt.enclosed),
            (
                0,
                vec![
                    Enclosed::UnreadFile { name: "a.txt".to_owned() },
                    Enclosed::UnseenImage { name: "image".to_owned() },
                ]
            )
        );
        assert_eq!((prompt.history.len(), prompt.passages), (0, vec![passage("best")]));
        assert!(prompt.rounds[0].calls[0].result.len() <= SHORT_RESULT_BYTES + 10);
        assert_eq!(prompt.question, "What?");
    }
}
