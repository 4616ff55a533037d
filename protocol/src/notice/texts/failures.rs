//! Why a model gave no answer, and what to do about it.

super::notices! {
    /// Stands for the name of a provider that is not known.
    the_model() = "The model";
    /// Stands for the name of a setting that is not known.
    the_key() = "the key";
    /// Stands for the name of a setting that is not known.
    the_address() = "the address";
    /// The object of "check", for a provider that a workspace has set up.
    key_on_page_models() = "its key on the page Models";
    /// The object of "check", for a provider that a workspace has set up.
    address_on_page_models() = "its address on the page Models";
    model_key_missing(provider, key) = "This server has no key for {provider}. Add a provider on the page Models, set {key}, or give the agent another model.";
    model_key_unreadable(provider) = "The key of {provider} was sealed with another server key and cannot be read. Enter it again on the page Models.";
    model_provider_gone() = "The model belongs to a provider that was deleted. Choose another model.";
    model_provider_unknown(provider) = "{provider} was set up with another version of the server, and this one does not know its protocol. Start the newer version, or choose another model.";
    model_address_private(provider) = "The address of {provider} is a private one, and this server calls only those that its configuration names. Whoever runs the server can allow it by setting CAVUER_OPENAI_BASE_URL to this address.";
    model_unreachable(provider, address) = "{provider} could not be reached. Check the server's network and {address}.";
    model_too_slow(provider) = "{provider} took too long to answer. If this keeps happening, choose a faster model.";
    model_cut_off(provider) = "The connection to {provider} broke in the middle of the answer. Check the server's network if this keeps happening.";
    model_key_refused(provider, key) = "{provider} refused the key. Check {key}.";
    model_forbidden(provider) = "{provider} does not let this key use this model. Check its plan, region and permissions at the provider, or choose another model.";
    model_out_of_credit(provider) = "The {provider} account has no credit left. Add credit or raise its limit at the provider.";
    model_unknown(provider) = "{provider} does not know this model, or the key may not use it. Check the model's name, or choose another model.";
    model_rate_limited(provider) = "{provider} limits how often this key may ask. Wait, or raise the limit at the provider.";
    model_overloaded(provider) = "{provider} is overloaded or has a fault of its own. Nothing needs changing here; try again later.";
    model_context_too_long() = "The conversation, instruction and passages together are too long for this model. Shorten the instruction, lower the number of passages, or choose a model that reads more.";
    model_declined(provider) = "{provider} declined to answer this question. Reword the agent's instruction if it should be answered.";
    model_answer_empty(provider) = "{provider} sent an empty answer. If this keeps happening, choose another model.";
    model_answer_malformed(provider, address) = "{provider} sent something that is not an answer. Check that {address} points at its API.";
    model_rejected(provider, status, address) = "{provider} rejected the request with status {status}. Check {address} and the model's name.";
}
