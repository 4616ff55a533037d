//! What is known of models by their names, in plain words for whoever chooses one.

use cavuer_protocol::notice::{self, Notice};

/// Makes what is said of a family of models.
type Note = fn() -> Notice;

/// Notes by a part of the name, the most particular first.
const NOTES: [(&str, Note); 26] = [
    ("gpt-4.1-nano", notice::family_gpt_4_1_nano),
    ("gpt-4.1-mini", notice::family_gpt_4_1_mini),
    ("gpt-4.1", notice::family_gpt_4_1),
    ("gpt-4o-mini", notice::family_gpt_4o_mini),
    ("gpt-4o", notice::family_gpt_4o),
    ("gpt-4", notice::family_gpt_4),
    ("gpt-5-nano", notice::family_gpt_5_nano),
    ("gpt-5-mini", notice::family_gpt_5_mini),
    ("gpt-5-pro", notice::family_gpt_5_pro),
    ("gpt-5", notice::family_gpt_5),
    ("claude-3", notice::family_claude_3),
    ("haiku", notice::family_haiku),
    ("sonnet", notice::family_sonnet),
    ("opus", notice::family_opus),
    ("flash-lite", notice::family_flash_lite),
    ("gemini-2.5-flash", notice::family_gemini_2_5_flash),
    ("flash", notice::family_flash),
    ("gemini-2.5-pro", notice::family_gemini_2_5_pro),
    ("gemini", notice::family_gemini),
    ("gpt-oss", notice::family_gpt_oss),
    ("llama", notice::family_llama),
    ("mistral", notice::family_mistral),
    ("qwen", notice::family_qwen),
    ("deepseek", notice::family_deepseek),
    ("gemma", notice::family_gemma),
    ("phi", notice::family_phi),
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

/// Speed, accuracy and cost; `None` for a name that tells nothing.
pub(crate) fn note(name: &str) -> Option<Notice> {
    let name = name.to_ascii_lowercase();
    let known = NOTES.iter().find(|(part, _)| name.contains(part));
    known.map(|(_, note)| note())
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
        let note = |name: &str| note(name).map(|note| note.english()).unwrap_or_default();
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
