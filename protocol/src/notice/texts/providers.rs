//! Model providers.

super::notices! {
    key_missing(provider) = "{provider} answers nobody without a key.";
    key_malformed() = "Paste the key alone: letters, digits and signs without spaces.";
    key_of_other_host() = "Enter the key again: it was given to another host.";
    provider_kind_unknown(known) = "The kind of a provider must be one of {known}.";
    provider_address_missing() = "Write the provider's address, for example http://localhost:11434/v1.";
    provider_address_malformed() = "Write an address that begins with https:// or http://, without a name, a password or a question mark.";
    model_name_malformed() = "Write the name as the provider spells it, without spaces.";
    too_many_models(most, count) = "Use at most {most} models; these are {count}.";
    too_many_providers(most) = "A workspace has at most {most} providers. Delete one first.";
    provider_in_use(agents) = "Agents answer with it: {agents}. Choose another model for them first.";
    connected_without_models() = "Connected, but it has no models yet. Install or deploy one there.";
    connected_with_one_model() = "Connected. It has one model to choose.";
    connected_with_models(count) = "Connected. It has {count} models to choose from.";
    connected_model_answers(model) = "Connected. {model} answers.";
    models_not_listed() = "It does not list its models. Write the name of one below and test again.";
    /// `reason` is a notice that ends with a stop; `said` are the provider's own words.
    provider_said(reason, said) = "{reason} It said: {said}";
}
