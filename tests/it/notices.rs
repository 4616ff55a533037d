//! What the server says to people: the code stands beside the English, and what older versions
//! stored as text is still told.

use cavuer_models::BUILT_IN_MODEL;
use cavuer_protocol::console::{Agent, ArticleStatus, ChannelChanges, ModelInfo};
use cavuer_protocol::{ProblemCode, notice};
use cavuer_tests::provider::{Script, ScriptedProvider};
use reqwest::Method;
use serde_json::json;

use crate::support::{Database, Reply, Setup, TestServer};

#[tokio::test]
async fn problems_name_their_sentences() {
    let server = TestServer::start().await;
    let anna = server.owner("anna").await;
    let agent = anna.add_agent("Ada", BUILT_IN_MODEL).await;
    let path = format!("agents/{}", agent.id);
    let wrong = json!({"temperature": 1.5, "max_passages": 0, "answer_language": "tlh"});
    let reply = Reply::to(anna.in_workspace(Method::PATCH, &path).json(&wrong)).await;
    let problem = reply.problem(422, ProblemCode::ValidationFailed);
    assert_eq!(problem.notice, None, "the fields say it");
    let of_field = |name: &str| {
        let field = problem.fields.iter().find(|field| field.field == name).unwrap();
        let notice = field.notice.clone().unwrap();
        assert_eq!(notice.english(), field.message);
        notice
    };
    assert_eq!(of_field("temperature"), notice::number_out_of_range(0_u32, 1_u32, 1.5));
    assert_eq!(of_field("max_passages").values["number"], 0_u32.into());
    assert_eq!(of_field("answer_language").code, "unknown_answer_language");

    let reply = Reply::to(anna.in_workspace(Method::GET, "agents/none")).await;
    let problem = reply.problem(404, ProblemCode::NotFound);
    assert_eq!(problem.notice, Some(notice::no_such_agent()));

    let reply = Reply::to(anna.in_workspace(Method::PATCH, &path).body("{}")).await;
    let problem = reply.problem(415, ProblemCode::UnsupportedMediaType);
    assert_eq!(problem.notice, Some(notice::not_json()));

    let channel = anna.add_channel(agent.id, &[]).await;
    let on = ChannelChanges { enabled: Some(true), ..ChannelChanges::default() };
    anna.change_channel(channel.id, &on).await;
    let summary = anna.get::<Agent>(&path).await.channels.remove(0);
    assert_eq!(summary.warning_notice, Some(notice::no_domains_yet()));
    assert_eq!(summary.warning, Some(notice::no_domains_yet().english()));
    server.stop().await;
}

#[tokio::test]
async fn reasons_are_stored_as_codes_and_older_ones_told_as_they_are() {
    let server = TestServer::start().await;
    let anna = server.owner("anna").await;
    let agent = anna.add_agent("Ada", BUILT_IN_MODEL).await;
    let id = anna.add_article(agent.id, "Prices", "Tea costs 4 €.").await;
    let server = server
        .restart_after(|folder| {
            Database::to_disturb(folder)
                .run("UPDATE article_state SET state = 'indexing', attempts = 3");
        })
        .await;
    let anna = anna.moved_to(&server.url());
    let failed = anna.until_indexed(id).await;
    assert_eq!(failed.status, ArticleStatus::failed(notice::article_given_up()));
    let stored = server.database().text("SELECT failure FROM article_state");
    assert_eq!(stored, notice::article_given_up().to_stored());

    let server = server
        .restart_after(|folder| {
            Database::to_disturb(folder)
                .run("UPDATE article_state SET failure = 'Too big.', notes = 'One.' || char(10) || 'Two.'");
        })
        .await;
    let old = anna.moved_to(&server.url()).until_indexed(id).await;
    let reason = "Too big.".to_owned();
    assert_eq!(old.status, ArticleStatus::Failed { reason, notice: None });
    assert_eq!(old.notes, ["One.", "Two."]);
    assert_eq!(old.note_notices, [notice::verbatim("One."), notice::verbatim("Two.")]);
    server.stop().await;
}

#[tokio::test]
async fn what_is_said_of_models_has_codes() {
    let provider = ScriptedProvider::start().await;
    provider.set_standing(Script::status(401));
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/gpt-4.1-mini").await;
    shop.guest().await.ask("Hello?").await;
    let conversation = shop.owner.only_conversation().await;
    let expected = notice::model_key_refused("OpenAI", "CAVUER_OPENAI_API_KEY");
    assert_eq!(conversation.failure, Some(expected.english()));
    assert_eq!(conversation.failure_notice, Some(expected));

    let models: Vec<ModelInfo> = shop.owner.get("models").await;
    for model in &models {
        let own = model.id == BUILT_IN_MODEL;
        let label = own.then(notice::built_in_answerer);
        assert_eq!(model.label_notice, label, "the others are called by names");
        let note = model.notice.as_ref().map(notice::Notice::english);
        assert_eq!(note.unwrap_or_default(), model.note);
    }
    let mini = models.iter().find(|model| model.id == "openai/gpt-4.1-mini").unwrap();
    assert_eq!(mini.notice, Some(notice::family_gpt_4_1_mini()));
    server.stop().await;
}
