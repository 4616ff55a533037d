use cavuer_protocol::notice::{self, NoticeValue};

/// A provider in words for its owner: what to call it, and where its settings are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What sentences about it call it: the protocol's label, or what the workspace calls it.
    pub name: String,
    kept: Kept,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    /// In variables whose names begin with this.
    Environment(&'static str),
    Console,
}

impl Asked {
    /// One that the server's configuration sets up, in variables whose names begin with this.
    pub fn environment(name: &str, variables: &'static str) -> Self {
        Self { name: name.to_owned(), kept: Kept::Environment(variables) }
    }

    /// One that a workspace has set up and named.
    pub fn console(name: impl Into<String>) -> Self {
        Self { name: name.into(), kept: Kept::Console }
    }

    /// Where its key is, as the object of "check".
    pub fn key(&self) -> NoticeValue {
        match self.variable("API_KEY") {
            Some(variable) => variable.into(),
            None => notice::key_on_page_models().into(),
        }
    }

    /// Where its address is, as the object of "check".
    pub fn address(&self) -> NoticeValue {
        match self.variable("BASE_URL") {
            Some(variable) => variable.into(),
            None => notice::address_on_page_models().into(),
        }
    }

    /// The variables that set it up; none for one of the console.
    pub fn variables(&self) -> Vec<String> {
        ["API_KEY", "BASE_URL"].into_iter().filter_map(|last| self.variable(last)).collect()
    }

    fn variable(&self, last: &str) -> Option<String> {
        match self.kept {
            Kept::Environment(prefix) => Some(format!("{prefix}_{last}")),
            Kept::Console => None,
        }
    }
}
