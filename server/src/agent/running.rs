use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cavuer_protocol::{ConversationId, TurnId};
use tokio_util::sync::CancellationToken;

/// The turns that this process works on now.
#[derive(Default)]
pub struct RunningTurns(Mutex<HashMap<TurnId, (ConversationId, CancellationToken)>>);

impl RunningTurns {
    /// Stops the work on a conversation's answer, because a person took over.
    pub fn cancel(&self, conversation: ConversationId) {
        for (of, token) in self.lock().values() {
            if *of == conversation {
                token.cancel();
            }
        }
    }

    /// The turns in work.
    pub fn ids(&self) -> Vec<TurnId> {
        self.lock().keys().copied().collect()
    }

    /// Notes that work on a turn begins; the token stops it.
    pub(super) fn begin(&self, turn: TurnId, conversation: ConversationId) -> CancellationToken {
        let token = CancellationToken::new();
        self.lock().insert(turn, (conversation, token.clone()));
        token
    }

    pub(super) fn end(&self, turn: TurnId) {
        self.lock().remove(&turn);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TurnId, (ConversationId, CancellationToken)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
