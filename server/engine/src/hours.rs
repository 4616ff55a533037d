//! Business hours: whether people are there at a moment.

use cavuer_protocol::Timestamp;
use cavuer_protocol::console::{BusinessHours, OpenHours, Weekday};
use jiff::civil;
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};

/// Days that are searched for the next opening; a week has all there is.
const SEARCHED_DAYS: i64 = 7;

/// Whether somebody knows a time zone by this name.
pub(crate) fn is_time_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

/// Whether `at` lies within the hours. A zone that this program does not know any more counts
/// as open: better a person who is called in vain than one who is never called.
pub(crate) fn is_open(hours: &BusinessHours, at: Timestamp) -> bool {
    let Some(now) = zoned(hours, at) else { return true };
    let minute = i32::from(now.hour()) * 60 + i32::from(now.minute());
    let today = weekday(now.weekday());
    hours.open.iter().any(|open| {
        open.day == today && (i32::from(open.from)..i32::from(open.to)).contains(&minute)
    })
}

/// When it opens next after `at`; `None` if it never does.
pub(crate) fn next_opening(hours: &BusinessHours, at: Timestamp) -> Option<Zoned> {
    let now = zoned(hours, at)?;
    (0..=SEARCHED_DAYS)
        .filter_map(|days| now.date().checked_add(days.days()).ok())
        .flat_map(|date| hours.open.iter().filter_map(move |open| begins(open, date)))
        .filter_map(|begin| begin.to_zoned(now.time_zone().clone()).ok())
        .filter(|begin| *begin > now)
        .min()
}

/// When `open` begins on a date; `None` if that is another weekday.
fn begins(open: &OpenHours, date: civil::Date) -> Option<civil::DateTime> {
    let (hour, minute) = (i8::try_from(open.from / 60).ok()?, i8::try_from(open.from % 60).ok()?);
    let time = civil::Time::new(hour, minute, 0, 0).ok()?;
    (weekday(date.weekday()) == open.day).then(|| date.to_datetime(time))
}

fn zoned(hours: &BusinessHours, at: Timestamp) -> Option<Zoned> {
    let zone = TimeZone::get(&hours.time_zone).ok()?;
    Some(jiff::Timestamp::from_millisecond(at.0).ok()?.to_zoned(zone))
}

fn weekday(day: civil::Weekday) -> Weekday {
    match day {
        civil::Weekday::Monday => Weekday::Monday,
        civil::Weekday::Tuesday => Weekday::Tuesday,
        civil::Weekday::Wednesday => Weekday::Wednesday,
        civil::Weekday::Thursday => Weekday::Thursday,
        civil::Weekday::Friday => Weekday::Friday,
        civil::Weekday::Saturday => Weekday::Saturday,
        civil::Weekday::Sunday => Weekday::Sunday,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<Zoned>().unwrap().timestamp().as_millisecond())
    }

    /// Nine to five on weekdays in Berlin, and two hours on Saturday.
    fn berlin() -> BusinessHours {
        let mut open = Weekday::ALL[..5]
            .iter()
            .map(|day| OpenHours { day: *day, from: 540, to: 1_020 })
            .collect::<Vec<_>>();
        open.push(OpenHours { day: Weekday::Saturday, from: 600, to: 720 });
        BusinessHours { time_zone: "Europe/Berlin".to_owned(), open }
    }

    #[test]
    fn hours_are_those_of_the_zone_in_summer_and_winter() {
        for (moment, open) in [
            ("2026-07-01T08:59[Europe/Berlin]", false),
            ("2026-07-01T09:00[Europe/Berlin]", true),
            ("2026-07-01T16:59[Europe/Berlin]", true),
            ("2026-07-01T17:00[Europe/Berlin]", false),
            ("2026-07-01T07:30[UTC]", true),
            ("2026-01-07T07:30[UTC]", false),
            ("2026-07-04T11:00[Europe/Berlin]", true),
            ("2026-07-05T11:00[Europe/Berlin]", false),
        ] {
            assert_eq!(is_open(&berlin(), at(moment)), open, "{moment}");
        }
    }

    #[test]
    fn the_next_opening_is_found_over_the_week_and_the_change_of_clocks() {
        let next = |moment| next_opening(&berlin(), at(moment)).unwrap().to_string();
        assert_eq!(
            next("2026-07-01T07:00[Europe/Berlin]"),
            "2026-07-01T09:00:00+02:00[Europe/Berlin]"
        );
        assert_eq!(
            next("2026-07-04T12:00[Europe/Berlin]"),
            "2026-07-06T09:00:00+02:00[Europe/Berlin]"
        );
        // Clocks go back on Sunday, 25 October.
        assert_eq!(
            next("2026-10-24T13:00[Europe/Berlin]"),
            "2026-10-26T09:00:00+01:00[Europe/Berlin]"
        );
        let one = OpenHours { day: Weekday::Monday, from: 0, to: 1_440 };
        let mondays = BusinessHours { time_zone: "UTC".to_owned(), open: vec![one] };
        let next = next_opening(&mondays, at("2026-07-06T12:00[UTC]")).unwrap();
        assert_eq!(next.to_string(), "2026-07-13T00:00:00+00:00[UTC]");
        assert!(is_open(&mondays, at("2026-07-06T23:59[UTC]")));
        let never = BusinessHours { time_zone: "UTC".to_owned(), open: vec![] };
        assert_eq!(next_opening(&never, at("2026-07-06T12:00[UTC]")), None);
        assert!(!is_open(&never, at("2026-07-06T12:00[UTC]")));
    }

    #[test]
    fn zones_are_known_by_name_without_files_of_the_system() {
        assert!(is_time_zone("Europe/Berlin") && is_time_zone("UTC"));
        assert!(!is_time_zone("Europe/Atlantis") && !is_time_zone(""));
    }
}
