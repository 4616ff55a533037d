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
    pub fn key(&self) -> String {
        match self.kept {
            Kept::Environment(prefix) => format!("{prefix}_API_KEY"),
            Kept::Console => "its key on the page Models".to_owned(),
        }
    }

    /// Where its address is, as the object of "check".
    pub fn address(&self) -> String {
        match self.kept {
            Kept::Environment(prefix) => format!("{prefix}_BASE_URL"),
            Kept::Console => "its address on the page Models".to_owned(),
        }
    }

    /// The variables that set it up; none for one of the console.
    pub fn variables(&self) -> Vec<String> {
        match self.kept {
            Kept::Environment(_) => vec![self.key(), self.address()],
            Kept::Console => Vec::new(),
        }
    }
}
