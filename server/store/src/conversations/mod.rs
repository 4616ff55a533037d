//! Conversations and their messages: writing, reading, merging, handing over.

mod locking;

use cavuer_protocol::limits::PAGE_MESSAGES;
use cavuer_protocol::widget::OlderMessages;
use cavuer_protocol::{
    AttachmentId, Author, Conversation, ConversationId, Handling, Message, MessageId, Timestamp,
    TurnId, UserId, WorkspaceId,
};

use crate::attachments::{self, UnknownAttachment};
use crate::sql::{Lock, Sql, params};
use crate::visitors::{self, VisitorIdentity};
use crate::{ClaimedTurn, Store, StoreError, Superseded, hand_over, row, sources, turns};

pub(crate) use locking::Attempt;

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

/// What became of a visitor's message.
type VisitorPost = Result<(Posted, Option<ClaimedTurn>), UnknownAttachment>;

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
        let (visitor, worker) = (new.visitor.clone(), self.worker.clone());
        self.write_found(
            move |sql| Ok([of_visitor(sql, &visitor)?]),
            move |sql, [conversation]| post(sql, new, conversation, &worker),
        )
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
        self.database
            .write(move |sql| {
                sql.lock(Lock::Conversation(conversation))?;
                let Some(place) = place(sql, workspace, conversation)? else { return Ok(None) };
                if let Some(message) = by_id(sql, conversation, id)? {
                    return Ok(Some(Ok(Posted::repeated(message, place))));
                }
                let uploader = attachments::Author::Operator(operator.id);
                let unknown =
                    attachments::unknown(sql, uploader, Some(conversation), &attachments)?;
                if let Some(unknown) = unknown {
                    return Ok(Some(Err(unknown)));
                }
                set_operator(sql, conversation, Some(&operator.name))?;
                turns::cancel(sql, conversation, now)?;
                let author = Author::Operator { name: operator.name };
                let mut message = append(sql, conversation, id, author, text, now)?;
                message.attachments =
                    attachments::send(sql, uploader, conversation, id, &attachments)?;
                mark_answered(sql, conversation, message.seq)?;
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
        self.database
            .write(move |sql| {
                sql.lock(Lock::Conversation(conversation))?;
                let Some(place) = place(sql, workspace, conversation)? else { return Ok(None) };
                set_operator(sql, conversation, Some(&operator))?;
                turns::cancel(sql, conversation, now)?;
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
        self.database
            .write(move |sql| {
                sql.lock(Lock::Conversation(conversation))?;
                let Some(place) = place(sql, workspace, conversation)? else { return Ok(None) };
                set_operator(sql, conversation, None)?;
                if has_unanswered(sql, conversation)? {
                    plan.language = turns::latest_language(sql, conversation)?;
                    turns::plan(sql, conversation, &plan, now, now)?;
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
        self.database
            .read(move |sql| match of_visitor(sql, &visitor)? {
                Some(id) => {
                    let mut conversation = snapshot(sql, id)?;
                    sources::citations(sql, id)?.reduce(&mut conversation.messages);
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
        self.database
            .read(move |sql| match of_visitor(sql, &visitor)? {
                Some(id) => {
                    let mut page = page_before(sql, id, before)?;
                    sources::citations(sql, id)?.reduce(&mut page.messages);
                    Ok(page)
                }
                None => Ok(OlderMessages { messages: Vec::new(), has_older: false }),
            })
            .await
    }
}

/// A conversation's newest page, as the console sees it and without a draft: drafts live in the hub.
pub(crate) fn snapshot(
    sql: &dyn Sql,
    conversation: ConversationId,
) -> Result<Conversation, StoreError> {
    let OlderMessages { messages, has_older } = page_before(sql, conversation, i64::MAX)?;
    let handling = handling(sql, conversation)?;
    Ok(Conversation { messages, has_older, handling, draft: None })
}

/// Up to [`PAGE_MESSAGES`] messages before a `seq`, in rising order, as the console sees them.
pub(crate) fn page_before(
    sql: &dyn Sql,
    conversation: ConversationId,
    before: i64,
) -> Result<OlderMessages, StoreError> {
    let one_more = PAGE_MESSAGES as i64 + 1;
    let mut messages = sql.rows(
        "SELECT id, seq, author, author_name, text, created_at FROM message
         WHERE conversation_id = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3",
        params![conversation, before, one_more],
        row::message,
    )?;
    let has_older = messages.len() > PAGE_MESSAGES;
    messages.truncate(PAGE_MESSAGES);
    messages.reverse();
    attachments::fill(sql, conversation, &mut messages)?;
    sources::attach(sql, conversation, &mut messages)?;
    Ok(OlderMessages { messages, has_older })
}

/// Adds a message at the end of a conversation, which is locked.
pub(crate) fn append(
    sql: &dyn Sql,
    conversation: ConversationId,
    id: MessageId,
    author: Author,
    text: String,
    now: Timestamp,
) -> Result<Message, StoreError> {
    let seq: i64 = sql.only_value(
        "UPDATE conversation SET last_seq = last_seq + 1, updated_at = ?1, failure = NULL
         WHERE id = ?2 RETURNING last_seq",
        params![now, conversation],
    )?;
    let (kind, name) = row::author_columns(&author);
    sql.execute(
        "INSERT INTO message (conversation_id, seq, id, author, author_name, text, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![conversation, seq, id, kind, name, text, now],
    )?;
    let (attachments, sources) = (Vec::new(), Vec::new());
    Ok(Message { id, seq, author, text, attachments, created_at: now, sources })
}

pub(crate) fn by_id(
    sql: &dyn Sql,
    conversation: ConversationId,
    id: MessageId,
) -> Result<Option<Message>, StoreError> {
    let found = sql.row(
        "SELECT id, seq, author, author_name, text, created_at FROM message
         WHERE conversation_id = ?1 AND id = ?2",
        params![conversation, id],
        row::message,
    )?;
    let Some(mut message) = found else { return Ok(None) };
    attachments::fill(sql, conversation, std::slice::from_mut(&mut message))?;
    Ok(Some(message))
}

/// What was asked up to a `seq` counts as answered.
pub(crate) fn mark_answered(
    sql: &dyn Sql,
    conversation: ConversationId,
    seq: i64,
) -> Result<(), StoreError> {
    sql.execute(
        "UPDATE conversation SET answered_seq = ?1 WHERE id = ?2 AND answered_seq < ?1",
        params![seq, conversation],
    )?;
    Ok(())
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

/// Stores a visitor's message in the conversation, which is locked, or in a new one.
fn post(
    sql: &dyn Sql,
    new: NewMessage,
    conversation: Option<ConversationId>,
    worker: &str,
) -> Result<Attempt<VisitorPost>, StoreError> {
    if let Some(unknown) = unknown_attachment(sql, &new, conversation)? {
        return Ok(Attempt::Done(Err(unknown)));
    }
    let about = (new.name.as_deref(), new.email.as_deref());
    let key_hash = new.key_hash.as_deref();
    // From here on whoever stores another first message of the visitor waits.
    let visitor = visitors::find_or_add(sql, &new.visitor, key_hash, about, new.now)?;
    let conversation = match conversation {
        Some(conversation) => conversation,
        None => match begin(sql, &new, visitor)? {
            Some(conversation) => conversation,
            None => return Ok(Attempt::Again),
        },
    };
    let place = ConversationPlace { workspace: new.workspace, conversation, visitor: new.visitor };
    if let Some(message) = by_id(sql, conversation, new.id)? {
        return Ok(Attempt::Done(Ok((Posted::repeated(message, place), None))));
    }
    let mut message = append(sql, conversation, new.id, Author::Visitor, new.text, new.now)?;
    let author = attachments::Author::Visitor(visitor);
    message.attachments = attachments::send(sql, author, conversation, new.id, &new.attachments)?;
    let (mut superseded, mut claimed) = (None, None);
    if handling(sql, conversation)? == Handling::Agent {
        superseded = turns::supersede(sql, conversation, new.now)?;
        let asked_at = superseded.as_ref().map_or(new.now, |turn| turn.asked_at);
        turns::plan(sql, conversation, &new.turn, asked_at, new.now)?;
        if new.claim {
            claimed = turns::claim_planned(sql, conversation, new.turn.id, worker, new.now)?;
        }
    }
    Ok(Attempt::Done(Ok((Posted { message, place, is_new: true, superseded }, claimed))))
}

/// The first attachment of a new message that is not the visitor's to send. A repeat of a message
/// is none of these: what came with it was sent with it.
fn unknown_attachment(
    sql: &dyn Sql,
    new: &NewMessage,
    conversation: Option<ConversationId>,
) -> Result<Option<UnknownAttachment>, StoreError> {
    if new.attachments.is_empty() {
        return Ok(None);
    }
    let Some(visitor) = visitors::find(sql, &new.visitor)? else {
        return Ok(Some(UnknownAttachment(0)));
    };
    if let Some(conversation) = conversation
        && by_id(sql, conversation, new.id)?.is_some()
    {
        return Ok(None);
    }
    let author = attachments::Author::Visitor(visitor);
    attachments::unknown(sql, author, conversation, &new.attachments)
}

/// Makes a visitor's conversation. `None`: since it was looked for, another writer has made it.
fn begin(
    sql: &dyn Sql,
    new: &NewMessage,
    visitor: i64,
) -> Result<Option<ConversationId>, StoreError> {
    let begun: Option<ConversationId> = sql.value(
        "INSERT INTO conversation
             (id, workspace_id, channel_id, visitor_id, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (visitor_id) DO NOTHING
         RETURNING id",
        params![new.conversation, new.workspace, new.visitor.channel, visitor, new.now],
    )?;
    if let Some(conversation) = begun {
        // Nobody else sees it yet, so this does not wait.
        sql.lock(Lock::Conversation(conversation))?;
    }
    Ok(begun)
}

fn handling(sql: &dyn Sql, conversation: ConversationId) -> Result<Handling, StoreError> {
    let operator: Option<String> =
        sql.only_value("SELECT operator FROM conversation WHERE id = ?1", params![conversation])?;
    Ok(match operator {
        Some(name) => Handling::Operator { name },
        None if hand_over::is_awaited(sql, conversation)? => Handling::Awaited,
        None => Handling::Agent,
    })
}

/// Whoever decides about a conversation has seen that a person was wanted.
fn set_operator(
    sql: &dyn Sql,
    conversation: ConversationId,
    operator: Option<&str>,
) -> Result<(), StoreError> {
    hand_over::settle(sql, conversation)?;
    sql.execute(
        "UPDATE conversation SET operator = ?1 WHERE id = ?2",
        params![operator, conversation],
    )?;
    Ok(())
}

pub(crate) fn has_unanswered(
    sql: &dyn Sql,
    conversation: ConversationId,
) -> Result<bool, StoreError> {
    sql.only_value(
        "SELECT EXISTS (
             SELECT 1 FROM message JOIN conversation ON conversation.id = message.conversation_id
             WHERE conversation.id = ?1 AND message.seq > conversation.answered_seq
                 AND message.author = 'visitor')",
        params![conversation],
    )
}
