use cavuer_protocol::console::{
    ConversationDetail, ConversationList, ConversationSummary, PersonWanted, Visitor,
};
use cavuer_protocol::notice::Notice;
use cavuer_protocol::widget::OlderMessages;
use cavuer_protocol::{Conversation, Draft};
use cavuer_store::{
    ConversationLine, ConversationPage, ListedConversation, MessagePage, StoredConversation,
    VisitorKind, VisitorRecord, WishForPerson,
};

/// A conversation as clients hold it, with the answer that is being written, unless that is
/// finished and among the messages by now.
pub fn conversation(stored: StoredConversation, draft: Option<Draft>) -> Conversation {
    let StoredConversation { newest: MessagePage { messages, has_older }, handling } = stored;
    let draft = draft.filter(|draft| messages.iter().all(|known| known.id != draft.message_id));
    Conversation { messages, has_older, handling, draft }
}

/// A conversation as the console opens it; the draft as for [`conversation`].
pub fn conversation_detail(stored: ListedConversation, draft: Option<Draft>) -> ConversationDetail {
    ConversationDetail {
        summary: conversation_summary(stored.line),
        conversation: conversation(stored.conversation, draft),
    }
}

/// One page of a workspace's conversations.
pub fn conversation_list(stored: ConversationPage) -> ConversationList {
    let conversations = stored.conversations.into_iter().map(conversation_summary).collect();
    ConversationList { conversations, next: stored.next }
}

/// A conversation's line in the list.
pub fn conversation_summary(stored: ConversationLine) -> ConversationSummary {
    let (failure, failure_notice) = Notice::told_if_any(stored.failure);
    ConversationSummary {
        id: stored.id,
        channel: stored.channel,
        channel_name: stored.channel_name,
        agent_name: stored.agent_name,
        visitor: visitor(stored.visitor),
        handling: stored.handling,
        preview: stored.preview,
        updated_at: stored.updated_at,
        failure,
        failure_notice,
        person_wanted: stored.wish.map(person_wanted),
    }
}

/// Messages before those that a client has.
pub fn older_messages(stored: MessagePage) -> OlderMessages {
    let MessagePage { messages, has_older } = stored;
    OlderMessages { messages, has_older }
}

fn visitor(stored: VisitorRecord) -> Visitor {
    let VisitorRecord { kind, public_id, name, email } = stored;
    Visitor { id: public_id, verified: kind == VisitorKind::User, name, email }
}

fn person_wanted(stored: WishForPerson) -> PersonWanted {
    let WishForPerson { since, reason, until } = stored;
    PersonWanted::new(since, reason, until)
}
