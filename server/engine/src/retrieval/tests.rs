use cavuer_protocol::console::AgentSettings;
use cavuer_protocol::{AgentId, ArticleId, Secret, Timestamp, UserId, WorkspaceId};
use tempfile::TempDir;

use super::*;
use cavuer_base::random::Random;
use cavuer_store::{
    AgentEdit, AgentRecord, ArticleSource, IndexingWork, NewAccount, NewArticleRecord,
    StoreOptions, StoredPassage, UserRecord, WorkspaceRecord,
};
use cavuer_text::index::Indexer;
use cavuer_text::passages;

const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// A store with one workspace.
struct House {
    store: Store,
    random: Random,
    workspace: WorkspaceId,
    _folder: TempDir,
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreOptions::in_folder(folder.path())).unwrap();
        let random = Random::from_seed(7);
        let workspace = random.id(NOW, WorkspaceId::from_parts);
        let user = UserRecord {
            id: random.id(NOW, UserId::from_parts),
            name: "Anna".to_owned(),
            email: "anna@example.com".to_owned(),
            password_hash: Secret::default(),
        };
        let workspace_named = WorkspaceRecord { id: workspace, name: "House".to_owned() };
        let account =
            NewAccount { user, workspace: workspace_named, created_at: NOW, only_as_first: true };
        store.create_account(account).await.unwrap();
        Self { store, random, workspace, _folder: folder }
    }

    async fn article(&self, title: &str, content: &str) -> ArticleId {
        let id = self.random.id(NOW, ArticleId::from_parts);
        let new = NewArticleRecord {
            id,
            workspace: self.workspace,
            title: title.to_owned(),
            source: ArticleSource::Text(content.to_owned()),
            created_at: NOW,
        };
        self.store.queue_article(new).await.unwrap();
        self.index().await;
        id
    }

    /// Indexes the article that waits, as the server's worker does.
    async fn index(&self) {
        let Some(IndexingWork::Index(article)) = self.store.claim_article().await.unwrap() else {
            panic!("no article waits");
        };
        let Some(ArticleSource::Text(text)) = self.store.article_source(&article).await.unwrap()
        else {
            panic!("no text");
        };
        let title = &article.title;
        let mut indexer = Indexer::new(title, &text);
        let passages: Vec<_> = passages::passages(&text)
            .into_iter()
            .map(|passage| StoredPassage {
                title: title.clone(),
                terms: indexer.terms(&passage.text),
                page: passage.page,
                text: passage.text,
            })
            .collect();
        let count = u32::try_from(passages.len()).unwrap();
        assert!(self.store.add_passages(&article, 0, passages).await.unwrap());
        assert!(self.store.publish_passages(&article, count).await.unwrap());
        while self.store.clear_passages(article.id, Some(article.revision), 1).await.unwrap() > 0 {}
        self.store.finish_article(&article, None).await.unwrap();
    }

    async fn agent(&self, articles: Vec<ArticleId>) -> AgentId {
        let id = self.random.id(NOW, AgentId::from_parts);
        let settings = AgentSettings::new("Ada".to_owned(), "built-in".to_owned());
        let agent = AgentRecord { id, workspace: self.workspace, settings, created_at: NOW };
        self.store.create_agent(agent).await.unwrap();
        self.link(id, articles).await;
        id
    }

    async fn link(&self, agent: AgentId, articles: Vec<ArticleId>) {
        let edit = AgentEdit::of_articles(articles);
        self.store.update_agent(self.workspace, agent, edit).await.unwrap();
    }

    /// An agent with an article for each title and text.
    async fn with(articles: &[(&str, &str)]) -> (Self, AgentId) {
        let house = Self::new().await;
        let mut ids = Vec::new();
        for (title, content) in articles {
            ids.push(house.article(title, content).await);
        }
        let agent = house.agent(ids).await;
        (house, agent)
    }

    async fn found(&self, agent: AgentId, question: &str) -> Vec<Found> {
        retrieve(&self.store, agent, question, None, None, 5).await.unwrap()
    }

    async fn titles(&self, agent: AgentId, question: &str) -> Vec<String> {
        self.found(agent, question).await.into_iter().map(|found| found.title).collect()
    }

    async fn first(&self, agent: AgentId, question: &str) -> Option<String> {
        self.titles(agent, question).await.into_iter().next()
    }
}

#[tokio::test]
async fn other_forms_of_a_word_are_found_in_many_languages() {
    let (house, agent) = House::with(&[
        ("en", "We deliver within two days, and a delivery costs nothing."),
        ("de", "Die Lieferung dauert zwei Tage und kostet nichts."),
        ("ru", "Доставка занимает два дня и ничего не стоит."),
        ("zh", "送货需要两天，不收费。"),
        ("th", "การจัดส่งใช้เวลาสองวัน"),
        ("hi", "डिलीवरी में दो दिन लगते हैं।"),
        ("fr", "La livraison à domicile prend deux jours."),
        ("ko", "배송은 이틀 걸립니다."),
        ("tr", "Siparişleriniz iki gün içinde kargoya verilir."),
        ("ar", "يصل الطرد خلال يومين إلى عنوان الزبون."),
        ("ja", "配送には二日かかります。"),
        ("el", "Η παράδοση των δεμάτων διαρκεί δύο ημέρες."),
        ("vi", "Giao hàng mất hai ngày."),
    ])
    .await;
    for (question, title) in [
        ("Are deliveries fast?", "en"),
        ("Wann kommen Lieferungen?", "de"),
        ("Сколько ждать доставку?", "ru"),
        ("送货要多久？", "zh"),
        ("送", "zh"),
        ("จัดส่งกี่วัน", "th"),
        ("डिलीवरी कब?", "hi"),
        ("livraison A DOMICILE ?", "fr"),
        ("배송 얼마나 걸려요?", "ko"),
        ("siparisim ne zaman kargoda?", "tr"),
        ("متى يصل طردي؟", "ar"),
        ("配送は何日かかりますか", "ja"),
        ("πότε θα γίνει η παραδοση;", "el"),
        ("giao hang may ngay?", "vi"),
    ] {
        assert_eq!(house.first(agent, question).await.as_deref(), Some(title), "{question}");
    }
}

#[tokio::test]
async fn a_typing_error_does_not_matter() {
    let (house, agent) = House::with(&[
        ("Delivery", "Parcels arrive within two working days."),
        ("Warranty", "Every machine is repaired free of charge for two years."),
    ])
    .await;
    for (question, title) in
        [("warrenty", "Warranty"), ("When do parcles arive?", "Delivery"), ("dleivery", "Delivery")]
    {
        assert_eq!(house.first(agent, question).await.as_deref(), Some(title), "{question}");
    }
}

#[tokio::test]
async fn a_title_counts_more_than_a_text() {
    let (house, agent) = House::with(&[
        ("Orders", "The price is on the invoice, and so are other things of note."),
        ("Price", "Four euros for a cup of tea, whatever you take with it."),
    ])
    .await;
    assert_eq!(house.titles(agent, "price?").await, ["Price", "Orders"]);
}

#[tokio::test]
async fn what_no_passage_answers_finds_nothing() {
    let (house, agent) = House::with(&[
        ("Opening hours", "We are open from nine to six, and closed on Sundays."),
        ("Delivery", "Standard delivery takes two days and costs five euros."),
        ("Returns", "Items may be returned within thirty days of purchase."),
    ])
    .await;
    for question in ["Who is the president of France?", "banana calories", "???", "hello"] {
        assert!(house.found(agent, question).await.is_empty(), "{question}");
    }
    assert!(retrieve(&house.store, agent, "delivery", None, None, 0).await.unwrap().is_empty());
}

#[tokio::test]
async fn only_linked_articles_are_found() {
    let house = House::new().await;
    let linked = house.article("Delivery", "We deliver tea in two days.").await;
    let other = house.article("Secret plans", "We deliver tea by drone.").await;
    let agent = house.agent(Vec::new()).await;
    assert!(house.found(agent, "tea").await.is_empty());
    house.link(agent, vec![linked]).await;
    assert_eq!(house.titles(agent, "tea").await, ["Delivery"]);
    house.link(agent, vec![linked, other]).await;
    assert_eq!(house.titles(agent, "tea").await.len(), 2);
    house.link(agent, vec![other]).await;
    assert_eq!(house.titles(agent, "tea").await, ["Secret plans"]);
    let second = house.agent(vec![linked]).await;
    assert_eq!(house.titles(second, "tea").await, ["Delivery"]);
}

#[tokio::test]
async fn changed_and_deleted_articles_are_found_no_more() {
    let house = House::new().await;
    let article = house.article("Delivery", "By bicycle, in two days.").await;
    let agent = house.agent(vec![article]).await;
    assert_eq!(house.titles(agent, "bicycle").await, ["Delivery"]);
    let content = ArticleSource::Text("By train, in one day.".to_owned());
    let changed = house.store.replace_article(house.workspace, article, content, NOW).await;
    assert!(changed.unwrap().is_some());
    house.index().await;
    assert!(house.found(agent, "bicycle").await.is_empty());
    assert_eq!(house.titles(agent, "train").await, ["Delivery"]);
    assert!(house.store.delete_article(house.workspace, article).await.unwrap());
    assert!(house.found(agent, "train").await.is_empty());
}

#[tokio::test]
async fn neighbours_are_put_together() {
    let filler = |word: &str| format!("{word} is what this is about. ").repeat(30);
    let content = format!("{}\n\n{}\n\n{}", filler("Zebra"), filler("Apple"), filler("Mango"));
    let (house, agent) = House::with(&[("Fruit", &content), ("Other", "Mango juice")]).await;
    let found = house.found(agent, "apple and zebra").await;
    assert_eq!(found.len(), 1);
    assert!(found[0].text.starts_with("Zebra") && found[0].text.contains("Apple"), "{found:?}");
}

#[tokio::test]
async fn a_short_question_is_read_with_the_one_before() {
    let (house, agent) = House::with(&[
        ("Opening hours", "We are open from nine to six, and on Sunday until noon."),
        ("Sunday roast", "Served with potatoes and a gravy that takes hours."),
    ])
    .await;
    let before = Some("When are you open?");
    let found = retrieve(&house.store, agent, "And on Sunday?", before, None, 5).await.unwrap();
    assert_eq!(found[0].title, "Opening hours");
}

#[tokio::test]
async fn a_question_before_that_nothing_answers_takes_no_other_down_with_it() {
    let (house, agent) = House::with(&[
        ("Delivery", "Parcels are delivered within two working days."),
        ("Returns", "Items may be returned within thirty days of purchase."),
    ])
    .await;
    let before = "Which wavelength does the laser of your spectrometer have?";
    let question = "And delivery?";
    let together = query::in_context(question, Some(before));
    assert_eq!(house.titles(agent, &together).await, [""; 0], "together nothing is found");
    let found = retrieve(&house.store, agent, question, Some(before), None, 5).await.unwrap();
    assert_eq!(found.iter().map(|found| found.title.as_str()).collect::<Vec<_>>(), ["Delivery"]);
    // Nor does it help one that nothing answers by itself.
    let question = "And bananas?";
    let found = retrieve(&house.store, agent, question, Some(before), None, 5).await.unwrap();
    assert_eq!(found, []);
}

#[tokio::test]
async fn a_question_of_any_form_is_answered() {
    let (house, agent) = House::with(&[("Tea", "Green tea, black tea and 龙井茶.")]).await;
    let long = "tea ".repeat(5_000);
    for question in ["", " ", "\0", "\"tea\" AND (NOT", "茶", "%_*", long.as_str()] {
        house.found(agent, question).await;
    }
}
