//! Visitors' sessions: signed statements, so that nothing is stored for somebody who only looks.

use cavuer_engine::conversations::Sender;
use cavuer_protocol::{ChannelId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::signing::SigningKey;
use cavuer_base::hex;
use cavuer_store::{VisitorIdentity, VisitorKind};

/// How long a session lasts, in milliseconds. The widget opens a new one by itself.
pub(crate) const LIFETIME_MILLIS: i64 = 60 * 60 * 1_000;

/// What a session says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VisitorSession {
    /// The channel's public token.
    pub token: String,
    pub channel: ChannelId,
    pub kind: VisitorKind,
    /// The site's user id, or the guest's `v_…`.
    pub public_id: String,
    /// For a guest: SHA-256 of the key, in hex, which is stored with the first message.
    pub key_hash: Option<String>,
    /// What the site said about its user.
    pub name: Option<String>,
    pub email: Option<String>,
    /// The page's origin; the session opens nothing for another page.
    pub origin: String,
    /// The visitor's language, as far as the widget speaks it.
    pub language: String,
    pub expires_at: Timestamp,
}

impl VisitorSession {
    /// Whose session it is.
    pub(crate) fn visitor(&self) -> VisitorIdentity {
        VisitorIdentity {
            channel: self.channel,
            kind: self.kind,
            public_id: self.public_id.clone(),
        }
    }

    /// Who sends what comes with the session.
    pub(crate) fn sender(&self) -> Sender {
        Sender {
            visitor: self.visitor(),
            key_hash: self.key_hash.as_deref().and_then(hex::decode),
            name: self.name.clone(),
            email: self.email.clone(),
        }
    }

    /// The session as a token: its JSON and a signature, both in hex, with a point between.
    pub(crate) fn seal(&self, key: &SigningKey) -> String {
        let json = serde_json::to_vec(self).unwrap_or_default();
        let signature = key.sign(&json);
        format!("{}.{}", hex::encode(&json), hex::encode(&signature))
    }

    /// Reads a token, if this server signed it. It may have expired: see [`Self::holds_at`].
    pub(crate) fn open(token: &str, key: &SigningKey) -> Option<Self> {
        let (json, signature) = token.split_once('.')?;
        let (json, signature) = (hex::decode(json)?, hex::decode(signature)?);
        if !key.is_signed(&json, &signature) {
            return None;
        }
        serde_json::from_slice(&json).ok()
    }

    /// Whether the session has not expired yet.
    pub(crate) fn holds_at(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}
