//! Why there is no answer, for the owner.

super::notices! {
    /// Both are notices that end with a stop.
    fallback_failed_too(model, fallback) = "{model} The fallback model failed too: {fallback}";
    voice_without_model() = "A voice message could not be made into text: no provider at hand can do that. Add one on the page Models, or switch audio off in the agent's settings.";
    voice_silent() = "Nothing could be understood in a voice message.";
    voice_failed(reason) = "A voice message could not be made into text. {reason}";
    voice_not_listened_to() = "The visitor sent a voice message, and the agent does not listen to them.";
    database_unreadable() = "The server could not read its database. Check its disk.";
    instruction_recited() = "The model was about to recite the agent's instruction, so its answer was withheld. If the visitor was meant to read that text, make it an article.";
    answer_interrupted() = "The server ended in the middle of the answer several times. See its log.";
    /// Like the next two it stands behind a colon.
    daily_answers_given(most) = "the channel has given its {most} answers of today. You can answer yourself; the agent answers again from 00:00 UTC on, or when the limit is raised in the channel's settings";
    daily_tokens_used(most) = "the channel has used its {most} tokens of today. You can answer yourself; the agent answers again from 00:00 UTC on, or when the limit is raised in the channel's settings";
    daily_answers_had(most) = "this visitor has had their {most} answers of today. You can answer yourself; the agent answers again from 00:00 UTC on, or when the limit is raised in the channel's settings";
}
