use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

/// A request that the provider got. What the model was given can be asked for without regard to
/// the protocol that it came in.
#[derive(Clone, Debug)]
pub struct Request {
    /// The path that was asked for, without the query.
    pub path: String,
    /// By lower-case name.
    pub headers: BTreeMap<String, String>,
    /// The whole JSON body.
    pub body: Value,
}

/// An image in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentImage {
    /// As the request names it, such as `image/png`.
    pub media_type: String,
    /// No longer in base64.
    pub bytes: Vec<u8>,
}

/// What came of a function, as the model is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolResult {
    /// The call's id; with Google, which has none, the function's name.
    pub id: String,
    /// What the model is told, in its block.
    pub content: String,
}

impl Request {
    /// The text of the last message.
    pub fn question(&self) -> String {
        self.messages().last().map(text_of).unwrap_or_default()
    }

    /// The system text: instruction, rules and passages.
    pub fn system(&self) -> String {
        let google = self.body["systemInstruction"]["parts"][0]["text"].as_str();
        let anthropic = self.body["system"].as_str().or(google);
        let openai = || {
            let message = self.messages().first()?;
            (message["role"] == "system").then(|| text_of(message))
        };
        anthropic.map(str::to_owned).or_else(openai).unwrap_or_default()
    }

    /// The texts of the conversation's messages, oldest first, without the system text.
    pub fn texts(&self) -> Vec<String> {
        let messages = self.messages().iter();
        messages.filter(|message| message["role"] != "system").map(text_of).collect()
    }

    /// The images of all messages, oldest first.
    ///
    /// # Panics
    /// If one is not base64.
    pub fn images(&self) -> Vec<SentImage> {
        self.parts().filter_map(image_of).collect()
    }

    /// The names of the functions that the model may ask for.
    pub fn tools(&self) -> Vec<String> {
        let tools = self.body["tools"].as_array().into_iter().flatten();
        let google = self.body["tools"][0]["functionDeclarations"].as_array().into_iter().flatten();
        tools
            .chain(google)
            .filter_map(|tool| tool["name"].as_str().or_else(|| tool["function"]["name"].as_str()))
            .map(str::to_owned)
            .collect()
    }

    /// What the model is told of its calls, oldest first.
    pub fn tool_results(&self) -> Vec<ToolResult> {
        let string = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let openai = self.messages().iter().filter(|message| message["role"] == "tool");
        let openai = openai.map(|message| ToolResult {
            id: string(&message["tool_call_id"]),
            content: string(&message["content"]),
        });
        let anthropic = self.parts().filter(|part| part["type"] == "tool_result");
        let anthropic = anthropic.map(|part| ToolResult {
            id: string(&part["tool_use_id"]),
            content: string(&part["content"]),
        });
        let google = self.parts().map(|part| &part["functionResponse"]);
        let google = google.filter(|result| result.is_object()).map(|result| {
            let response = &result["response"];
            let content = response["output"].as_str().or_else(|| response["error"].as_str());
            ToolResult {
                id: string(&result["name"]),
                content: content.unwrap_or_default().to_owned(),
            }
        });
        openai.chain(anthropic).chain(google).collect()
    }

    fn messages(&self) -> &[Value] {
        let messages = self.body["messages"].as_array().or(self.body["contents"].as_array());
        messages.map(Vec::as_slice).unwrap_or_default()
    }

    fn parts(&self) -> impl Iterator<Item = &Value> {
        self.messages().iter().flat_map(parts_of)
    }
}

/// A message's text, whether it stands alone or among other parts.
fn text_of(message: &Value) -> String {
    let content = &message["content"];
    if let Some(text) = content.as_str() {
        return text.to_owned();
    }
    let texts = parts_of(message)
        .filter_map(|part| part["text"].as_str().or_else(|| part["content"].as_str()));
    texts.collect::<Vec<_>>().join("\n")
}

fn parts_of(message: &Value) -> impl Iterator<Item = &Value> {
    let parts = message["content"].as_array().or(message["parts"].as_array());
    parts.into_iter().flatten()
}

fn image_of(part: &Value) -> Option<SentImage> {
    let inline = &part["inlineData"];
    let kind = if inline.is_object() { "inline" } else { part["type"].as_str()? };
    let (media_type, data) = match kind {
        "inline" => (inline["mimeType"].as_str()?, inline["data"].as_str()?),
        "image" => (part["source"]["media_type"].as_str()?, part["source"]["data"].as_str()?),
        "image_url" => {
            let url = part["image_url"]["url"].as_str()?.strip_prefix("data:")?;
            url.split_once(";base64,")?
        }
        _ => return None,
    };
    let bytes = BASE64.decode(data).expect("an image in base64");
    Some(SentImage { media_type: media_type.to_owned(), bytes })
}
