//! A kind of channel that nobody has heard of: carrier pigeons, in this one file. No other file
//! knows them, so whatever works here works for the next kind, too.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cavuer_engine::channel_kinds::{ChannelKind, Undelivered};
use cavuer_engine::conversations::{Incoming, Sender, visitor_says};
use cavuer_protocol::widget::PostMessage;
use cavuer_protocol::{ChannelId, Message, MessageId, Timestamp, WorkspaceId, notice};
use cavuer_store::{
    ChannelRecord, Delivery, NewChannelRecord, OutboxCounts, VisitorIdentity, VisitorKind,
};
use futures::future::BoxFuture;
use reqwest::Method;
use tokio::sync::watch;

use crate::support::{Setup, Shop, TestServer, in_time, message_id};

/// What becomes of the next flights; without a plan a pigeon arrives.
#[derive(Default)]
struct Pigeons {
    plans: Mutex<VecDeque<Undelivered>>,
    arrived: watch::Sender<Vec<(VisitorIdentity, Message)>>,
    lost: watch::Sender<usize>,
}

impl ChannelKind for Pigeons {
    fn word(&self) -> &'static str {
        "pigeon"
    }

    fn deliver<'a>(&'a self, delivery: &'a Delivery) -> BoxFuture<'a, Result<(), Undelivered>> {
        Box::pin(async move {
            if let Some(lost) = self.plans.lock().unwrap().pop_front() {
                self.lost.send_modify(|lost| *lost += 1);
                return Err(lost);
            }
            let flight = (delivery.place.visitor.clone(), delivery.message.clone());
            self.arrived.send_modify(|arrived| arrived.push(flight));
            Ok(())
        })
    }
}

impl Pigeons {
    fn will_be_lost(&self, for_good: bool) {
        let lost = Undelivered { reason: notice::verbatim("A hawk."), for_good };
        self.plans.lock().unwrap().push_back(lost);
    }

    /// The messages that have arrived for somebody, once there are so many.
    async fn arrived(&self, count: usize) -> Vec<(VisitorIdentity, Message)> {
        let mut arrived = self.arrived.subscribe();
        let enough = arrived.wait_for(|arrived| arrived.len() >= count);
        in_time("a pigeon", enough).await.unwrap().clone()
    }

    async fn lost(&self, count: usize) {
        let mut lost = self.lost.subscribe();
        in_time("a hawk", lost.wait_for(|lost| *lost >= count)).await.unwrap();
    }
}

/// A shop with a loft beside its site.
struct Loft {
    server: TestServer,
    shop: Shop,
    channel: ChannelRecord,
    pigeons: Arc<Pigeons>,
}

impl Loft {
    async fn open() -> Self {
        let pigeons = Arc::new(Pigeons::default());
        let kind = Arc::clone(&pigeons) as Arc<dyn ChannelKind>;
        let setup = Setup { channel_kinds: [kind].into_iter().collect(), ..Setup::default() };
        let server = setup.start().await;
        let shop = server.shop().await;
        shop.owner.add_article(shop.agent.id, "Delivery", "Delivery takes two days.").await;
        let new = NewChannelRecord {
            id: ChannelId::from_parts(1, &[7; 10]),
            agent: shop.agent.id,
            kind: "pigeon".to_owned(),
            has_outbox: true,
            name: "Loft".to_owned(),
            enabled: true,
            created_at: Timestamp(1),
        };
        let workspace: WorkspaceId = shop.owner.workspace;
        let channel = server.engine().store.create_channel(workspace, new).await.unwrap();
        Self { channel: channel.unwrap(), server, shop, pigeons }
    }

    /// A message that a pigeon has brought.
    async fn comes(&self, id: MessageId, text: &str) -> Message {
        let visitor = VisitorIdentity {
            channel: self.channel.id,
            kind: VisitorKind::User,
            public_id: "the old lighthouse".to_owned(),
        };
        let incoming = Incoming {
            channel: self.channel.clone(),
            sender: Sender { visitor, key_hash: None, name: None, email: None },
            id,
            text: text.to_owned(),
            attachments: Vec::new(),
            language: "en".to_owned(),
        };
        visitor_says(&self.server.engine().conversations, incoming).await.unwrap()
    }

    async fn outbox(&self) -> OutboxCounts {
        self.server.engine().store.count_outbox().await.unwrap()
    }
}

#[tokio::test]
async fn a_question_comes_in_and_its_answer_goes_out() {
    let loft = Loft::open().await;
    let id = message_id();
    loft.comes(id, "How long does delivery take?").await;
    // Another pigeon brings the same once more.
    loft.comes(id, "How long does delivery take?").await;
    let arrived = loft.pigeons.arrived(1).await;
    assert_eq!(arrived.len(), 1);
    assert_eq!(arrived[0].0.public_id, "the old lighthouse");
    assert!(arrived[0].1.text.contains("two days"), "{arrived:?}");
    // The console sees the conversation like any other, and what a person writes goes out, too.
    let conversation = loft.shop.owner.only_conversation().await.id;
    let path = format!("conversations/{conversation}/messages");
    let post =
        PostMessage { id: message_id(), text: "By bicycle.".to_owned(), attachments: Vec::new() };
    let request = loft.shop.owner.in_workspace(Method::POST, &path).json(&post);
    assert!(request.send().await.unwrap().status().is_success());
    assert_eq!(loft.pigeons.arrived(2).await[1].1.text, "By bicycle.");
    loft.server.stop().await;
}

#[tokio::test]
async fn what_does_not_arrive_is_tried_again_later() {
    let loft = Loft::open().await;
    loft.pigeons.will_be_lost(false);
    loft.comes(message_id(), "How long does delivery take?").await;
    loft.pigeons.lost(1).await;
    assert_eq!(loft.outbox().await, OutboxCounts { waiting: 1, dead: 0 });
    loft.server.clock.advance(Duration::from_secs(120));
    assert_eq!(loft.pigeons.arrived(1).await.len(), 1);
    loft.server.stop().await;
}

#[tokio::test]
async fn what_can_never_arrive_is_given_up_and_holds_nothing_else_up() {
    let loft = Loft::open().await;
    loft.pigeons.will_be_lost(true);
    loft.comes(message_id(), "How long does delivery take?").await;
    loft.pigeons.lost(1).await;
    loft.comes(message_id(), "And how long does delivery take on Sunday?").await;
    let arrived = loft.pigeons.arrived(1).await;
    assert_eq!(arrived.len(), 1);
    assert_eq!(loft.outbox().await.dead, 1);
    let metrics = loft.server.get("/metrics").await.body;
    assert!(metrics.contains("cavuer_given_up_deliveries_total 1\n"), "{metrics}");
    loft.server.stop().await;
}

#[tokio::test]
async fn the_widget_puts_nothing_in_the_outbox() {
    let loft = Loft::open().await;
    loft.shop.guest().await.ask("How long does delivery take?").await;
    assert_eq!(loft.outbox().await, OutboxCounts::default());
    loft.server.stop().await;
}
