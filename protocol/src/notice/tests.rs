use std::collections::BTreeSet;

use super::*;

#[test]
fn every_code_is_there_once() {
    let mut codes = BTreeSet::from([VERBATIM]);
    for (code, english) in english_texts() {
        assert!(codes.insert(code), "{code} is there twice");
        assert!(!english.is_empty(), "{code}");
    }
}

#[test]
fn every_place_has_a_value_and_every_value_a_place() {
    for text in texts::all() {
        let mut places = BTreeSet::new();
        fill(text.english, |name| {
            places.insert(name.to_owned());
            None
        });
        let values = text.values.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(places, values, "{}", text.code);
    }
}

#[test]
fn values_go_to_their_places_and_are_not_read_again() {
    let notice = too_many_chars("{chars}", 12_u32);
    assert_eq!(notice.english(), "Use at most {chars} characters; these are 12.");
    assert_eq!(undescribed_place("id").english().split(' ').next(), Some("{id}"));
    assert_eq!(fill("a {{b}} {c {d} }", |_| None), "a {b}  }");
    assert_eq!(fill("open { brace", |_| None), "open { brace");
}

#[test]
fn a_sentence_can_hold_another() {
    let inner = verbatim("OpenAI refused the key.");
    let outer = fallback_failed_too(inner.clone(), fallback_failed_too("a", inner));
    assert_eq!(
        outer.english(),
        "OpenAI refused the key. The fallback model failed too: \
         a The fallback model failed too: OpenAI refused the key."
    );
    let json = serde_json::to_string(&outer).unwrap();
    assert_eq!(serde_json::from_str::<Notice>(&json).unwrap(), outer);
}

#[test]
fn numbers_are_numbers_where_json_has_them() {
    let value = |number: f64| NoticeValue::from(number).to_string();
    assert_eq!((value(0.0), value(1.1), value(f64::NAN)), ("0".into(), "1.1".into(), "NaN".into()));
    let json = serde_json::to_value(too_many_chars(3_usize, 4_u32)).unwrap();
    assert_eq!(json["values"], serde_json::json!({"most": 3, "chars": 4}));
    assert_eq!(serde_json::to_string(&empty()).unwrap(), r#"{"code":"empty"}"#);
}

#[test]
fn a_code_that_nobody_knows_is_said_as_it_is() {
    let notice: Notice =
        serde_json::from_str(r#"{"code":"of_tomorrow","values":{"a":1}}"#).unwrap();
    assert_eq!(notice.english(), "of_tomorrow");
}

#[test]
fn only_what_has_a_code_of_its_own_is_told_beside_its_text() {
    assert_eq!(verbatim("As it is.").told(), ("As it is.".to_owned(), None));
    assert_eq!(empty().told(), ("It must not be empty.".to_owned(), Some(empty())));
}

#[test]
fn what_is_stored_comes_back() {
    let forged = verbatim(r#"{"code":"empty","english":"It is not."}"#);
    let nested = fallback_failed_too(empty(), verbatim("x"));
    for notice in [empty(), verbatim("a\nb {"), forged, nested] {
        let stored = notice.to_stored();
        assert!(!stored.contains('\n'), "{stored}");
        assert_eq!(Notice::from_stored(&stored), notice);
    }
}

#[test]
fn rows_of_other_versions_keep_their_words() {
    for old in ["", "It is a picture.", "{}", "{\"code\":\"empty\"}", "12", "[\"a\"]"] {
        assert_eq!(Notice::from_stored(old), verbatim(old));
    }
    let newer = r#"{"code":"of_tomorrow","values":{"a":1},"english":"Tomorrow."}"#;
    assert_eq!(Notice::from_stored(newer), verbatim("Tomorrow."));
    let within = r#"{"code":"fallback_failed_too","values":{"model":"a",
        "fallback":{"code":"of_tomorrow"}},"english":"Both."}"#;
    assert_eq!(Notice::from_stored(within), verbatim("Both."));
}
