//! Writing in conversations: visitors, operators, and who of agent and person answers.

use cavuer_protocol::{
    AttachmentId, Author, ConversationId, Handling, Message, MessageId, Timestamp, UserId,
    WorkspaceId,
};

use crate::attachments::{self, UnknownAttachment};
use crate::conversations::{append, by_id, handling, has_unanswered, mark_answered};
use crate::locking::Attempt;
use crate::places::{ConversationPlace, of_visitor, place};
use crate::sql::{Lock, Sql, params};
use crate::turns::{self, ClaimedTurn, Superseded, TurnPlan};
use crate::visitors::{self, VisitorIdentity};
use crate::{Store, StoreError, hand_over};

/// A visitor's message on its way into the store.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// The channel's.
    pub workspace: WorkspaceId,
    /// Who writes; stored with the message if nobody is known by it yet.
    pub visitor: VisitorIdentity,
    /// For a guest: SHA-256 of the key, stored with the first message.
    pub key_hash: Option<Vec<u8>>,
    /// What the site says; `None` leaves what is stored.
    pub name: Option<String>,
    /// What the site says; `None` leaves what is stored.
    pub email: Option<String>,
    /// Taken if the visitor has no conversation yet.
    pub conversation: ConversationId,
    /// Made by the client; with an id that the conversation has already it is a repeat.
    pub id: MessageId,
    /// Ready to be kept; empty only beside attachments.
    pub text: String,
    /// Uploads of the same visitor.
    pub attachments: Vec<AttachmentId>,
    /// When it counts as written; the agent's delay is counted from there.
    pub now: Timestamp,
    /// Its ids are not used if a turn waits already, or if the agent is silent for a person.
    pub turn: TurnPlan,
    /// Whether work on the answer can begin as soon as the message is on disk: then a turn that
    /// is due at once is claimed in the same transaction.
    pub claim: bool,
}

/// A person of the workspace who writes to a visitor.
#[derive(Clone, Debug)]
pub struct Operator {
    /// The message may carry this person's uploads.
    pub id: UserId,
    /// As visitors see it.
    pub name: String,
}

/// A message that is on disk.
#[derive(Clone, Debug)]
pub struct Posted {
    /// With its attachments, but without what it is from: agents' answers are not posted.
    pub message: Message,
    /// Whom to tell of it.
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
                let uploader = attachments::UploadOwner::Operator(operator.id);
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
    let author = attachments::UploadOwner::Visitor(visitor);
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
    let author = attachments::UploadOwner::Visitor(visitor);
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
