//! The languages that the widget speaks and that agents can be told to write in.

/// A language by its BCP 47 tag and by its own name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// In lower case and without a region, such as `de`.
    pub tag: &'static str,
    /// For those who speak it, such as `Deutsch`.
    pub name: &'static str,
}

/// All of them, by tag. For each there is a file of words, `assets/texts/{tag}.json`.
pub const LANGUAGES: [Language; 17] = [
    Language { tag: "ar", name: "العربية" },
    Language { tag: "de", name: "Deutsch" },
    Language { tag: "en", name: "English" },
    Language { tag: "es", name: "Español" },
    Language { tag: "fr", name: "Français" },
    Language { tag: "he", name: "עברית" },
    Language { tag: "hi", name: "हिन्दी" },
    Language { tag: "it", name: "Italiano" },
    Language { tag: "ja", name: "日本語" },
    Language { tag: "ko", name: "한국어" },
    Language { tag: "nl", name: "Nederlands" },
    Language { tag: "pl", name: "Polski" },
    Language { tag: "pt", name: "Português" },
    Language { tag: "ru", name: "Русский" },
    Language { tag: "tr", name: "Türkçe" },
    Language { tag: "uk", name: "Українська" },
    Language { tag: "zh", name: "中文" },
];
