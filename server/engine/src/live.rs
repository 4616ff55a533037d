//! Live events: numbered, kept for a while, and replayed to whoever reconnects.
//!
//! Numbers rise over all topics together. A client names the last one that it saw; if the hub
//! still has everything since, it goes on there, and otherwise the client gets a snapshot first.
//! Live delivery and replay are the same code: a subscription is a place in a topic's queue.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cavuer_protocol::console::ConsoleEvent;
use cavuer_protocol::{ChannelId, ConversationEvent, Draft, Timestamp, WorkspaceId};
use tokio::sync::watch;

use cavuer_base::citations::Citations;
use cavuer_base::random::Random;
use cavuer_store::{ConversationPlace, VisitorIdentity};

/// Events that a topic keeps for those who reconnect.
const KEPT: usize = 512;
/// How long a topic without listeners is kept, in milliseconds.
const QUIET_MILLIS: i64 = 120_000;

/// The live events of this process; cheap to clone.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

/// One event, ready for the wire.
#[derive(Clone, Debug)]
pub struct Numbered {
    /// The stream's event id: `{epoch}-{number}`.
    pub id: String,
    /// A [`ConversationEvent`] or a [`ConsoleEvent`], written out once for all who listen.
    pub json: Arc<str>,
}

/// What a subscription yields.
#[derive(Clone, Debug)]
pub enum Next {
    /// What follows the last one without a gap.
    Event(Numbered),
    /// Events are missing: call [`Subscription::catch_up`] and send a snapshot.
    Gap,
}

/// Where a subscription stands after [`Subscription::catch_up`].
#[derive(Clone, Debug)]
pub struct StreamPosition {
    /// The event id under which the snapshot is sent.
    pub id: String,
    /// The answer that is being written at that place.
    pub draft: Option<Draft>,
}

/// A listener's place in a topic.
pub struct Subscription {
    hub: Live,
    topic: TopicKey,
    /// The last number that was delivered; `None` before the first snapshot.
    seen: Option<u64>,
    changed: watch::Receiver<()>,
}

struct Inner {
    /// Tells this run of the program from earlier ones, whose numbers mean nothing now.
    epoch: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: u64,
    topics: HashMap<TopicKey, Topic>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum TopicKey {
    Visitor(VisitorIdentity),
    Workspace(WorkspaceId),
}

struct Topic {
    /// Everything after this number is in `events`.
    complete_after: u64,
    events: VecDeque<(u64, Arc<str>)>,
    draft: Option<Draft>,
    changed: watch::Sender<()>,
    touched: Timestamp,
}

impl Live {
    pub(crate) fn new(random: &Random) -> Self {
        Self(Arc::new(Inner { epoch: random.token("", 8), state: Mutex::default() }))
    }

    /// Tells a conversation's visitor and the consoles of its workspace what happened. What
    /// messages are from is told to the consoles alone.
    pub(crate) fn publish(
        &self,
        place: &ConversationPlace,
        event: &ConversationEvent,
        now: Timestamp,
    ) {
        self.publish_citing(place, event, Citations::Hidden, now);
    }

    /// The same, and the visitor may be told what messages are from.
    pub(crate) fn publish_citing(
        &self,
        place: &ConversationPlace,
        event: &ConversationEvent,
        citations: Citations,
        now: Timestamp,
    ) {
        let for_visitor = TopicKey::Visitor(place.visitor.clone());
        let mut state = self.state();
        state.draw(&for_visitor, event, now);
        state.push(for_visitor, citations.for_visitors(event).as_ref(), now);
        let for_consoles = TopicKey::Workspace(place.workspace);
        if state.topics.contains_key(&for_consoles) {
            let event = ConsoleEvent::InConversation {
                conversation: place.conversation,
                event: event.clone(),
            };
            state.push(for_consoles, &event, now);
        }
    }

    /// Whether a console of the workspace listens, or did lately and may come back.
    pub(crate) fn has_consoles(&self, workspace: WorkspaceId) -> bool {
        self.state().topics.contains_key(&TopicKey::Workspace(workspace))
    }

    /// Tells the consoles of a workspace. Nothing is kept while none has listened lately.
    pub(crate) fn publish_to_consoles(
        &self,
        workspace: WorkspaceId,
        event: &ConsoleEvent,
        now: Timestamp,
    ) {
        let topic = TopicKey::Workspace(workspace);
        let mut state = self.state();
        if state.topics.contains_key(&topic) {
            state.push(topic, event, now);
        }
    }

    /// Tells a visitor alone, for example after conversations were merged.
    pub(crate) fn publish_to_visitor(
        &self,
        visitor: &VisitorIdentity,
        event: &ConversationEvent,
        now: Timestamp,
    ) {
        self.state().push(TopicKey::Visitor(visitor.clone()), event, now);
    }

    /// Drops what was told in a conversation that is gone, so that nobody who reconnects is told
    /// it again. The visitor's listeners get a gap: the store says what there is now.
    pub(crate) fn forget(&self, place: &ConversationPlace) {
        let mut state = self.state();
        state.last += 1;
        let last = state.last;
        if let Some(topic) = state.topics.get_mut(&TopicKey::Visitor(place.visitor.clone())) {
            topic.draft = None;
            topic.drop_events(last);
        }
        if let Some(topic) = state.topics.get_mut(&TopicKey::Workspace(place.workspace)) {
            // A console that has heard everything goes on without a gap.
            let told = topic.events.back().map_or(topic.complete_after, |(number, _)| *number);
            topic.drop_events(told);
        }
    }

    /// Drops what was told to the visitors of these channels, because they may be told less or
    /// more of it now. Those who listen get a gap: the store says what they may see.
    pub(crate) fn retell(&self, channels: &[ChannelId]) {
        let mut state = self.state();
        state.last += 1;
        let last = state.last;
        for (key, topic) in &mut state.topics {
            if let TopicKey::Visitor(visitor) = key
                && channels.contains(&visitor.channel)
            {
                topic.drop_events(last);
            }
        }
    }

    /// The answer that is being written for a visitor at this moment.
    pub fn draft(&self, visitor: &VisitorIdentity) -> Option<Draft> {
        let state = self.state();
        state.topics.get(&TopicKey::Visitor(visitor.clone()))?.draft.clone()
    }

    /// Listens to a visitor's conversation, going on after `last_event_id` where possible.
    pub fn subscribe_visitor(
        &self,
        visitor: VisitorIdentity,
        last_event_id: Option<&str>,
        now: Timestamp,
    ) -> Subscription {
        self.subscribe(TopicKey::Visitor(visitor), last_event_id, now)
    }

    /// Listens to everything in a workspace, going on after `last_event_id` where possible.
    pub fn subscribe_workspace(
        &self,
        workspace: WorkspaceId,
        last_event_id: Option<&str>,
        now: Timestamp,
    ) -> Subscription {
        self.subscribe(TopicKey::Workspace(workspace), last_event_id, now)
    }

    /// Forgets topics that nobody listens to and nothing happens in.
    pub(crate) fn sweep(&self, now: Timestamp) {
        self.state().topics.retain(|_, topic| {
            topic.changed.receiver_count() > 0
                || topic.draft.is_some()
                || now.millis_since(topic.touched) < QUIET_MILLIS
        });
    }

    fn subscribe(
        &self,
        topic: TopicKey,
        last_event_id: Option<&str>,
        now: Timestamp,
    ) -> Subscription {
        let mut state = self.state();
        let last = state.last;
        let seen = last_event_id.and_then(|id| self.number(id)).filter(|number| *number <= last);
        let changed = state.topic(topic.clone(), now).changed.subscribe();
        drop(state);
        Subscription { hub: self.clone(), topic, seen, changed }
    }

    fn number(&self, event_id: &str) -> Option<u64> {
        let (epoch, number) = event_id.rsplit_once('-')?;
        (epoch == self.0.epoch).then(|| number.parse().ok())?
    }

    fn event_id(&self, number: u64) -> String {
        format!("{}-{number}", self.0.epoch)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscription {
    /// Waits for the next event, or for the news that some are missing.
    pub async fn next(&mut self) -> Next {
        loop {
            self.changed.mark_unchanged();
            match self.poll() {
                Some(next) => return next,
                // The hub holds the sender as long as this subscription exists.
                None => drop(self.changed.changed().await),
            }
        }
    }

    /// Takes the present as the place to go on from, and says what a snapshot of it needs.
    /// Read the store after this call, not before: events in between are delivered again.
    pub fn catch_up(&mut self) -> StreamPosition {
        let state = self.hub.state();
        self.seen = Some(state.last);
        StreamPosition {
            id: self.hub.event_id(state.last),
            draft: state.topics.get(&self.topic).and_then(|topic| topic.draft.clone()),
        }
    }

    fn poll(&mut self) -> Option<Next> {
        let state = self.hub.state();
        let Some((seen, topic)) = self.seen.zip(state.topics.get(&self.topic)) else {
            return Some(Next::Gap);
        };
        if seen < topic.complete_after {
            return Some(Next::Gap);
        }
        let at = topic.events.partition_point(|(number, _)| *number <= seen);
        let (number, json) = topic.events.get(at)?;
        let event = Numbered { id: self.hub.event_id(*number), json: Arc::clone(json) };
        self.seen = Some(*number);
        Some(Next::Event(event))
    }
}

impl State {
    /// The topic, made now if need be: of what was before, it knows nothing.
    fn topic(&mut self, key: TopicKey, now: Timestamp) -> &mut Topic {
        let last = self.last;
        let topic = self.topics.entry(key).or_insert_with(|| Topic {
            complete_after: last,
            events: VecDeque::new(),
            draft: None,
            changed: watch::Sender::new(()),
            touched: now,
        });
        topic.touched = now;
        topic
    }

    fn push(&mut self, key: TopicKey, event: &impl serde::Serialize, now: Timestamp) {
        // The protocol's own types always serialise.
        let json: Arc<str> = serde_json::to_string(event).unwrap_or_default().into();
        let number = self.last + 1;
        let topic = self.topic(key, now);
        topic.events.push_back((number, json));
        if topic.events.len() > KEPT
            && let Some((dropped, _)) = topic.events.pop_front()
        {
            topic.complete_after = dropped;
        }
        topic.changed.send_replace(());
        self.last = number;
    }

    /// Keeps the visitor's draft up to date, with the same rules that clients follow.
    fn draw(&mut self, key: &TopicKey, event: &ConversationEvent, now: Timestamp) {
        if matches!(event, ConversationEvent::Snapshot { .. }) {
            return;
        }
        let topic = self.topic(key.clone(), now);
        let mut conversation =
            cavuer_protocol::Conversation { draft: topic.draft.take(), ..Default::default() };
        conversation.apply(event.clone());
        topic.draft = conversation.draft;
    }
}

impl Topic {
    /// Forgets the events; whoever has not come as far as this number has a gap.
    fn drop_events(&mut self, complete_after: u64) {
        self.events.clear();
        self.complete_after = complete_after;
        self.changed.send_replace(());
    }
}

#[cfg(test)]
mod tests;
