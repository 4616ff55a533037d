//! Where conversations stand.

use cavuer_protocol::{ConversationId, WorkspaceId};

use crate::StoreError;
use crate::sql::{Sql, params};
use crate::visitors::VisitorIdentity;

/// Where a conversation stands; the address that live events are sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationPlace {
    /// Whose consoles are told.
    pub workspace: WorkspaceId,
    /// Consoles tell conversations apart by it; a visitor has one and needs none.
    pub conversation: ConversationId,
    /// Whose tabs are told; the conversation's channel is the visitor's.
    pub visitor: VisitorIdentity,
}

/// Where a conversation of this workspace stands.
pub(crate) fn place(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<Option<ConversationPlace>, StoreError> {
    Ok(place_of(sql, conversation)?.filter(|place| place.workspace == workspace))
}

pub(crate) fn place_of(
    sql: &dyn Sql,
    conversation: ConversationId,
) -> Result<Option<ConversationPlace>, StoreError> {
    sql.row(
        "SELECT conversation.workspace_id, visitor.channel_id, visitor.kind, visitor.public_id
         FROM conversation JOIN visitor ON visitor.id = conversation.visitor_id
         WHERE conversation.id = ?1",
        params![conversation],
        |row| {
            Ok(ConversationPlace {
                workspace: row.get("workspace_id")?,
                conversation,
                visitor: VisitorIdentity {
                    channel: row.get("channel_id")?,
                    kind: row.word("kind")?,
                    public_id: row.get("public_id")?,
                },
            })
        },
    )
}

pub(crate) fn of_visitor(
    sql: &dyn Sql,
    visitor: &VisitorIdentity,
) -> Result<Option<ConversationId>, StoreError> {
    sql.value(
        "SELECT conversation.id FROM visitor
         JOIN conversation ON conversation.visitor_id = visitor.id
         WHERE visitor.channel_id = ?1 AND visitor.kind = ?2 AND visitor.public_id = ?3",
        params![visitor.channel, visitor.kind.as_str(), visitor.public_id],
    )
}
