use super::*;

#[test]
fn reads_what_a_library_writes() {
    let source =
        r#" {"a": [1, -20, {}, []], "b": "é \"\\\/ \u00e9\ud83d\ude00\n", "c": null, "d": true} "#;
    let json = Json::parse(source).unwrap();
    let by_library: serde_json::Value = serde_json::from_str(source).unwrap();
    let again: serde_json::Value = serde_json::from_str(&json.write()).unwrap();
    assert_eq!(again, by_library);
    assert_eq!(json.text("b").unwrap(), "é \"\\/ é😀\n");
    assert_eq!(json.get("c"), None);
    assert!(json.is_true("d"));
}

#[test]
fn writes_what_a_library_reads() {
    let nasty: String = (0..0x250).filter_map(char::from_u32).chain("\u{2028}😀".chars()).collect();
    let written =
        object([("a", text(&nasty)), ("b", None), ("c", Some(Json::Number(i64::MAX)))]).write();
    let read: serde_json::Value = serde_json::from_str(&written).unwrap();
    assert_eq!(read, serde_json::json!({ "a": nasty, "c": i64::MAX }));
    assert_eq!(Json::parse(&written).unwrap().text("a").unwrap(), nasty);
}

#[test]
fn anything_else_is_refused_and_never_panics() {
    let sources = [
        "",
        "{",
        "[1",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "tru",
        "\"",
        "\"\\",
        "\"\\u12",
        "\"\\x\"",
        "1.5",
        "1e3",
        "-",
        "99999999999999999999",
        "[] []",
        "\u{0}",
    ];
    for source in sources {
        assert_eq!(Json::parse(source), None, "{source:?}");
    }
    assert_eq!(Json::parse(&"[".repeat(100_000)), None);
    assert_eq!(Json::parse(r#""\ud800x""#), Some(Json::Text("\u{fffd}x".to_owned())));
}
