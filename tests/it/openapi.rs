//! The description of both APIs. It changes only together with its snapshot.

use serde_json::Value;

use crate::support::TestServer;

#[tokio::test]
async fn the_document_is_the_one_that_was_reviewed() {
    let server = TestServer::start().await;
    let reply = server.get("/api/openapi.json").await;
    let document: Value = reply.json();
    // Every reference leads somewhere.
    for reference in references(&document) {
        let pointer = reference.strip_prefix('#').expect("a reference within the document");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    // So does every name of a way to sign in.
    let schemes = &document["components"]["securitySchemes"];
    for operation in document["paths"].as_object().unwrap().values().flat_map(operations) {
        for required in operation["security"].as_array().into_iter().flatten() {
            for name in required.as_object().expect("names").keys() {
                assert!(schemes[name].is_object(), "{name} is not described");
            }
        }
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&document).unwrap());
    server.stop().await;
}

fn operations(path: &Value) -> impl Iterator<Item = &Value> {
    path.as_object().expect("operations").values()
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value {
                Value::String(reference) if name == "$ref" => vec![reference.clone()],
                value => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}
