use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use serde_json::{Map, Value};

use cavuer_protocol::AgentId;
use cavuer_protocol::console::{Function, FunctionResult};

use crate::api::use_workspace;
use crate::components::badge::{Badge, Tone};
use crate::components::button::{Button, Weight};
use crate::components::dialog::{Dialog, open_for};
use crate::components::field::TextArea;
use crate::form::Form;
use crate::text::{fill, t};

/// Calls a function with arguments that the reader writes, and shows what came of it.
#[component]
pub fn TryDialog(agent: AgentId, tried: RwSignal<Option<Function>>) -> impl IntoView {
    let words = &t().functions;
    let open = open_for(tried);
    let title = move || {
        let name = tried.with(|tried| tried.as_ref().map(|tried| tried.name.clone()));
        fill(words.try_title, &[("name", &name.unwrap_or_default())])
    };
    view! {
        <Dialog open=open title=Signal::derive(title) wide=true>
            {move || tried.get().map(|function| view! { <TryForm agent=agent function=function/> })}
        </Dialog>
    }
}

#[component]
fn TryForm(agent: AgentId, function: Function) -> impl IntoView {
    let words = &t().functions;
    let workspace = use_workspace();
    let form = Form::new();
    let id = function.id;
    let arguments = RwSignal::new(skeleton(&function.parameters));
    let result = RwSignal::new(None::<FunctionResult>);
    let run = move |event: SubmitEvent| {
        event.prevent_default();
        let arguments = arguments.get_untracked();
        result.set(None);
        let request = async move { workspace.try_function(agent, id, arguments).await };
        form.send(request, move |came| result.set(Some(came)));
    };
    let shown = move || {
        result.get().map(|came| {
            let (text, tone) = if came.ok {
                (words.succeeded, Tone::Success)
            } else {
                (words.failed, Tone::Danger)
            };
            let text = fill(text, &[("millis", &came.millis.to_string())]);
            view! {
                <Badge text=text tone=tone/>
                <pre class="code-result" tabindex="0" dir="auto">{came.text}</pre>
            }
        })
    };
    view! {
        <form class="dialog-form" on:submit=run>
            <p class="muted">{words.try_about}</p>
            <TextArea
                label=words.arguments
                value=arguments
                error=form.field("arguments")
                rows=5
                class="input is-code"
            />
            <div role="status" class="try-result">{shown}</div>
            <p class="form-error" role="alert">{form.general(&["arguments"])}</p>
            <div class="dialog-foot">
                <Button label=words.run weight=Weight::Primary submit=true busy=form.busy/>
            </div>
        </form>
    }
}

/// Arguments to begin with: every property that the schema describes, empty.
fn skeleton(parameters: &str) -> String {
    let schema: Value = serde_json::from_str(parameters).unwrap_or_default();
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    let empty = properties.into_iter().map(|(name, property)| {
        let value = match property["type"].as_str() {
            Some("number" | "integer") => Value::from(0),
            Some("boolean") => Value::from(false),
            Some("array") => Value::from(Vec::<Value>::new()),
            Some("object") => Value::from(Map::new()),
            _ => Value::from(""),
        };
        (name, value)
    });
    let empty = Value::Object(empty.collect());
    serde_json::to_string_pretty(&empty).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn arguments_begin_with_what_the_schema_describes() {
        let schema = r#"{"type": "object", "properties": {"a": {"type": "integer"}, "b": {}}}"#;
        let value: Value = serde_json::from_str(&skeleton(schema)).unwrap();
        assert_eq!(value, serde_json::json!({"a": 0, "b": ""}));
        assert_eq!(skeleton("not JSON"), "{}");
    }
}
