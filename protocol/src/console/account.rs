//! Signing in, and who is signed in.

use serde::{Deserialize, Serialize};

use crate::{Secret, UserId, WorkspaceId};

/// What the sign-in page needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Setup {
    /// Whether `POST sign-up` is open now.
    pub sign_up_open: bool,
    /// Whether nobody has an account yet.
    pub first_run: bool,
}

/// `POST sign-up`: a new person together with a first workspace.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// Shown to visitors when the person takes a conversation over; at most
    /// [`crate::limits::NAME_CHARS`] characters on one line.
    pub name: String,
    /// What the person signs in with; at most 254 bytes. It is stored in lower case, and only one
    /// account can have it.
    pub email: String,
    /// [`crate::limits::PASSWORD_MIN_CHARS`] to [`crate::limits::PASSWORD_MAX_CHARS`] characters,
    /// taken as they are: spaces at the ends count.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub password: Secret,
    /// Name of the first workspace.
    pub workspace: String,
}

/// `POST sign-in`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// In either letter case.
    pub email: String,
    /// Taken as it is: spaces at the ends count.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub password: Secret,
}

/// The signed-in person and the workspaces they may enter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// Stays the same whatever the person's name and e-mail address are.
    pub id: UserId,
    /// What visitors see when the person takes a conversation over.
    pub name: String,
    /// In lower case; what the person signs in with.
    pub email: String,
    /// Oldest first. Nothing of any other workspace can be read.
    pub workspaces: Vec<Workspace>,
}

/// A workspace as its members see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Workspace {
    /// Part of the path of every call below `workspaces/{workspace}/`.
    pub id: WorkspaceId,
    /// Shown to members only; need not be unique.
    pub name: String,
}

/// A name for a new workspace, or a new name for an old one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWorkspace {
    /// At most [`crate::limits::NAME_CHARS`] characters on one line.
    pub name: String,
}
