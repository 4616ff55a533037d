//! Those who write to a channel.

use cavuer_protocol::{ChannelId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::sql::{Sql, params};
use crate::{Store, StoreError};

/// Guests and the site's own users; an id of one kind says nothing about the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitorKind {
    /// Nobody vouches for the id; a widget's guest holds a key for it, whose SHA-256 is kept.
    Guest,
    /// The site vouches for the id, or whoever let the visitor in.
    User,
}

/// Names one visitor of one channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VisitorIdentity {
    /// The same person in another channel is another visitor.
    pub channel: ChannelId,
    /// Guest and user of the same id are two visitors.
    pub kind: VisitorKind,
    /// The site's user id, or the guest's `v_…`.
    pub public_id: String,
}

/// Who is on the visitor's side of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitorRecord {
    /// Whether the site vouches for the id.
    pub kind: VisitorKind,
    /// The site's user id, or the guest's `v_…`.
    pub public_id: String,
    /// As the site says.
    pub name: Option<String>,
    /// As the site says.
    pub email: Option<String>,
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
        self.database
            .read(move |sql| {
                let hash = sql.value(
                    "SELECT key_hash FROM visitor
                     WHERE channel_id = ?1 AND kind = 'guest' AND public_id = ?2",
                    params![channel, public_id],
                )?;
                Ok(hash.flatten())
            })
            .await
    }
}

/// The visitor's row.
pub(crate) fn find(sql: &dyn Sql, visitor: &VisitorIdentity) -> Result<Option<i64>, StoreError> {
    sql.value(
        "SELECT id FROM visitor WHERE channel_id = ?1 AND kind = ?2 AND public_id = ?3",
        params![visitor.channel, visitor.kind.as_str(), visitor.public_id],
    )
}

/// Writes a visitor's row as it is; `false` if it is gone. Whoever uploads or writes a first message
/// writes it as well, so they wait until the transaction has ended.
pub(crate) fn hold(sql: &dyn Sql, visitor: i64) -> Result<bool, StoreError> {
    let held =
        sql.execute("UPDATE visitor SET created_at = created_at WHERE id = ?1", params![visitor])?;
    Ok(held > 0)
}

/// The visitor's row, made now if this is the first message; what the site says about its user
/// is brought up to date.
pub(crate) fn find_or_add(
    sql: &dyn Sql,
    visitor: &VisitorIdentity,
    key_hash: Option<&[u8]>,
    (name, email): (Option<&str>, Option<&str>),
    now: Timestamp,
) -> Result<i64, StoreError> {
    sql.only_value(
        "INSERT INTO visitor (channel_id, kind, public_id, key_hash, name, email, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (channel_id, kind, public_id) DO UPDATE SET
             name = coalesce(excluded.name, visitor.name),
             email = coalesce(excluded.email, visitor.email)
         RETURNING id",
        params![
            visitor.channel,
            visitor.kind.as_str(),
            visitor.public_id,
            key_hash,
            name,
            email,
            now
        ],
    )
}
