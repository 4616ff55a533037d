use cavuer_protocol::console::{AgentUsage, AnswerUsage, UsageDay};
use cavuer_store::{DayTotal, Measured, MeasuredAnswer, UsageTotals};

/// What one answer took.
pub fn answer_usage(MeasuredAnswer { answer, measured }: MeasuredAnswer) -> AnswerUsage {
    let Measured {
        model,
        input_tokens,
        output_tokens,
        first_token_millis,
        total_millis,
        cost_micros,
    } = measured;
    AnswerUsage {
        message_id: answer,
        model,
        input_tokens,
        output_tokens,
        first_token_millis,
        total_millis,
        cost_micros,
    }
}

/// What an agent's answers took together.
pub fn agent_usage(totals: UsageTotals) -> AgentUsage {
    let day = |DayTotal { starts_at, answers }| UsageDay { starts_at, answers };
    AgentUsage {
        answers: totals.answers,
        input_tokens: totals.input_tokens,
        output_tokens: totals.output_tokens,
        cost_micros: totals.cost_micros,
        unpriced_answers: totals.unpriced_answers,
        median_first_token_millis: totals.median_first_token_millis,
        days: totals.days.into_iter().map(day).collect(),
    }
}
