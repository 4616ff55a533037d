//! Times and days in the visitor's zone and language.

use cavuer_protocol::Timestamp;
use js_sys::{Date, Object};
use wasm_bindgen::JsValue;

use super::Ui;
use crate::browser::{now, set_property};

const MINUTE_MILLIS: i64 = 60_000;
const DAY_MILLIS: i64 = 86_400_000;

/// The visitor's day as a number that rises by one every midnight.
pub fn day_of(at: Timestamp) -> i64 {
    let offset_minutes = date(at).get_timezone_offset() as i64;
    (at.0 - offset_minutes * MINUTE_MILLIS).div_euclid(DAY_MILLIS)
}

/// "14:03", as the language writes it.
pub fn time(ui: Ui, at: Timestamp) -> String {
    local(ui, at, &[("hour", "2-digit"), ("minute", "2-digit")])
}

/// "Today", "Yesterday" or the date.
pub fn day(ui: Ui, day: i64, at: Timestamp) -> String {
    match day_of(now()) - day {
        0 => ui.texts.today.clone(),
        1 => ui.texts.yesterday.clone(),
        -300..=300 => local(ui, at, &[("day", "numeric"), ("month", "long")]),
        _ => local(ui, at, &[("day", "numeric"), ("month", "long"), ("year", "numeric")]),
    }
}

/// "1:05", for lengths.
pub fn clock(seconds: u32) -> String {
    let tens = if seconds % 60 < 10 { ":0" } else { ":" };
    (seconds / 60).to_string() + tens + &(seconds % 60).to_string()
}

fn local(ui: Ui, at: Timestamp, parts: &[(&str, &str)]) -> String {
    let options = Object::new();
    for (part, form) in parts {
        set_property(&options, part, &JsValue::from_str(form));
    }
    date(at).to_locale_string(&ui.config.language, &options).into()
}

fn date(at: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(at.0 as f64))
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn lengths_are_minutes_and_seconds() {
        assert_eq!([0, 9, 60, 119].map(clock), ["0:00", "0:09", "1:00", "1:59"]);
    }
}
