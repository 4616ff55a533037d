//! What is known of models, for whoever chooses one.

super::notices! {
    built_in_answerer() = "Built-in answerer (no AI model)";
    built_in_answerer_note() = "Quotes your articles word for word and says so when they do not cover a question. Instant, free, needs no key, never invents. It does not follow instructions.";
    model_of_configuration() = "Named in this server's configuration.";
    compatible_servers() = "Ollama, llama.cpp, vLLM, LiteLLM, OpenRouter and others.";
    family_gpt_4_1_nano() = "Very fast and the cheapest of its family; for simple questions.";
    family_gpt_4_1_mini() = "Fast and cheap; accurate enough for most support questions.";
    family_gpt_4_1() = "Fast, follows long instructions closely, medium cost. A good start for support.";
    family_gpt_4o_mini() = "Fast and cheap; an older model for simple questions.";
    family_gpt_4o() = "Fast, natural tone, sees images well; medium cost.";
    family_gpt_4() = "An older model: accurate, but slower and dearer than its successors.";
    family_gpt_5_nano() = "The cheapest of its family; thinks briefly. For simple questions.";
    family_gpt_5_mini() = "Thinks before it answers: slower first word, better with tricky questions, low cost. Ignores temperature.";
    family_gpt_5_pro() = "Thinks for long: the most accurate of its family, slow and expensive.";
    family_gpt_5() = "For complex, analytical questions. Slower, costs more. Ignores temperature.";
    family_claude_3() = "An older model of its family; its successors are more accurate.";
    family_haiku() = "Very fast, natural tone, low cost. A good start for support.";
    family_sonnet() = "For complex questions and long articles; medium speed and cost.";
    family_opus() = "The most careful with difficult questions; slower and the most expensive.";
    family_flash_lite() = "Very fast and very cheap; for simple questions.";
    family_gemini_2_5_flash() = "Fast and cheap, reads long articles; accurate enough for most questions.";
    family_flash() = "Fast and cheap, reads long articles.";
    family_gemini_2_5_pro() = "Thinks before it answers: accurate with complex questions, slower, medium cost.";
    family_gemini() = "Google's larger model: accurate with complex questions, slower.";
    family_gpt_oss() = "Open model; thinks before it answers. Speed depends on the machine.";
    family_llama() = "Open model for a machine of your own; speed depends on the machine.";
    family_mistral() = "Fast European model; good with European languages, low to medium cost.";
    family_qwen() = "Open model, strong in many languages; speed depends on the machine.";
    family_deepseek() = "Strong with analytical questions for little money; often slow.";
    family_gemma() = "Small open model for a machine of your own; for simple questions. Often without functions.";
    family_phi() = "Very small open model; quick on weak machines, less accurate.";
}
