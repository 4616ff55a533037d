use crate::asked::Asked;
use crate::protocols::Protocol;
use crate::protocols::anthropic::Anthropic;
use crate::protocols::openai::OpenAi;

/// A provider that the server's configuration can set up, for all workspaces.
#[derive(Debug, PartialEq, Eq)]
pub struct Environment {
    pub(super) protocol: &'static dyn Protocol,
    /// What the names of its variables begin with.
    variables: &'static str,
}

/// All of them, in the order in which they are listed. Their addresses and keys are fields of
/// [`super::LlmConfig`].
pub(super) static ENVIRONMENT: [Environment; 2] = [
    Environment { protocol: &OpenAi, variables: "CAVUER_OPENAI" },
    Environment { protocol: &Anthropic, variables: "CAVUER_ANTHROPIC" },
];

impl Environment {
    /// The first part of its model ids.
    pub fn prefix(&self) -> &'static str {
        self.protocol.facts().kind
    }

    /// The provider in words for its owner.
    pub fn asked(&self) -> Asked {
        Asked::environment(self.protocol.facts().label, self.variables)
    }
}
