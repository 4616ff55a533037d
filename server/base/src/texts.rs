//! The widget's words, and the server's own lines, in the visitor's language.

use std::sync::LazyLock;

use cavuer_protocol::widget::WidgetTexts;
use serde::Deserialize;

/// The words of one language.
#[derive(Clone, Debug, Deserialize)]
pub struct LocalTexts {
    /// A BCP 47 tag.
    #[serde(skip)]
    pub language: &'static str,
    /// `ltr` or `rtl`.
    pub direction: String,
    /// What the widget is sent with its configuration.
    pub texts: WidgetTexts,
    /// What the server itself writes into conversations.
    pub lines: Lines,
}

/// What the server itself says in a conversation; stored there as lines of the system.
#[derive(Clone, Debug, Deserialize)]
pub struct Lines {
    /// The agent hands over.
    pub person_will_join: String,
    /// Nobody took over in time.
    pub nobody_free: String,
    /// The agent would hand over, but outside business hours.
    pub nobody_there: String,
    /// In the place of an answer once the channel's or the visitor's day is used up.
    pub limit_reached: String,
    /// A voice message could not be made into text.
    pub voice_not_understood: String,
}

macro_rules! languages {
    ($($tag:literal)*) => {
        &[$(($tag, include_str!(concat!("../../../assets/texts/", $tag, ".json")))),*]
    };
}

/// English comes first: it is what a visitor gets whose language is missing.
const FILES: &[(&str, &str)] = languages!(
    "en" "ar" "de" "es" "fr" "he" "hi" "it" "ja" "ko" "nl" "pl" "pt" "ru" "tr" "uk" "zh"
);

static ALL: LazyLock<Vec<LocalTexts>> = LazyLock::new(|| {
    let read = |(language, json): &(&'static str, &str)| {
        // The files are part of the program, and a test reads every one.
        let mut texts: LocalTexts = serde_json::from_str(json).unwrap_or_else(|error| {
            unreachable!("assets/texts/{language}.json does not fit: {error}")
        });
        texts.language = language;
        texts
    };
    FILES.iter().map(read).collect()
});

/// The words for a language tag such as `de-AT`; English if there are none.
pub fn for_language(tag: &str) -> &'static LocalTexts {
    find(tag).unwrap_or(&ALL[0])
}

/// The words for an `Accept-Language` header (RFC 9110): the best language that is there.
pub fn for_header(header: &str) -> &'static LocalTexts {
    let mut wanted = header
        .split(',')
        .filter_map(|entry| {
            let (tag, parameters) = entry.split_once(';').unwrap_or((entry, ""));
            let quality = match parameters.trim().strip_prefix("q=") {
                Some(quality) => quality.trim().parse::<f32>().ok()?,
                None => 1.0,
            };
            (quality > 0.0).then(|| (quality, tag.trim()))
        })
        .collect::<Vec<_>>();
    wanted.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    wanted.into_iter().find_map(|(_, tag)| find(tag)).unwrap_or(&ALL[0])
}

fn find(tag: &str) -> Option<&'static LocalTexts> {
    let primary = tag.split(['-', '_']).next()?;
    ALL.iter().find(|local| local.language.eq_ignore_ascii_case(primary))
}

#[cfg(test)]
mod tests {
    use cavuer_protocol::language::LANGUAGES;

    use super::*;

    #[test]
    fn every_file_fits_and_says_which_way_it_runs() {
        assert_eq!(ALL.len(), LANGUAGES.len());
        for language in LANGUAGES {
            assert!(find(language.tag).is_some(), "no words for {}", language.name);
        }
        for local in ALL.iter() {
            let rtl = matches!(local.language, "ar" | "he");
            assert_eq!(local.direction == "rtl", rtl, "{}", local.language);
        }
    }

    #[test]
    fn every_language_has_lines_of_its_own() {
        for local in ALL.iter() {
            let lines = &local.lines;
            for (line, english) in [
                (&lines.person_will_join, &ALL[0].lines.person_will_join),
                (&lines.nobody_free, &ALL[0].lines.nobody_free),
                (&lines.nobody_there, &ALL[0].lines.nobody_there),
                (&lines.voice_not_understood, &ALL[0].lines.voice_not_understood),
            ] {
                let own = line != english || local.language == "en";
                assert!(own && !line.trim().is_empty(), "{}", local.language);
            }
        }
    }

    #[test]
    fn the_best_language_that_is_there_wins() {
        for (header, language) in [
            ("", "en"),
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("xx, fr;q=0.2, es;q=0.7", "es"),
            ("sv;q=0.9, *;q=0.1", "en"),
            ("DE", "de"),
            ("de;q=0, nl", "nl"),
            ("de;q=nonsense", "en"),
        ] {
            assert_eq!(for_header(header).language, language, "{header}");
        }
    }
}
