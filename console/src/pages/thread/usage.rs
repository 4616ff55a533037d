use cavuer_protocol::console::AnswerUsage;

use crate::text::{fill, group_digits, t};
use crate::units::{dollars, seconds};

/// "openai/gpt-4.1-mini · first words after 0.4 s, whole after 2.1 s · 1,000 tokens read, 100
/// written · $0.0006", as far as it is known.
pub fn usage_line(usage: &AnswerUsage) -> String {
    let words = &t().chats;
    let times = fill(
        words.usage,
        &[
            ("model", &usage.model),
            ("first", &seconds(usage.first_token_millis)),
            ("total", &seconds(usage.total_millis)),
        ],
    );
    let tokens = usage.input_tokens.zip(usage.output_tokens).map(|(read, written)| {
        let (read, written) = (group_digits(read.into()), group_digits(written.into()));
        fill(words.usage_tokens, &[("read", &read), ("written", &written)])
    });
    // What costs nothing has no price to show.
    let cost = usage.cost_micros.filter(|micros| *micros > 0).map(|micros| dollars(micros.into()));
    let parts = [Some(times), tokens, cost];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
