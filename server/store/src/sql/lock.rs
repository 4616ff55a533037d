use std::cell::RefCell;
use std::collections::BTreeSet;

use cavuer_protocol::{ArticleId, ChannelId, ConversationId, WorkspaceId};

/// What a writer keeps others from. The order of the variants, and of the ids within one, is the
/// order in which locks are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lock {
    /// Making accounts: whether one is the first, and whether an address is free.
    Accounts,
    /// What a workspace has: its agents, channels, functions, providers and choice of a model.
    Workspace(WorkspaceId),
    /// A conversation with its messages, turns, calls and uploads: its row.
    Conversation(ConversationId),
    /// What a channel has spent today.
    ChannelDay(ChannelId),
    /// An article with its passages.
    Article(ArticleId),
    /// The vectors of one choice of a model, whose ids are to be committed in order.
    Vectors(i64),
    /// The numbers of passages, which follow each other.
    PassageNumbers,
}

/// The locks of one transaction, which were taken in order.
#[derive(Debug, Default)]
pub(crate) struct Locks(RefCell<BTreeSet<Lock>>);

impl Locks {
    /// Notes a lock. The same again is none.
    ///
    /// # Panics
    /// In a debug build, if the order is broken: two writers could wait for each other.
    pub(crate) fn take(&self, lock: Lock) {
        let mut taken = self.0.borrow_mut();
        if taken.contains(&lock) {
            return;
        }
        debug_assert!(
            taken.last().is_none_or(|latest| *latest < lock),
            "{lock:?} is locked after {taken:?}"
        );
        taken.insert(lock);
    }

    /// Whether any conversation is locked.
    pub(crate) fn has_conversation(&self) -> bool {
        self.0.borrow().iter().any(|lock| matches!(lock, Lock::Conversation(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_lock_again_is_none() {
        let locks = Locks::default();
        locks.take(Lock::Accounts);
        locks.take(Lock::PassageNumbers);
        locks.take(Lock::Accounts);
        assert!(!locks.has_conversation());
    }

    #[test]
    #[should_panic(expected = "is locked after")]
    fn locks_are_taken_in_one_order() {
        let locks = Locks::default();
        locks.take(Lock::PassageNumbers);
        locks.take(Lock::Accounts);
    }
}
