//! Those who write to a channel.

use cavuer_protocol::{ChannelId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::{Store, StoreError};

/// Guests and the site's own users; an id of one kind says nothing about the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitorKind {
    Guest,
    User,
}

/// Names one visitor of one channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VisitorIdentity {
    pub channel: ChannelId,
    pub kind: VisitorKind,
    /// The site's user id, or the guest's `v_…`.
    pub public_id: String,
}

impl VisitorKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::User => "user",
        }
    }
}

impl Store {
    /// The stored hash of a guest's key; `None` for a guest who never wrote.
    pub async fn guest_key_hash(
        &self,
        channel: ChannelId,
        public_id: String,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.pool
            .read(move |conn| {
                let mut statement = conn.prepare_cached(
                    "SELECT key_hash FROM visitor
                     WHERE channel_id = ? AND kind = 'guest' AND public_id = ?",
                )?;
                let hash = statement
                    .query_row(params![channel.0, public_id], |row| {
                        row.get::<_, Option<Vec<u8>>>(0)
                    })
                    .optional()?;
                Ok(hash.flatten())
            })
            .await
    }
}

/// The visitor's row.
pub(crate) fn find(
    conn: &Connection,
    visitor: &VisitorIdentity,
) -> Result<Option<i64>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT id FROM visitor WHERE channel_id = ? AND kind = ? AND public_id = ?",
    )?;
    let key = params![visitor.channel.0, visitor.kind.as_str(), visitor.public_id];
    Ok(statement.query_row(key, |row| row.get(0)).optional()?)
}

/// The visitor's row, made now if this is the first message; what the site says about its user
/// is brought up to date.
pub(crate) fn find_or_add(
    conn: &Connection,
    visitor: &VisitorIdentity,
    key_hash: Option<&[u8]>,
    (name, email): (Option<&str>, Option<&str>),
    now: Timestamp,
) -> Result<i64, StoreError> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO visitor (channel_id, kind, public_id, key_hash, name, email, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (channel_id, kind, public_id) DO UPDATE SET
             name = coalesce(excluded.name, name), email = coalesce(excluded.email, email)
         RETURNING id",
    )?;
    let id = statement.query_row(
        params![
            visitor.channel.0,
            visitor.kind.as_str(),
            visitor.public_id,
            key_hash,
            name,
            email,
            now.0
        ],
        |row| row.get(0),
    )?;
    Ok(id)
}
