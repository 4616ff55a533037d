use super::texts;

texts! {
    /// Search by meaning.
    Embeddings {
        title: "Search by meaning",
        about: "Finds passages that answer a question in other words. Questions and articles are sent to the provider you choose. Without it, articles are found by their words.",
        provider: "Provider",
        off: "Off",
        provider_hint: "Whoever makes the comparisons. Add providers above.",
        deleted_provider: "Deleted provider",
        no_provider: "Add a provider above to switch this on.",
        model: "Model",
        model_hint: "A model for embeddings, as the provider spells it.",
        model_missing: "Write the model's name.",
        test: "Test model",
        testing: "Testing",
        works: "It works",
        fails: "It does not work",
        knows: "It knows {languages}.",
        save: "Save",
        saved: "Search by meaning saved",
        ready: "{model} is in use. {count} passages are prepared.",
        ready_one: "{model} is in use. One passage is prepared.",
        preparing: "Preparing: {prepared} of {count} passages",
        useless: "Not used: the model tells questions and answers apart in none of the languages it was tried in. Choose a model that is made for searching.",
        failing: "Not used now, articles are found by their words",
        other_languages: "Questions in other languages are searched by their words.",
    }
}
