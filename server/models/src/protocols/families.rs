//! What is known of models by their names, in plain words for whoever chooses one.

/// Notes by a part of the name, the most particular first.
const NOTES: [(&str, &str); 26] = [
    ("gpt-4.1-nano", "Very fast and the cheapest of its family; for simple questions."),
    ("gpt-4.1-mini", "Fast and cheap; accurate enough for most support questions."),
    ("gpt-4.1", "Fast, follows long instructions closely, medium cost. A good start for support."),
    ("gpt-4o-mini", "Fast and cheap; an older model for simple questions."),
    ("gpt-4o", "Fast, natural tone, sees images well; medium cost."),
    ("gpt-4", "An older model: accurate, but slower and dearer than its successors."),
    ("gpt-5-nano", "The cheapest of its family; thinks briefly. For simple questions."),
    (
        "gpt-5-mini",
        "Thinks before it answers: slower first word, better with tricky questions, low cost. Ignores temperature.",
    ),
    ("gpt-5-pro", "Thinks for long: the most accurate of its family, slow and expensive."),
    ("gpt-5", "For complex, analytical questions. Slower, costs more. Ignores temperature."),
    ("claude-3", "An older model of its family; its successors are more accurate."),
    ("haiku", "Very fast, natural tone, low cost. A good start for support."),
    ("sonnet", "For complex questions and long articles; medium speed and cost."),
    ("opus", "The most careful with difficult questions; slower and the most expensive."),
    ("flash-lite", "Very fast and very cheap; for simple questions."),
    (
        "gemini-2.5-flash",
        "Fast and cheap, reads long articles; accurate enough for most questions.",
    ),
    ("flash", "Fast and cheap, reads long articles."),
    (
        "gemini-2.5-pro",
        "Thinks before it answers: accurate with complex questions, slower, medium cost.",
    ),
    ("gemini", "Google's larger model: accurate with complex questions, slower."),
    ("gpt-oss", "Open model; thinks before it answers. Speed depends on the machine."),
    ("llama", "Open model for a machine of your own; speed depends on the machine."),
    ("mistral", "Fast European model; good with European languages, low to medium cost."),
    ("qwen", "Open model, strong in many languages; speed depends on the machine."),
    ("deepseek", "Strong with analytical questions for little money; often slow."),
    (
        "gemma",
        "Small open model for a machine of your own; for simple questions. Often without functions.",
    ),
    ("phi", "Very small open model; quick on weak machines, less accurate."),
];

/// Names that providers list beside those that can hold a conversation.
const NO_CHAT: [&str; 17] = [
    "embed",
    "whisper",
    "tts",
    "dall-e",
    "moderation",
    "transcribe",
    "realtime",
    "audio",
    "image",
    "davinci",
    "babbage",
    "sora",
    "veo",
    "imagen",
    "aqa",
    "rerank",
    "codex",
];

/// Beginnings of names of models that only read. For all others, asking shows it.
const BLIND: [&str; 7] =
    ["gpt-3.5", "gpt-oss", "o1-mini", "o3-mini", "deepseek", "mistral-7b", "claude-2"];

/// Speed, accuracy and cost; empty for a name that tells nothing.
pub(crate) fn note(name: &str) -> &'static str {
    let name = name.to_ascii_lowercase();
    let known = NOTES.iter().find(|(part, _)| name.contains(part));
    known.map_or("", |(_, note)| note)
}

/// Whether a model of this name is of use to an agent, as far as the name tells.
pub(crate) fn can_chat(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    !NO_CHAT.iter().any(|part| name.contains(part))
}

/// Whether a model of this name makes speech into text.
pub(crate) fn can_hear(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("whisper") || name.contains("transcribe")
}

/// Whether a model of this lower-case name may be able to look at images.
pub(crate) fn may_see(name: &str) -> bool {
    !BLIND.iter().any(|part| name.starts_with(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_particular_name_comes_first() {
        assert!(note("gpt-5-mini-2026-01-01").contains("low cost"));
        assert!(note("openai/gpt-5.1").contains("analytical"));
        assert!(note("claude-haiku-4-5").starts_with("Very fast"));
        assert!(note("gemini-2.5-flash-lite").starts_with("Very fast"));
        assert!(note("gpt-4-turbo").contains("older"));
        assert_eq!(note("somebody-s-own"), "");
        for (index, (part, _)) in NOTES.iter().enumerate() {
            let earlier = NOTES[..index].iter().find(|(earlier, _)| part.contains(earlier));
            assert_eq!(earlier, None, "{part} is never reached");
        }
    }

    #[test]
    fn models_that_only_read_are_known() {
        for name in ["gpt-3.5-turbo", "gpt-oss:20b", "o3-mini", "deepseek-chat"] {
            assert!(!may_see(name), "{name}");
        }
        for name in ["gpt-4o", "o3", "claude-haiku-4-5", "gemini-2.5-pro", "somebody-s-own"] {
            assert!(may_see(name), "{name}");
        }
    }

    #[test]
    fn models_that_do_not_talk_are_not_offered() {
        for name in ["text-embedding-3-small", "whisper-1", "gpt-image-1", "gemini-embedding-001"] {
            assert!(!can_chat(name), "{name}");
        }
        for name in ["gpt-5", "claude-opus-4-5", "gemini-2.5-pro", "llama3.2:3b"] {
            assert!(can_chat(name), "{name}");
        }
    }
}
