use leptos::prelude::*;

use cavuer_protocol::AgentId;
use cavuer_protocol::console::{BusinessHours, HandOver, OpenHours, Weekday};
use cavuer_protocol::limits::HAND_OVER_WAIT_SECONDS;

use crate::api::use_workspace;
use crate::components::button::{Button, Weight};
use crate::components::field::{FieldNotes, NumberField, TextField, check_number, number};
use crate::components::section::Section;
use crate::components::skeleton::SkeletonRows;
use crate::components::switch::Switch;
use crate::components::toast::use_toasts;
use crate::form::Form;
use crate::loader::{loaded, use_loader};
use crate::text::{fill, t};

/// Hours of a day that is opened: nine to five, in minutes.
const USUAL_HOURS: (u16, u16) = (9 * 60, 17 * 60);

/// How the agent hands over to people.
#[component]
pub fn HandOverSettings(agent: AgentId) -> impl IntoView {
    let words = &t().functions;
    let workspace = use_workspace();
    let settings = use_loader(move || workspace.hand_over(agent));
    view! {
        <Section title=words.hand_over about=words.hand_over_about>
            {loaded(
                settings,
                || view! { <SkeletonRows count=2/> },
                move |settings| view! { <HandOverForm agent=agent settings=settings/> },
            )}
        </Section>
    }
}

/// One weekday in the form.
#[derive(Clone, Copy)]
struct Day {
    day: Weekday,
    open: RwSignal<bool>,
    /// As `HH:MM`.
    from: RwSignal<String>,
    to: RwSignal<String>,
}

impl Day {
    /// A weekday as it is stored. The form knows one stretch a day; a day of several, which only
    /// the API can make, is shown from its first beginning to its last end.
    fn new(day: Weekday, hours: Option<&BusinessHours>) -> Self {
        let open = hours.map_or(&[][..], |hours| &hours.open);
        let of_day = || open.iter().filter(move |open| open.day == day);
        let from = of_day().map(|open| open.from).min();
        let to = of_day().map(|open| open.to).max();
        Self {
            day,
            open: RwSignal::new(from.is_some()),
            from: RwSignal::new(clock(from.unwrap_or(USUAL_HOURS.0))),
            to: RwSignal::new(clock(to.unwrap_or(USUAL_HOURS.1))),
        }
    }

    /// As it is saved; the inner `None` if the times cannot be.
    fn read(self) -> Option<Option<OpenHours>> {
        if !self.open.get_untracked() {
            return Some(None);
        }
        let from = minutes(&self.from.get_untracked())?;
        // Midnight at the end of a day is written as at its beginning.
        let to = minutes(&self.to.get_untracked()).map(|to| if to == 0 { 1_440 } else { to })?;
        (from < to).then_some(Some(OpenHours { day: self.day, from, to }))
    }
}

#[component]
fn HandOverForm(agent: AgentId, settings: HandOver) -> impl IntoView {
    let words = &t().functions;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let form = Form::new();
    let hours = settings.hours.as_ref();
    let enabled = RwSignal::new(settings.enabled);
    let wait = RwSignal::new(settings.wait_seconds.to_string());
    let has_hours = RwSignal::new(hours.is_some());
    let zone = hours.map_or_else(own_time_zone, |hours| hours.time_zone.clone());
    let zone = RwSignal::new(zone);
    let days = Weekday::ALL.map(|day| Day::new(day, hours));
    let (least, most) = (*HAND_OVER_WAIT_SECONDS.start(), *HAND_OVER_WAIT_SECONDS.end());
    let save = move || {
        let seconds = number(&wait.get_untracked(), least, most);
        let read = days.map(Day::read);
        let bad_hours = has_hours.get_untracked() && read.iter().any(Option::is_none);
        let fine = form.check([
            ("wait_seconds", check_number(&wait.get_untracked(), least, most)),
            ("hours.open", bad_hours.then(|| words.hours_wrong.to_owned())),
        ]);
        let (true, Some(wait_seconds)) = (fine, seconds) else { return };
        let open = read.into_iter().flatten().flatten().collect();
        let hours = has_hours
            .get_untracked()
            .then(|| BusinessHours { time_zone: zone.get_untracked(), open });
        let wanted = HandOver { enabled: enabled.get_untracked(), wait_seconds, hours };
        let request = async move { workspace.save_hand_over(agent, &wanted).await };
        form.send(request, move |_| toasts.say(t().common.saved));
    };
    view! {
        <Switch label=words.hand_over_enabled value=enabled/>
        <NumberField
            label=words.wait
            value=wait
            hint=words.wait_hint
            error=form.field("wait_seconds")
            min=least
            max=most
            unit=words.seconds
        />
        <Switch label=words.hours_on hint=words.hours_hint value=has_hours/>
        <Show when=move || has_hours.get()>
            <TextField
                label=words.time_zone
                value=zone
                error=form.field("hours.time_zone")
                placeholder="Europe/Berlin"
            />
            <div class="week">
                {days.map(|day| view! { <DayRow day=day/> }).collect_view()}
            </div>
            <FieldNotes id="hours".to_owned() error=form.field("hours.open")/>
        </Show>
        <p class="form-error" role="alert">
            {form.general(&["wait_seconds", "hours", "hours.time_zone"])}
        </p>
        <div>
            <Button
                label=words.hand_over_save
                weight=Weight::Secondary
                busy=form.busy
                on_press=save
            />
        </div>
    }
}

#[component]
fn DayRow(day: Day) -> impl IntoView {
    let words = &t().functions;
    let name = match day.day {
        Weekday::Monday => words.monday,
        Weekday::Tuesday => words.tuesday,
        Weekday::Wednesday => words.wednesday,
        Weekday::Thursday => words.thursday,
        Weekday::Friday => words.friday,
        Weekday::Saturday => words.saturday,
        Weekday::Sunday => words.sunday,
    };
    let named = move |text| fill(text, &[("day", name)]);
    view! {
        <div class="week-day">
            <label class="week-name">
                <input
                    type="checkbox"
                    aria-label=named(words.day_open)
                    bind:checked=day.open
                />
                <span aria-hidden="true">{name}</span>
            </label>
            <Show
                when=move || day.open.get()
                fallback=move || view! { <span class="muted">{words.closed}</span> }
            >
                <input class="input" type="time" aria-label=named(words.from) bind:value=day.from/>
                <span aria-hidden="true">"–"</span>
                <input class="input" type="time" aria-label=named(words.to) bind:value=day.to/>
            </Show>
        </div>
    }
}

/// The zone of the reader's own clock.
fn own_time_zone() -> String {
    let formatter =
        js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let options = formatter.resolved_options();
    js_sys::Reflect::get(&options, &"timeZone".into())
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_else(|| "UTC".to_owned())
}

/// Minutes since midnight as `HH:MM`; the day's end is midnight.
fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

fn minutes(clock: &str) -> Option<u16> {
    let (hours, minutes) = clock.split_once(':')?;
    let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.get(..2)?.parse::<u16>().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn times_are_read_as_they_are_written() {
        for time in [0, 1, 599, 1_439] {
            assert_eq!(minutes(&clock(time)), Some(time));
        }
        assert_eq!(clock(1_440), "00:00");
        for wrong in ["", "9", "24:00", "10:60", "a:b"] {
            assert_eq!(minutes(wrong), None, "{wrong}");
        }
    }
}
