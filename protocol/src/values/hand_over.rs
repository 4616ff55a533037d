//! How an agent hands a conversation over to a person.

use serde::{Deserialize, Serialize};

/// How an agent hands over. When it does is for its instruction to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// Whether the agent may hand over at all.
    pub enabled: bool,
    /// Seconds in which a person has to take over. After that the visitor is told that nobody is
    /// free, and the agent answers again.
    pub wait_seconds: u32,
    /// When people are there; `None` for always.
    pub hours: Option<BusinessHours>,
}

/// The hours of a week in which people are there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BusinessHours {
    /// A name of the IANA time zone database, such as `Europe/Berlin`.
    pub time_zone: String,
    /// At most [`crate::limits::OPEN_HOURS`]; they may overlap. Without any, nobody is ever there.
    pub open: Vec<OpenHours>,
}

/// A stretch of one weekday, in that zone's own time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenHours {
    /// The weekday in the zone of [`BusinessHours::time_zone`].
    pub day: Weekday,
    /// Minutes since midnight at which it begins.
    pub from: u16,
    /// Minutes since midnight at which it ends; 1440 is the day's end.
    pub to: u16,
}

/// A day of the week, which begins on Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// The first of [`Weekday::ALL`].
    Monday,
    /// The second.
    Tuesday,
    /// The third.
    Wednesday,
    /// The fourth.
    Thursday,
    /// The fifth.
    Friday,
    /// The sixth.
    Saturday,
    /// The last.
    Sunday,
}

impl Weekday {
    /// All days, as a week runs.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];
}

impl Default for HandOver {
    fn default() -> Self {
        Self { enabled: true, wait_seconds: 180, hours: None }
    }
}
