//! Kinds of fields: how a setting is shown in one, and read back.

use crate::components::field::check_number;
use crate::form::{check_length, check_name};

/// A kind of field for settings of one type.
pub trait Input<Setting> {
    /// What stands in the field.
    type Typed;

    fn show(&self, setting: &Setting) -> Self::Typed;

    /// The setting that is typed. What cannot be read becomes something that the server refuses;
    /// [`Input::check`] says so before. What the field cannot show exactly stays as it is saved.
    fn read(&self, typed: &Self::Typed, saved: &Setting) -> Setting;

    /// What is wrong with it.
    fn check(&self, typed: &Self::Typed) -> Option<String> {
        let _ = typed;
        None
    }

    /// Whether a problem is shown next to the field.
    fn is_marked(&self) -> bool {
        true
    }
}

/// A name.
pub struct Line;

/// Text that is sent without the space around it.
pub struct Text(Option<usize>);

/// Text that may be absent.
pub struct Optional;

/// A whole number, as typed.
pub struct Whole {
    pub min: u32,
    pub max: u32,
}

/// A slider from 0 to 1 that counts tenths, which are fewer steps than the setting has.
pub struct Tenths;

/// A few choices by the names of their radio buttons; the first is taken for a name that is none.
pub struct Choice<T: 'static>(pub &'static [(&'static str, T)]);

/// Yes or no.
pub struct Switch;

impl Text {
    /// At most so many characters.
    pub const fn of(most: usize) -> Self {
        Self(Some(most))
    }

    /// Text that is chosen rather than typed.
    pub const fn unbounded() -> Self {
        Self(None)
    }
}

impl Input<String> for Line {
    type Typed = String;

    fn show(&self, setting: &String) -> String {
        setting.clone()
    }

    fn read(&self, typed: &String, _saved: &String) -> String {
        typed.trim().to_owned()
    }

    fn check(&self, typed: &String) -> Option<String> {
        check_name(typed)
    }
}

impl Input<String> for Text {
    type Typed = String;

    fn show(&self, setting: &String) -> String {
        setting.clone()
    }

    fn read(&self, typed: &String, _saved: &String) -> String {
        typed.trim().to_owned()
    }

    fn check(&self, typed: &String) -> Option<String> {
        self.0.and_then(|most| check_length(typed, most))
    }
}

impl Input<Option<String>> for Optional {
    type Typed = String;

    fn show(&self, setting: &Option<String>) -> String {
        setting.clone().unwrap_or_default()
    }

    fn read(&self, typed: &String, _saved: &Option<String>) -> Option<String> {
        Some(typed.trim().to_owned()).filter(|text| !text.is_empty())
    }
}

impl Input<u32> for Whole {
    type Typed = String;

    fn show(&self, setting: &u32) -> String {
        setting.to_string()
    }

    fn read(&self, typed: &String, _saved: &u32) -> u32 {
        typed.trim().parse().unwrap_or(u32::MAX)
    }

    fn check(&self, typed: &String) -> Option<String> {
        check_number(typed, self.min, self.max)
    }
}

impl Input<f64> for Tenths {
    type Typed = String;

    fn show(&self, setting: &f64) -> String {
        format!("{:.0}", setting * 10.0)
    }

    fn read(&self, typed: &String, saved: &f64) -> f64 {
        if *typed == self.show(saved) {
            return *saved;
        }
        typed.parse().map_or(0.0, |tenths: f64| tenths / 10.0)
    }
}

impl<T: Clone + PartialEq> Input<T> for Choice<T> {
    type Typed = String;

    fn show(&self, setting: &T) -> String {
        let known = self.0.iter().find(|(_, choice)| choice == setting);
        known.map(|(name, _)| (*name).to_owned()).unwrap_or_default()
    }

    fn read(&self, typed: &String, saved: &T) -> T {
        let known = self.0.iter().find(|(name, _)| name == typed);
        known.or(self.0.first()).map_or_else(|| saved.clone(), |(_, choice)| choice.clone())
    }

    fn is_marked(&self) -> bool {
        false
    }
}

impl Input<bool> for Switch {
    type Typed = bool;

    fn show(&self, setting: &bool) -> bool {
        *setting
    }

    fn read(&self, typed: &bool, _saved: &bool) -> bool {
        *typed
    }

    fn is_marked(&self) -> bool {
        false
    }
}
