//! Moments and durations in the reader's words and zone.

use js_sys::{Date, Intl, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use cavuer_protocol::Timestamp;

use crate::text::{fill, t};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The present, renewed twice a minute, so that "3 min ago" stays true on screen.
#[derive(Clone, Copy)]
pub struct Now(RwSignal<i64>);

impl Now {
    /// Starts the clock; it runs as long as the page.
    pub fn start() -> Self {
        let now = RwSignal::new(Date::now() as i64);
        set_interval(move || now.set(Date::now() as i64), std::time::Duration::from_secs(30));
        Self(now)
    }

    /// How long ago a moment was, in a word or two.
    pub fn since(self, at: Timestamp) -> String {
        let ago = Timestamp(self.0.get()).millis_since(at) / 1000;
        let words = &t().time;
        match ago {
            ..MINUTE => words.just_now.to_owned(),
            MINUTE..HOUR => count(words.minutes_ago, ago / MINUTE),
            HOUR..DAY => count(words.hours_ago, ago / HOUR),
            _ if ago < 7 * DAY => count(words.days_ago, ago / DAY),
            _ => date(at),
        }
    }
}

/// Date and time to the second.
pub fn exact(at: Timestamp) -> String {
    format(at, &[("dateStyle", "long"), ("timeStyle", "medium")])
}

/// Hour and minute.
pub fn clock(at: Timestamp) -> String {
    format(at, &[("hour", "2-digit"), ("minute", "2-digit")])
}

/// The day, without a time.
pub fn date(at: Timestamp) -> String {
    format(at, &[("dateStyle", "medium")])
}

/// The day in UTC, in which the server counts days.
pub fn date_utc(at: Timestamp) -> String {
    format(at, &[("dateStyle", "medium"), ("timeZone", "UTC")])
}

/// The moment as machines read it, for `<time datetime>`.
pub fn machine(at: Timestamp) -> String {
    js_date(at).to_iso_string().into()
}

/// Whether two moments lie on one day in the reader's zone.
pub fn same_day(one: Timestamp, other: Timestamp) -> bool {
    let (one, other) = (js_date(one), js_date(other));
    one.get_full_year() == other.get_full_year()
        && one.get_month() == other.get_month()
        && one.get_date() == other.get_date()
}

/// "40 seconds", "2 minutes".
pub fn duration_words(seconds: u32) -> String {
    let words = &t().time;
    match seconds {
        0..=1 => words.one_second.to_owned(),
        2..=90 => count(words.seconds, i64::from(seconds)),
        _ => count(words.minutes, i64::from(seconds.div_ceil(60))),
    }
}

fn count(words: &str, count: i64) -> String {
    fill(words, &[("count", &count.to_string())])
}

fn js_date(at: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(at.0 as f64))
}

fn format(at: Timestamp, options: &[(&str, &str)]) -> String {
    let wanted = Object::new();
    for (name, value) in options {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&wanted, &(*name).into(), &(*value).into());
    }
    let formatter = Intl::DateTimeFormat::new(&js_sys::Array::new(), &wanted);
    formatter
        .format()
        .call1(&JsValue::UNDEFINED, &js_date(at))
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}
