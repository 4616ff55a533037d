use super::*;
use crate::fixture::{Fixture, NOW, link};

#[tokio::test]
async fn lists_are_filtered_by_title_and_agent() {
    let fixture = Fixture::new().await;
    let agent = fixture.agent().await;
    let prices = fixture.article("Цены 100%", "Чай").await;
    fixture.article("Delivery", "By bicycle").await;
    link(&fixture, agent, vec![prices]).await;
    let list = async |title: Option<&str>, agent| {
        let title = title.map(str::to_owned);
        let articles = fixture.store.articles(fixture.workspace, title, agent).await.unwrap();
        articles.into_iter().map(|article| article.title).collect::<Vec<_>>()
    };
    assert_eq!(list(None, None).await, ["Delivery", "Цены 100%"]);
    assert_eq!(list(Some("цЕНЫ"), None).await, ["Цены 100%"]);
    assert_eq!(list(Some("0%"), None).await, ["Цены 100%"]);
    assert!(list(Some("D%y"), None).await.is_empty());
    assert_eq!(list(None, Some(agent)).await, ["Цены 100%"]);
    assert!(list(Some("delivery"), Some(agent)).await.is_empty());
}

#[tokio::test]
async fn another_workspace_sees_and_changes_no_article() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let article = fixture.article("Delivery", "By bicycle").await;
    let other = fixture.other_workspace().await;
    assert!(store.articles(other, None, None).await.unwrap().is_empty());
    assert!(store.article(other, article).await.unwrap().is_none());
    assert!(store.article_summary(other, article).await.unwrap().is_none());
    for source in [
        ArticleSource::Text("x".to_owned()),
        ArticleSource::File { name: "x.txt".to_owned(), bytes: b"x".to_vec() },
    ] {
        let replaced = store.replace_article(other, article, source, NOW).await;
        assert!(replaced.unwrap().is_none());
    }
    assert!(store.retry_article(other, article, NOW).await.unwrap().is_none());
    assert!(!store.delete_article(other, article).await.unwrap());
    let detail = store.article(fixture.workspace, article).await.unwrap().unwrap();
    assert_eq!((detail.content.as_str(), detail.article.passages), ("By bicycle", 1));
    assert_eq!(detail.article.state, ArticleState::Ready);
}
