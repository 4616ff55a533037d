//! What models take beside the messages, and what they have been found to refuse.

use super::families;
use crate::prompt::PastMessage;

/// What is added to an answer's length for models that count their thoughts as part of it: a limit
/// meant for the visitor's eyes would else be used up before the first word.
pub(super) const THINKING_TOKENS: u32 = 4_096;

/// Which optional parts of a request a model takes.
///
/// Names change faster than this program, so what the names do not tell is learnt from refusals:
/// see [`Takes::without_refused`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Takes {
    /// Whether it takes a temperature; models that think before they answer mostly do not.
    pub temperature: bool,
    /// OpenAI's `reasoning_effort`; only models that think before they answer know it.
    pub effort: bool,
    /// Under which name it takes the longest answer.
    pub length: Length,
    /// OpenAI's `stream_options`, without which no usage is told.
    pub usage: bool,
    /// Whether it can be offered functions.
    pub tools: bool,
    /// Whether it looks at images; otherwise it is told that there were some.
    pub images: bool,
}

/// How a model is told the longest answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// As `max_tokens`, which older models and most servers know.
    MaxTokens,
    /// As `max_completion_tokens`, which OpenAI's newer models want.
    MaxCompletionTokens,
    /// Not at all.
    Untold,
}

impl Takes {
    /// All that models take as a rule; whether this one may see is told by its name.
    pub fn all(model: &str) -> Self {
        Self {
            temperature: true,
            effort: false,
            length: Length::MaxTokens,
            usage: true,
            tools: true,
            images: families::may_see(&last_part(model)),
        }
    }

    /// The same with what is known of OpenAI's reasoning models, whoever serves them.
    pub fn of_openai(model: &str) -> Self {
        let all = Self::all(model);
        let name = last_part(model);
        if !thinks(&name) {
            return all;
        }
        // They refuse a temperature; some of them refuse an effort as well.
        let fixed = name.contains("-chat") || name.contains("-pro");
        Self {
            temperature: false,
            effort: name.starts_with("gpt-5") && !fixed,
            length: Length::MaxCompletionTokens,
            ..all
        }
    }

    /// What is left when the parts that a refusal names are left out; `None` if it names nothing
    /// that was sent, so that asking again would be of no use.
    pub fn without_refused(self, refusal: &str) -> Option<Self> {
        let refusal = refusal.to_lowercase();
        let names = |words: &[&str]| words.iter().any(|word| refusal.contains(word));
        let mut left = self;
        left.temperature &= !names(&["temperature"]);
        left.effort &= !names(&["reasoning_effort", "reasoning effort"]);
        left.usage &= !names(&["stream_options", "include_usage"]);
        left.length = match self.length {
            Length::MaxTokens if names(&["max_completion_tokens"]) => Length::MaxCompletionTokens,
            Length::MaxTokens if names(&["max_tokens", "maxoutputtokens"]) => Length::Untold,
            Length::MaxCompletionTokens if names(&["max_completion_tokens"]) => Length::Untold,
            length => length,
        };
        let declined = names(&["support", "enabled", "unknown", "unrecognized", "not allowed"]);
        left.tools &= !(declined && names(&["tool", "function call"]));
        // Servers whose models only read may want each message to be a string.
        let blind = names(&["not a multimodal", "content must be a string"]);
        left.images &= !(blind || declined && names(&["image", "vision", "multimodal"]));
        (left != self).then_some(left)
    }

    /// What is left for one request when a refusal is about an image in it, for whatever reason:
    /// an answer without the image is better than none. Other images may be fine.
    pub fn without_refused_image(self, refusal: &str) -> Option<Self> {
        let about_images = self.images && refusal.to_lowercase().contains("image");
        about_images.then_some(Self { images: false, ..self })
    }
}

/// A message for a model that takes no images: it can at least say that there were some.
pub(super) fn without_images(message: &PastMessage) -> String {
    let note = "[The visitor sent an image here, which you cannot see.]";
    if message.text.is_empty() { note.to_owned() } else { format!("{}\n\n{note}", message.text) }
}

/// A model's name without its maker's, in lower case.
fn last_part(model: &str) -> String {
    model.rsplit('/').next().unwrap_or(model).to_ascii_lowercase()
}

/// Whether a lower-case name is one of OpenAI's reasoning models.
fn thinks(name: &str) -> bool {
    let mut letters = name.chars();
    let o_series =
        letters.next() == Some('o') && letters.next().is_some_and(|c| c.is_ascii_digit());
    name.starts_with("gpt-5") || o_series
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(model: &str) -> Takes {
        Takes::of_openai(model)
    }

    #[test]
    fn reasoning_models_are_known_by_name() {
        for model in ["gpt-4.1", "gpt-4o-mini", "llama3.2", "openai/gpt-oss-20b"] {
            assert!(of(model).temperature && !of(model).effort, "{model}");
            assert_eq!(of(model).length, Length::MaxTokens, "{model}");
        }
        for model in
            ["gpt-5", "gpt-5-mini", "GPT-5.1", "o1", "o3-mini", "o4-mini", "gpt-5-chat-latest"]
        {
            assert!(!of(model).temperature, "{model}");
            assert_eq!(of(model).length, Length::MaxCompletionTokens, "{model}");
        }
        assert!(of("gpt-5-mini").effort);
        assert!(!of("gpt-5-pro").effort);
        assert!(Takes::all("o1-of-somebody-else").temperature);
    }

    #[test]
    fn what_a_refusal_names_is_left_out() {
        let takes = of("gpt-4.1");
        let left = |refusal| takes.without_refused(refusal);
        assert_eq!(
            left("`temperature` is deprecated for this model."),
            Some(Takes { temperature: false, ..takes })
        );
        assert_eq!(
            left(
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
            ),
            Some(Takes { length: Length::MaxCompletionTokens, ..takes })
        );
        assert_eq!(
            left("max_tokens: 9000 > 4096, which is the maximum allowed number of output tokens"),
            Some(Takes { length: Length::Untold, ..takes })
        );
        assert_eq!(
            left("Extra inputs are not permitted: stream_options"),
            Some(Takes { usage: false, ..takes })
        );
        assert_eq!(
            left("registry.ollama.ai/library/gemma:latest does not support tools"),
            Some(Takes { tools: false, ..takes })
        );
        assert_eq!(
            left("Image input is not supported by this model"),
            Some(Takes { images: false, ..takes })
        );
        assert_eq!(
            left("test/text-only is not a multimodal model"),
            Some(Takes { images: false, ..takes })
        );
    }

    #[test]
    fn an_image_that_cannot_be_used_is_spared_once() {
        let takes = of("gpt-4.1");
        let blind = Some(Takes { images: false, ..takes });
        assert_eq!(takes.without_refused_image("Could not process Image"), blind);
        assert_eq!(takes.without_refused_image("The request was not understood."), None);
        let blind = Takes { images: false, ..takes };
        assert_eq!(blind.without_refused_image("Could not process image"), None);
    }

    #[test]
    fn other_refusals_are_no_reason_to_ask_again() {
        let takes = of("gpt-5");
        assert_eq!(takes.without_refused("The request was not understood."), None);
        // It was not sent, so it cannot be left out.
        assert_eq!(takes.without_refused("temperature is not supported"), None);
        assert_eq!(takes.without_refused("the image is too large"), None);
        assert_eq!(takes.without_refused("tools[0].name: must not be empty"), None);
    }
}
