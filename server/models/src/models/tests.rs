use super::*;
use crate::protocols::anthropic::Anthropic;
use crate::protocols::openai::OpenAi;

fn kind_of(result: Result<Arc<dyn Llm>, LlmError>) -> LlmErrorKind {
    result.err().expect("an error").kind
}

fn models(config: LlmConfig) -> Models {
    Models::new(config, Timeouts::default()).unwrap()
}

fn provider(protocol: &'static dyn Protocol, base_url: &str, key: &str) -> Option<ProviderConfig> {
    Some(ProviderConfig { protocol, base_url: base_url.parse().unwrap(), api_key: key.into() })
}

#[test]
fn without_keys_only_the_built_in_answerer_is_available() {
    let models = models(LlmConfig::default());
    let available: Vec<_> = models.list(&[]).into_iter().filter(|m| m.available).collect();
    assert_eq!(available.len(), 1);
    assert_eq!(available[0].id, BUILT_IN_MODEL);
    assert!(models.get(BUILT_IN_MODEL).is_ok());
    assert_eq!(kind_of(models.get("openai/gpt-4.1")), LlmErrorKind::KeyMissing);
}

#[test]
fn any_name_of_a_provider_with_a_key_is_taken() {
    let models = models(LlmConfig {
        anthropic: provider(&Anthropic, "https://api.anthropic.com", "sk-ant-1"),
        ..LlmConfig::default()
    });
    assert!(models.get("anthropic/claude-next-9").is_ok());
    assert_eq!(kind_of(models.get("openai/gpt-4.1")), LlmErrorKind::KeyMissing);
    for unknown in
        ["", "anthropic", "anthropic/", "gpt-4", "acme/x", "anthropic/a b", "anthropic/\n"]
    {
        assert_eq!(kind_of(models.get(unknown)), LlmErrorKind::ModelUnknown, "{unknown:?}");
        assert_eq!(ModelId::parse(unknown), None);
    }
    assert!(models.list(&[]).iter().any(|m| m.id.starts_with("anthropic/") && m.available));
}

#[test]
fn models_that_the_operator_names_are_listed_once() {
    let models = models(LlmConfig {
        openai: provider(&OpenAi, "http://localhost:11434/v1", ""),
        openai_models: vec!["meta-llama/llama-3.2".to_owned(), "gpt-4.1".to_owned()],
        ..LlmConfig::default()
    });
    assert!(models.get("openai/meta-llama/llama-3.2").is_ok());
    let list = models.list(&[]);
    assert_eq!(list.iter().filter(|m| m.id == "openai/gpt-4.1").count(), 1);
    assert_eq!(list[1].id, "openai/meta-llama/llama-3.2");
}

#[test]
fn a_workspace_s_own_models_are_offered_beside_the_server_s() {
    let models = models(LlmConfig::default());
    let id = ProviderId::from_parts(1, &[7; 10]);
    let own = WorkspaceModels {
        provider: id,
        provider_name: "Our Ollama".to_owned(),
        kind: "compatible".into(),
        names: vec!["llama3.2:3b".to_owned(), "hf.co/someone/model".to_owned()],
    };
    let list = models.list(&[own]);
    assert_eq!(list[1].id, format!("{id}/llama3.2:3b"));
    assert_eq!(list[1].label, "llama3.2:3b (Our Ollama)");
    assert!(list[1].available && !list[1].note.is_empty());
    let name = "hf.co/someone/model".to_owned();
    assert_eq!(ModelId::parse(&list[2].id), Some(ModelId::Own { provider: id, name }));
    // Only whoever knows the workspace can say what is behind it.
    assert_eq!(kind_of(models.get(&list[2].id)), LlmErrorKind::ModelUnknown);
}

#[test]
fn what_hears_is_offered_by_name_before_the_usual_one() {
    let silent = models(LlmConfig {
        anthropic: provider(&Anthropic, "https://api.anthropic.com", "sk-ant-1"),
        ..LlmConfig::default()
    });
    assert_eq!(silent.speech_models(&[]), []);
    let models = models(LlmConfig {
        openai: provider(&OpenAi, "https://api.openai.com", "sk-1"),
        ..LlmConfig::default()
    });
    let id = ProviderId::from_parts(1, &[7; 10]);
    let own = |kind: &str, names: &[&str]| WorkspaceModels {
        provider: id,
        provider_name: "Ours".to_owned(),
        kind: kind.into(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    let ids =
        |own| models.speech_models(&[own]).into_iter().map(|model| model.id).collect::<Vec<_>>();
    let openai = "openai/gpt-4o-mini-transcribe".to_owned();
    let named = format!("{id}/large-whisper");
    assert_eq!(
        ids(own("compatible", &["llama", "large-whisper"])),
        [named.clone(), format!("{id}/whisper-1"), openai.clone()]
    );
    assert_eq!(ids(own("azure", &["large-whisper"])), [named, openai.clone()]);
    assert_eq!(ids(own("google", &["gemini"])), [openai]);
}

#[test]
fn a_provider_is_made_anew_when_its_settings_change() {
    let models = models(LlmConfig::default());
    let id = ProviderId::from_parts(1, &[7; 10]);
    let config = |key| provider(&OpenAi, "https://x.example", key).unwrap();
    let first = models.own(id, Asked::console("X"), config("one"));
    assert!(Arc::ptr_eq(&first, &models.own(id, Asked::console("X"), config("one"))));
    assert!(!Arc::ptr_eq(&first, &models.own(id, Asked::console("X"), config("two"))));
}

#[test]
fn nothing_prints_a_key() {
    let config = LlmConfig {
        openai: provider(&OpenAi, "https://user:password@example.com", "sk-verysecret"),
        ..LlmConfig::default()
    };
    let printed = format!("{config:?} {:?}", models(config.clone()));
    assert!(!printed.contains("verysecret"), "{printed}");
    assert!(!printed.contains("password"), "{printed}");
}
