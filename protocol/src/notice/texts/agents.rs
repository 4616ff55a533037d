//! Agents, how they hand over, and their playground.

super::notices! {
    no_such_model() = "There is no such model. Choose one from the list, or write the provider and its name for the model, for example openai/gpt-4.1-mini.";
    built_in_cannot_listen() = "The built-in answerer cannot listen. Choose another model.";
    unknown_answer_language(known) = "Choose one of {known}, or none for the visitor's own language.";
    article_gone() = "There is no such article any more. Reload the list of articles.";
    unknown_time_zone() = "There is no such time zone. Write its name with the continent, for example Europe/Berlin.";
    too_many_open_hours(most) = "Use at most {most} stretches of time.";
    open_hours_reversed() = "It must end after it begins, and on the same day.";
    question_missing() = "Write something to ask.";
    playground_too_long() = "The conversation is too long. Begin a new one.";
}
