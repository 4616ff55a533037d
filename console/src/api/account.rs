use gloo_net::http::Method;

use cavuer_protocol::WorkspaceId;
use cavuer_protocol::console::{Me, NewWorkspace, Setup, SignIn, SignUp, Workspace};

use super::{Api, ApiError};

impl Api {
    pub async fn setup(self) -> Result<Setup, ApiError> {
        self.get("setup").await
    }

    pub async fn sign_up(self, account: &SignUp) -> Result<Me, ApiError> {
        self.send(Method::POST, "sign-up", account).await
    }

    pub async fn sign_in(self, credentials: &SignIn) -> Result<Me, ApiError> {
        self.send(Method::POST, "sign-in", credentials).await
    }

    pub async fn sign_out(self) -> Result<(), ApiError> {
        self.command(Method::POST, "sign-out").await
    }

    pub async fn me(self) -> Result<Me, ApiError> {
        self.get("me").await
    }

    pub async fn create_workspace(self, name: String) -> Result<Workspace, ApiError> {
        self.send(Method::POST, "workspaces", &NewWorkspace { name }).await
    }

    pub async fn rename_workspace(
        self,
        workspace: WorkspaceId,
        name: String,
    ) -> Result<Workspace, ApiError> {
        let path = format!("workspaces/{workspace}");
        self.send(Method::PATCH, &path, &NewWorkspace { name }).await
    }
}
