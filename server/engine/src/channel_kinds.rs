//! Kinds of channels, as far as the engine knows them: how what agents and people say reaches
//! whoever waits for it. The widget is none of these, because it listens to live events.

use std::sync::Arc;

use cavuer_protocol::notice::Notice;
use cavuer_store::Delivery;
use futures::future::BoxFuture;

/// A kind of channel whose answers are brought, by way of the outbox.
pub trait ChannelKind: Send + Sync {
    /// The word that is stored for it.
    fn word(&self) -> &'static str;

    /// Brings one message. It may be brought again although it has arrived, for example after a
    /// crash: whoever gets it knows a repeat by the message's id.
    fn deliver<'a>(&'a self, delivery: &'a Delivery) -> BoxFuture<'a, Result<(), Undelivered>>;
}

/// Why a message has not arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undelivered {
    /// For logs and for the owner.
    pub reason: Notice,
    /// Whether it is of no use to try again.
    pub for_good: bool,
}

/// All kinds that this server knows.
#[derive(Clone, Default)]
pub struct ChannelKinds(Arc<[Arc<dyn ChannelKind>]>);

impl ChannelKinds {
    /// A kind by its word.
    pub(crate) fn get(&self, word: &str) -> Option<Arc<dyn ChannelKind>> {
        self.0.iter().find(|kind| kind.word() == word).cloned()
    }

    /// Whether there is none, so that nothing is ever in the outbox.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Arc<dyn ChannelKind>> for ChannelKinds {
    fn from_iter<T: IntoIterator<Item = Arc<dyn ChannelKind>>>(kinds: T) -> Self {
        Self(kinds.into_iter().collect())
    }
}
