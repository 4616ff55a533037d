//! Search by meaning, with a provider that makes vectors.

use std::time::Duration;

use cavuer_models::Timeouts;
use cavuer_protocol::ArticleId;
use cavuer_protocol::console::{
    AgentChanges, Article, ConsoleEvent, MeaningSearch, MeaningState, MeaningTried, NewArticle,
    Provider,
};
use cavuer_tests::provider::{Meanings, ScriptedProvider};
use reqwest::Method;
use serde_json::json;

use crate::support::{Owner, Reply, Setup, Shop, TestServer};

const MODEL: &str = "openai/model-one";
/// A question without a word of the passage that answers it.
const QUESTION: &str = "Where can I put my vehicle?";
const PARKING: &str = "Visitors find free garage spaces behind the building.";
/// Has more of the question's words than the passage that answers.
const PUTTING: &str = "We put our heart into every cup.";

/// A server with a provider, and a shop whose agent shows in its prompt what was found.
async fn shop(provider: &ScriptedProvider, timeouts: Timeouts) -> (TestServer, Shop) {
    let setup = Setup { timeouts, ..Setup::default() };
    let server = setup.with_provider(provider).start().await;
    let shop = server.shop_with(MODEL).await;
    (server, shop)
}

async fn add(owner: &Owner, title: &str, content: &str) -> ArticleId {
    let new = NewArticle { title: title.to_owned(), content: content.to_owned() };
    let article: Article = owner.post("articles", &new).await;
    owner.until_indexed(article.id).await.id
}

async fn link(shop: &Shop, articles: Vec<ArticleId>) {
    let changes = AgentChanges { articles: Some(articles), ..Default::default() };
    shop.owner.change_agent(shop.agent.id, &changes).await;
}

async fn choose(owner: &Owner, model: Option<&str>) -> MeaningSearch {
    let body = json!({ "model": model });
    Reply::to(owner.in_workspace(Method::PUT, "meaning").json(&body)).await.json()
}

/// Waits until search by meaning stands as wanted.
async fn until(owner: &Owner, wanted: impl Fn(&MeaningSearch) -> bool) -> MeaningSearch {
    let mut events = owner.events().await;
    let mut search: MeaningSearch = owner.get("meaning").await;
    while !wanted(&search) {
        if let ConsoleEvent::MeaningSearchChanged { search: news } =
            events.next().await.expect("the stream goes on")
        {
            search = news;
        }
    }
    search
}

async fn until_ready(owner: &Owner, passages: u32) -> MeaningSearch {
    until(owner, |search| search.state == MeaningState::Ready && search.prepared == passages).await
}

/// What the model is shown of the articles when a visitor asks.
async fn shown(shop: &Shop, provider: &ScriptedProvider, question: &str) -> String {
    shop.guest().await.ask(question).await;
    provider.requests().pop().expect("the model was asked").system()
}

#[tokio::test]
async fn other_words_of_the_same_meaning_are_found_only_by_meaning() {
    let provider = ScriptedProvider::start().await;
    let (server, shop) = shop(&provider, Timeouts::default()).await;
    let parking = add(&shop.owner, "Arriving", PARKING).await;
    let hours = add(&shop.owner, "Hours", "We are open Monday to Friday.").await;
    link(&shop, vec![parking, hours]).await;
    let before = shown(&shop, &provider, QUESTION).await;
    assert!(!before.contains(PARKING), "{before}");
    assert!(provider.embedded().is_empty(), "nothing is sent before somebody wants it");

    let chosen = choose(&shop.owner, Some(MODEL)).await;
    assert_eq!(chosen.model.as_deref(), Some(MODEL));
    let ready = until_ready(&shop.owner, 2).await;
    assert_eq!(ready.languages, ["en"]);
    let after = shown(&shop, &provider, QUESTION).await;
    assert!(after.contains(PARKING), "{after}");

    // A language in which the model knows nothing is searched by words, without asking it.
    let asked = provider.embedded().len();
    shown(&shop, &provider, "Где можно оставить машину?").await;
    shown(&shop, &provider, "Hello!").await;
    assert_eq!(provider.embedded().len(), asked);

    // Off again, everything is as before.
    assert_eq!(choose(&shop.owner, None).await, MeaningSearch::default());
    let off = shown(&shop, &provider, QUESTION).await;
    assert!(!off.contains(PARKING), "{off}");
    assert_eq!(provider.embedded().len(), asked);
    server.stop().await;
}

#[tokio::test]
async fn articles_of_other_agents_are_never_found() {
    let provider = ScriptedProvider::start().await;
    let (server, shop) = shop(&provider, Timeouts::default()).await;
    let hours = add(&shop.owner, "Hours", "We are open Monday to Friday.").await;
    add(&shop.owner, "Secret plans", PARKING).await;
    link(&shop, vec![hours]).await;
    choose(&shop.owner, Some(MODEL)).await;
    until_ready(&shop.owner, 2).await;
    let shown = shown(&shop, &provider, QUESTION).await;
    assert!(!shown.contains(PARKING), "{shown}");
    server.stop().await;
}

#[tokio::test]
async fn a_model_is_given_nothing_of_other_workspaces() {
    let provider = ScriptedProvider::start().await;
    let (server, shop) = shop(&provider, Timeouts::default()).await;
    let stranger = Shop::open(&server.http, &server.url(), "ben", MODEL).await;
    let theirs = add(&stranger.owner, "Secret plans", PARKING).await;
    link(&stranger, vec![theirs]).await;
    let hours = add(&shop.owner, "Hours", "We are open Monday to Friday.").await;
    link(&shop, vec![hours]).await;
    choose(&shop.owner, Some(MODEL)).await;
    until_ready(&shop.owner, 1).await;
    let was_sent = |text: &str| {
        provider.embedded().iter().any(|request| request.body["input"].to_string().contains(text))
    };
    assert!(was_sent("open Monday to Friday") && !was_sent(PARKING));
    let asked = provider.embedded().len();
    let found = shown(&stranger, &provider, QUESTION).await;
    assert!(!found.contains(PARKING), "searched by words alone: {found}");
    assert_eq!(provider.embedded().len(), asked);

    // Where both have chosen the same model, each finds its own.
    choose(&stranger.owner, Some(MODEL)).await;
    until_ready(&stranger.owner, 1).await;
    let found = shown(&stranger, &provider, QUESTION).await;
    assert!(found.contains(PARKING) && !found.contains("Monday"), "{found}");
    assert!(!shown(&shop, &provider, QUESTION).await.contains(PARKING));
    server.stop().await;
}

#[tokio::test]
async fn vectors_that_do_not_fit_their_texts_are_not_taken() {
    let provider = ScriptedProvider::start().await;
    let (server, shop) = shop(&provider, Timeouts::default()).await;
    for (meanings, problem) in [
        (Meanings::TooFew, "another number of vectors"),
        (Meanings::Uneven, "a length that cannot be used"),
        (Meanings::TooLong, "a length that cannot be used"),
    ] {
        provider.set_meanings(meanings);
        let tried: MeaningTried = shop.owner.post("meaning/try", &json!({ "model": MODEL })).await;
        assert!(!tried.works && tried.message.contains(problem), "{meanings:?}: {tried:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_model_that_knows_nothing_changes_nothing() {
    let provider = ScriptedProvider::start().await;
    let (server, shop) = shop(&provider, Timeouts::default()).await;
    let mut articles = vec![add(&shop.owner, "Hours", "We are open Monday to Friday.").await];
    for n in 0..5 {
        articles.push(add(&shop.owner, &format!("Recipe {n}"), "Pour water on the leaves.").await);
    }
    link(&shop, articles).await;
    let question = "When are you open on Monday?";
    let before = shown(&shop, &provider, question).await;
    provider.set_meanings(Meanings::Nonsense);
    choose(&shop.owner, Some(MODEL)).await;
    let search = until(&shop.owner, |search| search.state == MeaningState::Useless).await;
    assert!(search.languages.is_empty());
    assert_eq!(shown(&shop, &provider, question).await, before);
    // Whoever tries it first is told.
    let body = json!({ "model": MODEL });
    let tried: MeaningTried = shop.owner.post("meaning/try", &body).await;
    assert!(!tried.works && tried.message.contains("none of the languages"), "{tried:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_provider_that_fails_stops_neither_searching_nor_indexing() {
    let provider = ScriptedProvider::start().await;
    let timeouts = Timeouts { question: Duration::from_millis(50), ..Timeouts::default() };
    let (server, shop) = shop(&provider, timeouts).await;
    let hours = add(&shop.owner, "Hours", "We are open Monday to Friday.").await;
    choose(&shop.owner, Some(MODEL)).await;
    until_ready(&shop.owner, 1).await;

    provider.set_meanings(Meanings::Failing(503));
    let parking = add(&shop.owner, "Arriving", PARKING).await;
    link(&shop, vec![hours, parking]).await;
    let failing = |search: &MeaningSearch| matches!(search.state, MeaningState::Failing { .. });
    let search = until(&shop.owner, failing).await;
    assert_eq!((search.passages, search.prepared), (2, 1));
    let question = "Are you open on Monday?";
    for meanings in [Meanings::Failing(503), Meanings::Silent] {
        provider.set_meanings(meanings);
        let shown = shown(&shop, &provider, question).await;
        assert!(shown.contains("open Monday to Friday"), "{shown}");
    }

    // After a pause it is asked again, and goes on where it was.
    provider.set_meanings(Meanings::Concepts);
    server.clock.advance(Duration::from_secs(6));
    until_ready(&shop.owner, 2).await;
    let shown = shown(&shop, &provider, QUESTION).await;
    assert!(shown.contains(PARKING), "{shown}");
    server.stop().await;
}

#[tokio::test]
async fn a_model_that_is_silent_holds_up_nobody() {
    let provider = ScriptedProvider::start().await;
    let timeouts = Timeouts { first_token: Duration::from_secs(3_600), ..Timeouts::default() };
    let (server, shop) = shop(&provider, timeouts).await;
    let stranger = Shop::open(&server.http, &server.url(), "ben", MODEL).await;
    add(&shop.owner, "Hours", "We are open Monday to Friday.").await;
    add(&stranger.owner, "Arriving", PARKING).await;
    choose(&stranger.owner, Some("openai/silent")).await;
    provider.wait_until_embedded(1).await;
    choose(&shop.owner, Some(MODEL)).await;
    until_ready(&shop.owner, 1).await;
    let waits: MeaningSearch = stranger.owner.get("meaning").await;
    assert_eq!((waits.state, waits.prepared), (MeaningState::Preparing, 0));
    // Nor does it hold up those who choose another.
    choose(&stranger.owner, Some(MODEL)).await;
    until_ready(&stranger.owner, 1).await;
    server.stop().await;
}

#[tokio::test]
async fn another_model_prepares_everything_anew_and_what_is_deleted_is_gone() {
    let provider = ScriptedProvider::start().await;
    let (server, shop) = shop(&provider, Timeouts::default()).await;
    let parking = add(&shop.owner, "Arriving", PARKING).await;
    let other = add(&shop.owner, "Heart", PUTTING).await;
    link(&shop, vec![parking, other]).await;
    choose(&shop.owner, Some(MODEL)).await;
    until_ready(&shop.owner, 2).await;

    choose(&shop.owner, Some("openai/model-two")).await;
    let ready = until_ready(&shop.owner, 2).await;
    assert_eq!(ready.model.as_deref(), Some("openai/model-two"));
    let asked = provider.embedded().into_iter().rev();
    let mut passages = asked.filter(|request| request.body["input"].as_array().unwrap().len() == 2);
    assert_eq!(passages.next().expect("both passages again").body["model"], "model-two");
    let shown_before = shown(&shop, &provider, QUESTION).await;
    assert!(shown_before.contains(PARKING), "{shown_before}");

    // Everything is still there after a restart, without asking anew.
    let asked = provider.embedded().len();
    let server = server.restart().await;
    let shop = Shop { owner: shop.owner.moved_to(&server.url()), ..shop };
    until_ready(&shop.owner, 2).await;
    assert_eq!(provider.embedded().len(), asked);

    shop.owner.act(Method::DELETE, &format!("articles/{parking}")).await;
    // What comes later is worked on later.
    add(&shop.owner, "Tea", "Tea from Japan.").await;
    until_ready(&shop.owner, 2).await;
    let vectors = server.database().number("SELECT count(*) FROM passage_vector");
    assert_eq!(vectors, 2);
    server.stop().await;
}

#[tokio::test]
async fn a_provider_that_is_deleted_is_said_at_once() {
    let provider = ScriptedProvider::start().await;
    let (server, shop) = shop(&provider, Timeouts::default()).await;
    add(&shop.owner, "Arriving", PARKING).await;
    let body = json!({
        "name": "Ours", "kind": "compatible", "base_url": provider.url(), "models": ["model-one"],
    });
    let own: Provider = shop.owner.post("providers", &body).await;
    choose(&shop.owner, Some(&format!("{}/model-one", own.id))).await;
    until_ready(&shop.owner, 1).await;

    let mut events = shop.owner.events().await;
    shop.owner.act(Method::DELETE, &format!("providers/{}", own.id)).await;
    // The end of the preparations may be told first.
    let is_told = |event: &ConsoleEvent| match event {
        ConsoleEvent::MeaningSearchChanged { search } => match &search.state {
            MeaningState::Failing { reason, .. } => reason.contains("deleted"),
            _ => false,
        },
        _ => false,
    };
    events.until(is_told).await;
    let read: MeaningSearch = shop.owner.get("meaning").await;
    assert!(matches!(read.state, MeaningState::Failing { .. }), "{read:?}");
    server.stop().await;
}

#[tokio::test]
async fn only_providers_that_make_vectors_can_be_chosen() {
    let provider = ScriptedProvider::start().await;
    let (server, shop) = shop(&provider, Timeouts::default()).await;
    for (model, problem) in [
        ("built-in", "Choose a provider"),
        ("openai/", "Choose a provider"),
        ("anthropic/model-one", "no models for search by meaning"),
        ("00000000-0000-0000-0000-000000000000/x", "deleted"),
    ] {
        let body = json!({ "model": model });
        let put = Reply::to(shop.owner.in_workspace(Method::PUT, "meaning").json(&body)).await;
        assert_eq!(put.status, 422, "{model}: {}", put.body);
        assert!(put.body.contains(problem), "{model}: {}", put.body);
    }
    assert!(provider.embedded().is_empty());
    server.stop().await;
}
