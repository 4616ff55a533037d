//! Conversations and their messages: writing, reading, merging, handing over.

use cavuer_protocol::limits::PAGE_MESSAGES;
use cavuer_protocol::widget::OlderMessages;
use cavuer_protocol::{
    AttachmentId, Author, Conversation, ConversationId, Handling, Message, MessageId, Timestamp,
    TurnId, UserId, WorkspaceId,
};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::attachments::{self, UnknownAttachment};
use super::visitors::{self, VisitorIdentity, VisitorKind};
use super::{ClaimedTurn, Store, StoreError, Superseded, hand_over, row, sources, turns};

/// Where a conversation stands; the address that live events are sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationPlace {
    pub workspace: WorkspaceId,
    pub conversation: ConversationId,
    pub visitor: VisitorIdentity,
}

/// A visitor's message on its way into the store.
#[derive(Clone, Debug)]
pub struct NewMessage {
    pub workspace: WorkspaceId,
    pub visitor: VisitorIdentity,
    /// For a guest: SHA-256 of the key, stored with the first message.
    pub key_hash: Option<Vec<u8>>,
    pub name: Option<String>,
    pub email: Option<String>,
    /// Taken if the visitor has no conversation yet.
    pub conversation: ConversationId,
    pub id: MessageId,
    pub text: String,
    /// Uploads of the same visitor.
    pub attachments: Vec<AttachmentId>,
    pub now: Timestamp,
    pub turn: TurnPlan,
    /// Whether work on the answer can begin as soon as the message is on disk: then a turn that
    /// is due at once is claimed in the same transaction.
    pub claim: bool,
}

/// The turn that a visitor's message calls for, unless one waits already.
#[derive(Clone, Debug)]
pub struct TurnPlan {
    pub id: TurnId,
    pub answer: MessageId,
    /// Language of the visitor, a BCP 47 tag.
    pub language: String,
}

/// A person of the workspace who writes to a visitor.
#[derive(Clone, Debug)]
pub struct Operator {
    pub id: UserId,
    /// As visitors see it.
    pub name: String,
}

/// A message that is on disk.
#[derive(Clone, Debug)]
pub struct Posted {
    pub message: Message,
    pub place: ConversationPlace,
    /// False for a repeat: then nothing was stored, and `message` is the first one.
    pub is_new: bool,
    /// The answer in the making that this message ended, because it is to be begun anew.
    pub superseded: Option<Superseded>,
}

impl Posted {
    fn repeated(message: Message, place: ConversationPlace) -> Self {
        Self { message, place, is_new: false, superseded: None }
    }
}

impl Store {
    /// Stores a visitor's message together with the turn that will answer it. A repeat of the
    /// same id returns the message stored first. With it comes the turn that was claimed, if
    /// [`NewMessage::claim`] asked for that and the turn was due.
    ///
    /// A message with an attachment that is not the visitor's to send is not stored.
    pub async fn post_visitor_message(
        &self,
        new: NewMessage,
    ) -> Result<Result<(Posted, Option<ClaimedTurn>), UnknownAttachment>, StoreError> {
        self.pool
            .write(move |conn| {
                if let Some(unknown) = unknown_attachment(conn, &new)? {
                    return Ok(Err(unknown));
                }
                let about = (new.name.as_deref(), new.email.as_deref());
                let key_hash = new.key_hash.as_deref();
                let visitor = visitors::find_or_add(conn, &new.visitor, key_hash, about, new.now)?;
                let conversation = find_or_add(conn, &new, visitor)?;
                let place = ConversationPlace {
                    workspace: new.workspace,
                    conversation,
                    visitor: new.visitor,
                };
                if let Some(message) = by_id(conn, conversation, new.id)? {
                    return Ok(Ok((Posted::repeated(message, place), None)));
                }
                let mut message =
                    append(conn, conversation, new.id, Author::Visitor, new.text, new.now)?;
                let author = attachments::Author::Visitor(visitor);
                message.attachments =
                    attachments::send(conn, author, conversation, new.id, &new.attachments)?;
                let (mut superseded, mut claimed) = (None, None);
                if handling(conn, conversation)? == Handling::Agent {
                    superseded = turns::supersede(conn, conversation, new.now)?;
                    let asked_at = superseded.as_ref().map_or(new.now, |turn| turn.asked_at);
                    turns::plan(conn, conversation, &new.turn, asked_at, new.now)?;
                    if new.claim {
                        claimed = turns::claim_planned(conn, new.turn.id, new.now)?;
                    }
                }
                Ok(Ok((Posted { message, place, is_new: true, superseded }, claimed)))
            })
            .await
    }

    /// Stores an operator's message. The operator takes the conversation over with it.
    /// `None`: the workspace has no such conversation. A message with an attachment that is not
    /// the operator's to send is not stored.
    #[allow(clippy::too_many_arguments, reason = "each is another kind of thing")]
    pub async fn post_operator_message(
        &self,
        workspace: WorkspaceId,
        conversation: ConversationId,
        id: MessageId,
        operator: Operator,
        text: String,
        attachments: Vec<AttachmentId>,
        now: Timestamp,
    ) -> Result<Option<Result<Posted, UnknownAttachment>>, StoreError> {
        self.pool
            .write(move |conn| {
                let Some(place) = place(conn, workspace, conversation)? else { return Ok(None) };
                if let Some(message) = by_id(conn, conversation, id)? {
                    return Ok(Some(Ok(Posted::repeated(message, place))));
                }
                let uploader = attachments::Author::Operator(operator.id);
                let unknown =
                    attachments::unknown(conn, uploader, Some(conversation), &attachments)?;
                if let Some(unknown) = unknown {
                    return Ok(Some(Err(unknown)));
                }
                set_operator(conn, conversation, Some(&operator.name))?;
                turns::cancel(conn, conversation, now)?;
                let author = Author::Operator { name: operator.name };
                let mut message = append(conn, conversation, id, author, text, now)?;
                message.attachments =
                    attachments::send(conn, uploader, conversation, id, &attachments)?;
                mark_answered(conn, conversation, message.seq)?;
                Ok(Some(Ok(Posted { message, place, is_new: true, superseded: None })))
            })
            .await
    }

    /// Makes a person responsible; waiting and running turns end without an answer.
    /// `None`: the workspace has no such conversation.
    pub async fn take_over(
        &self,
        workspace: WorkspaceId,
        conversation: ConversationId,
        operator: String,
        now: Timestamp,
    ) -> Result<Option<ConversationPlace>, StoreError> {
        self.pool
            .write(move |conn| {
                let Some(place) = place(conn, workspace, conversation)? else { return Ok(None) };
                set_operator(conn, conversation, Some(&operator))?;
                turns::cancel(conn, conversation, now)?;
                Ok(Some(place))
            })
            .await
    }

    /// Makes the agent responsible again; it answers what the visitor asked meanwhile, in the
    /// language of its earlier answers.
    /// `None`: the workspace has no such conversation.
    pub async fn hand_back(
        &self,
        workspace: WorkspaceId,
        conversation: ConversationId,
        mut plan: TurnPlan,
        now: Timestamp,
    ) -> Result<Option<ConversationPlace>, StoreError> {
        self.pool
            .write(move |conn| {
                let Some(place) = place(conn, workspace, conversation)? else { return Ok(None) };
                set_operator(conn, conversation, None)?;
                if has_unanswered(conn, conversation)? {
                    plan.language = turns::latest_language(conn, conversation)?;
                    turns::plan(conn, conversation, &plan, now, now)?;
                }
                Ok(Some(place))
            })
            .await
    }

    /// A visitor's conversation with its newest messages, as the visitor may see it; `None` before
    /// the first one.
    pub async fn conversation_of(
        &self,
        visitor: VisitorIdentity,
    ) -> Result<Option<Conversation>, StoreError> {
        self.pool
            .read(move |conn| match of_visitor(conn, &visitor)? {
                Some(id) => {
                    let mut conversation = snapshot(conn, id)?;
                    sources::citations(conn, id)?.reduce(&mut conversation.messages);
                    Ok(Some(conversation))
                }
                None => Ok(None),
            })
            .await
    }

    /// A visitor's messages before a `seq`, as the visitor may see them.
    pub async fn older_messages_of(
        &self,
        visitor: VisitorIdentity,
        before: i64,
    ) -> Result<OlderMessages, StoreError> {
        self.pool
            .read(move |conn| match of_visitor(conn, &visitor)? {
                Some(id) => {
                    let mut page = page_before(conn, id, before)?;
                    sources::citations(conn, id)?.reduce(&mut page.messages);
                    Ok(page)
                }
                None => Ok(OlderMessages { messages: Vec::new(), has_older: false }),
            })
            .await
    }
}

/// A conversation's newest page, as the console sees it and without a draft: drafts live in the hub.
pub(crate) fn snapshot(
    conn: &Connection,
    conversation: ConversationId,
) -> Result<Conversation, StoreError> {
    let OlderMessages { messages, has_older } = page_before(conn, conversation, i64::MAX)?;
    let handling = handling(conn, conversation)?;
    Ok(Conversation { messages, has_older, handling, draft: None })
}

/// Up to [`PAGE_MESSAGES`] messages before a `seq`, in rising order, as the console sees them.
pub(crate) fn page_before(
    conn: &Connection,
    conversation: ConversationId,
    before: i64,
) -> Result<OlderMessages, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT id, seq, author, author_name, text, created_at FROM message
         WHERE conversation_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
    )?;
    let one_more = PAGE_MESSAGES as i64 + 1;
    let mut messages = statement
        .query_map(params![conversation.0, before, one_more], row::message)?
        .collect::<Result<Vec<_>, _>>()?;
    let has_older = messages.len() > PAGE_MESSAGES;
    messages.truncate(PAGE_MESSAGES);
    messages.reverse();
    attachments::fill(conn, conversation, &mut messages)?;
    sources::attach(conn, conversation, &mut messages)?;
    Ok(OlderMessages { messages, has_older })
}

/// Adds a message at the end.
pub(crate) fn append(
    conn: &Connection,
    conversation: ConversationId,
    id: MessageId,
    author: Author,
    text: String,
    now: Timestamp,
) -> Result<Message, StoreError> {
    let seq = conn
        .prepare_cached(
            "UPDATE conversation SET last_seq = last_seq + 1, updated_at = ?, failure = NULL
             WHERE id = ? RETURNING last_seq",
        )?
        .query_row(params![now.0, conversation.0], |row| row.get(0))?;
    let (kind, name) = row::author_columns(&author);
    conn.prepare_cached(
        "INSERT INTO message (conversation_id, seq, id, author, author_name, text, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![conversation.0, seq, id.0, kind, name, text, now.0])?;
    let (attachments, sources) = (Vec::new(), Vec::new());
    Ok(Message { id, seq, author, text, attachments, created_at: now, sources })
}

pub(crate) fn by_id(
    conn: &Connection,
    conversation: ConversationId,
    id: MessageId,
) -> Result<Option<Message>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT id, seq, author, author_name, text, created_at FROM message
         WHERE conversation_id = ? AND id = ?",
    )?;
    let found = statement.query_row(params![conversation.0, id.0], row::message).optional()?;
    let Some(mut message) = found else { return Ok(None) };
    attachments::fill(conn, conversation, std::slice::from_mut(&mut message))?;
    Ok(Some(message))
}

pub(crate) fn mark_answered(
    conn: &Connection,
    conversation: ConversationId,
    seq: i64,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE conversation SET answered_seq = max(answered_seq, ?) WHERE id = ?",
    )?
    .execute(params![seq, conversation.0])?;
    Ok(())
}

/// Where a conversation of this workspace stands.
pub(crate) fn place(
    conn: &Connection,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<Option<ConversationPlace>, StoreError> {
    Ok(place_of(conn, conversation)?.filter(|place| place.workspace == workspace))
}

pub(crate) fn place_of(
    conn: &Connection,
    conversation: ConversationId,
) -> Result<Option<ConversationPlace>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT conversation.workspace_id, visitor.channel_id, visitor.kind, visitor.public_id
         FROM conversation JOIN visitor ON visitor.id = conversation.visitor_id
         WHERE conversation.id = ?",
    )?;
    let found = statement.query_row([conversation.0], |row| {
        Ok(ConversationPlace {
            workspace: WorkspaceId(row.get(0)?),
            conversation,
            visitor: VisitorIdentity {
                channel: cavuer_protocol::ChannelId(row.get(1)?),
                kind: match row.get::<_, String>(2)?.as_str() {
                    "user" => VisitorKind::User,
                    _ => VisitorKind::Guest,
                },
                public_id: row.get(3)?,
            },
        })
    });
    Ok(found.optional()?)
}

pub(crate) fn of_visitor(
    conn: &Connection,
    visitor: &VisitorIdentity,
) -> Result<Option<ConversationId>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT conversation.id FROM visitor JOIN conversation ON conversation.visitor_id = visitor.id
         WHERE visitor.channel_id = ? AND visitor.kind = ? AND visitor.public_id = ?",
    )?;
    let key = params![visitor.channel.0, visitor.kind.as_str(), visitor.public_id];
    Ok(statement.query_row(key, |row| row.get(0).map(ConversationId)).optional()?)
}

/// The first attachment of a new message that is not the visitor's to send. A repeat of a message
/// is none of these: what came with it was sent with it.
fn unknown_attachment(
    conn: &Connection,
    new: &NewMessage,
) -> Result<Option<UnknownAttachment>, StoreError> {
    if new.attachments.is_empty() {
        return Ok(None);
    }
    let Some(visitor) = visitors::find(conn, &new.visitor)? else {
        return Ok(Some(UnknownAttachment(0)));
    };
    let conversation = of_visitor(conn, &new.visitor)?;
    if let Some(conversation) = conversation
        && by_id(conn, conversation, new.id)?.is_some()
    {
        return Ok(None);
    }
    let author = attachments::Author::Visitor(visitor);
    attachments::unknown(conn, author, conversation, &new.attachments)
}

fn find_or_add(
    conn: &Connection,
    new: &NewMessage,
    visitor: i64,
) -> Result<ConversationId, StoreError> {
    conn.prepare_cached(
        "INSERT INTO conversation
             (id, workspace_id, channel_id, visitor_id, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (visitor_id) DO NOTHING",
    )?
    .execute(params![
        new.conversation.0,
        new.workspace.0,
        new.visitor.channel.0,
        visitor,
        new.now.0,
        new.now.0
    ])?;
    let id = conn
        .prepare_cached("SELECT id FROM conversation WHERE visitor_id = ?")?
        .query_row([visitor], |row| row.get(0))?;
    Ok(ConversationId(id))
}

fn handling(conn: &Connection, conversation: ConversationId) -> Result<Handling, StoreError> {
    let operator = conn
        .prepare_cached("SELECT operator FROM conversation WHERE id = ?")?
        .query_row([conversation.0], |row| row.get::<_, Option<String>>(0))?;
    Ok(match operator {
        Some(name) => Handling::Operator { name },
        None if hand_over::is_awaited(conn, conversation)? => Handling::Awaited,
        None => Handling::Agent,
    })
}

/// Whoever decides about a conversation has seen that a person was wanted.
fn set_operator(
    conn: &Connection,
    conversation: ConversationId,
    operator: Option<&str>,
) -> Result<(), StoreError> {
    hand_over::settle(conn, conversation)?;
    conn.prepare_cached("UPDATE conversation SET operator = ? WHERE id = ?")?
        .execute(params![operator, conversation.0])?;
    Ok(())
}

pub(crate) fn has_unanswered(
    conn: &Connection,
    conversation: ConversationId,
) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (
             SELECT 1 FROM message JOIN conversation ON conversation.id = message.conversation_id
             WHERE conversation.id = ? AND message.seq > conversation.answered_seq
                 AND message.author = 'visitor')",
    )?;
    Ok(statement.query_row([conversation.0], |row| row.get(0))?)
}
