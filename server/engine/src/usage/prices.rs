//! What models cost, for the console's figures.

use cavuer_models::BUILT_IN_MODEL;

/// List prices in US dollars for a million tokens read and written, as the providers' pages
/// showed them in the course of 2026: developers.openai.com/api/docs/pricing and
/// platform.claude.com/docs/about-claude/pricing. Rebates for cached or batched tokens are not
/// counted, so the figures are what an answer costs at most.
///
/// A name also stands for its dated versions, such as `gpt-4.1-2025-04-14`.
const PRICES: &[(&str, f64, f64)] = &[
    ("openai/gpt-4.1", 2.0, 8.0),
    ("openai/gpt-4.1-mini", 0.4, 1.6),
    ("openai/gpt-4.1-nano", 0.1, 0.4),
    ("openai/gpt-4o", 2.5, 10.0),
    ("openai/gpt-4o-mini", 0.15, 0.6),
    ("openai/gpt-5", 1.25, 10.0),
    ("openai/gpt-5-mini", 0.25, 2.0),
    ("openai/gpt-5-nano", 0.05, 0.4),
    ("openai/gpt-5.1", 1.25, 10.0),
    ("openai/gpt-5.4", 2.5, 15.0),
    ("openai/gpt-5.4-mini", 0.75, 4.5),
    ("openai/gpt-5.4-nano", 0.2, 1.25),
    ("openai/gpt-5.5", 5.0, 30.0),
    ("anthropic/claude-haiku-4-5", 1.0, 5.0),
    ("anthropic/claude-sonnet-4-5", 3.0, 15.0),
    ("anthropic/claude-sonnet-4-6", 3.0, 15.0),
    ("anthropic/claude-sonnet-5-5", 2.0, 10.0),
    ("anthropic/claude-opus-4-5", 5.0, 25.0),
    ("anthropic/claude-opus-4-6", 5.0, 25.0),
    ("anthropic/claude-opus-5", 5.0, 25.0),
    ("anthropic/claude-opus-5-5", 4.0, 20.0),
];

/// The cost of an answer in millionths of a US dollar; `None` if the model's price is not known.
pub(crate) fn cost_micros(model: &str, input_tokens: u64, output_tokens: u64) -> Option<u64> {
    if model == BUILT_IN_MODEL {
        return Some(0);
    }
    let (_, input, output) = PRICES.iter().find(|(name, ..)| is_version_of(model, name))?;
    // Dollars for a million are millionths of a dollar for one.
    Some((input * input_tokens as f64 + output * output_tokens as f64).round() as u64)
}

/// List prices in US dollars for a minute of speech made into text, from the same page.
const LISTENING: &[(&str, f64)] = &[
    ("openai/whisper-1", 0.006),
    ("openai/gpt-4o-transcribe", 0.006),
    ("openai/gpt-4o-mini-transcribe", 0.003),
];

/// The cost of a recording of so many seconds in millionths of a US dollar; `None` if the model's
/// price is not known.
pub(crate) fn listening_micros(model: &str, seconds: f64) -> Option<u32> {
    let (_, a_minute) = LISTENING.iter().find(|(name, _)| is_version_of(model, name))?;
    // A cast from a float ends at the bounds, whatever a provider tells.
    Some((a_minute * 1_000_000.0 * seconds / 60.0).round() as u32)
}

/// Whether a model is the named one, or the named one of a certain date.
fn is_version_of(model: &str, name: &str) -> bool {
    let Some(rest) = model.strip_prefix(name) else { return false };
    let dated = |rest: &str| {
        let digits = rest.bytes().filter(u8::is_ascii_digit).count();
        digits == 8 && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
    };
    rest.is_empty() || rest.strip_prefix('-').is_some_and(dated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speech_is_paid_for_by_the_minute() {
        assert_eq!(listening_micros("openai/whisper-1", 90.0), Some(9_000));
        assert_eq!(listening_micros("openai/gpt-4o-mini-transcribe", 60.0), Some(3_000));
        assert_eq!(listening_micros("openai/whisper-1", -1.0), Some(0));
        assert_eq!(listening_micros("openai/large-v3", 60.0), None);
    }

    #[test]
    fn known_models_have_a_price_and_their_dated_versions_the_same() {
        assert_eq!(cost_micros("openai/gpt-4.1-mini", 1_000, 100), Some(560));
        for dated in ["openai/gpt-4.1-mini-2025-04-14", "openai/gpt-4.1-mini-20250414"] {
            assert_eq!(cost_micros(dated, 1_000, 100), Some(560), "{dated}");
        }
        assert_eq!(cost_micros("anthropic/claude-haiku-4-5-20251001", 1_000, 1_000), Some(6_000));
        assert_eq!(cost_micros(BUILT_IN_MODEL, 0, 0), Some(0));
    }

    #[test]
    fn a_model_that_only_begins_alike_has_none() {
        for model in ["openai/gpt-4.1-turbo", "openai/gpt-4.10", "openai/gpt", "acme/gpt-4.1", ""] {
            assert_eq!(cost_micros(model, 1, 1), None, "{model}");
        }
    }
}
