use gloo_net::http::Method;

use cavuer_protocol::ChannelId;
use cavuer_protocol::console::{Channel, ChannelChanges, RotateSecretKey, SecretKey};

use super::{ApiError, WorkspaceApi};

impl WorkspaceApi {
    pub async fn channel(self, channel: ChannelId) -> Result<Channel, ApiError> {
        self.get(&format!("channels/{channel}")).await
    }

    pub async fn change_channel(
        self,
        channel: ChannelId,
        changes: &ChannelChanges,
    ) -> Result<Channel, ApiError> {
        self.send(Method::PATCH, &format!("channels/{channel}"), changes).await
    }

    pub async fn delete_channel(self, channel: ChannelId) -> Result<(), ApiError> {
        self.command(Method::DELETE, &format!("channels/{channel}")).await
    }

    pub async fn reveal_secret_key(self, channel: ChannelId) -> Result<SecretKey, ApiError> {
        let path = format!("channels/{channel}/secret-key/reveal");
        self.command(Method::POST, &path).await
    }

    /// Makes a new secret key; the old one stays valid for so many hours.
    pub async fn rotate_secret_key(
        self,
        channel: ChannelId,
        keep_old_hours: u32,
    ) -> Result<SecretKey, ApiError> {
        let path = format!("channels/{channel}/secret-key/rotate");
        self.send(Method::POST, &path, &RotateSecretKey { keep_old_hours }).await
    }
}
