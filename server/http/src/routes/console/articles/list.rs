use axum::Json;
use axum::extract::State;
use cavuer_protocol::AgentId;
use cavuer_protocol::console::Article;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::App;
use crate::answers::ApiResult;
use crate::extract::QueryParameters;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::articles;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ArticlesWanted {
    /// Only articles whose title contains it, whatever the letter case.
    q: Option<String>,
    /// Only articles that this agent may use.
    #[param(value_type = Option<String>)]
    agent: Option<AgentId>,
}

/// The workspace's articles by title.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/articles", tag = "knowledge",
    params(("workspace" = String, Path), ArticlesWanted),
    responses((status = 200, body = Vec<Article>), refusals::ForMembers),
)]
pub(crate) async fn list_articles(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    QueryParameters(ArticlesWanted { q, agent }): QueryParameters<ArticlesWanted>,
) -> ApiResult<Json<Vec<Article>>> {
    Ok(Json(articles::list(&app.engine.articles, workspace.id, q, agent).await?))
}
