//! The console API, `/api/console/v1`: for people who sign in. `cavuer_protocol::console` has the
//! table of its calls.

mod account;
mod agents;
mod articles;
mod channels;
mod conversations;
mod embeddings;
mod events;
mod functions;
mod hand_over;
mod models;
mod providers;
mod refusals;
mod workspaces;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::middleware;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use crate::App;
use crate::guard::console_origin;

/// Where the API lies.
pub(crate) const BASE: &str = "/api/console/v1";

/// The console API. Whatever the endpoint, requests that change something come from the console's
/// own pages, and no answer is kept by browsers or proxies.
pub(crate) fn routes(app: App) -> OpenApiRouter<App> {
    let endpoints = OpenApiRouter::default()
        .merge(account_routes())
        .merge(agent_routes())
        .merge(function_routes())
        .merge(provider_routes())
        .merge(channel_routes())
        .merge(article_routes())
        .merge(conversation_routes())
        .layer(middleware::from_fn_with_state(app, console_origin::require_own))
        .layer(SetResponseHeaderLayer::overriding(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ));
    OpenApiRouter::default().nest(BASE, endpoints)
}

fn account_routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(account::setup::get_setup))
        .routes(routes!(account::sign_up::sign_up))
        .routes(routes!(account::sign_in::sign_in))
        .routes(routes!(account::sign_out::sign_out))
        .routes(routes!(account::me::get_me))
        .routes(routes!(workspaces::create::create_workspace))
        .routes(routes!(workspaces::rename::rename_workspace))
}

fn agent_routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(models::list_models))
        .routes(routes!(models::list_speech_models))
        .routes(routes!(agents::list::list_agents, agents::create::create_agent))
        .routes(routes!(
            agents::get::get_agent,
            agents::update::update_agent,
            agents::delete::delete_agent
        ))
        .routes(routes!(agents::get_usage::get_agent_usage))
        .routes(routes!(agents::ask_playground::ask_playground))
        .routes(routes!(hand_over::get::get_hand_over, hand_over::replace::replace_hand_over))
}

fn provider_routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(providers::list::list_providers, providers::create::create_provider))
        .routes(routes!(providers::update::update_provider, providers::delete::delete_provider))
        .routes(routes!(providers::try_out::try_provider))
}

fn function_routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(functions::list::list_functions, functions::create::create_function))
        .routes(routes!(functions::replace::replace_function, functions::delete::delete_function))
        .routes(routes!(functions::try_out::try_function))
        .routes(routes!(
            functions::of_channel::list_channel_functions,
            functions::allow::forbid_channel_functions
        ))
        .routes(routes!(functions::calls::list_function_calls))
}

fn channel_routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(channels::create::create_channel))
        .routes(routes!(
            channels::get::get_channel,
            channels::update::update_channel,
            channels::delete::delete_channel
        ))
        .routes(routes!(channels::reveal_secret_key::reveal_secret_key))
        .routes(routes!(channels::rotate_secret_key::rotate_secret_key))
}

fn article_routes() -> OpenApiRouter<App> {
    let json = DefaultBodyLimit::max(articles::JSON_BYTES);
    let upload = DefaultBodyLimit::max(articles::UPLOAD_BYTES);
    OpenApiRouter::default()
        .routes(
            routes!(articles::list::list_articles, articles::create::create_article).layer(json),
        )
        .routes(routes!(articles::upload::upload_article).layer(upload))
        .routes(routes!(articles::replace_file::replace_article_file).layer(upload))
        .routes(routes!(articles::retry::retry_article))
        .routes(routes!(embeddings::get::get_meaning, embeddings::choose::choose_meaning))
        .routes(routes!(embeddings::try_out::try_meaning))
        .routes(
            routes!(
                articles::get::get_article,
                articles::replace::replace_article,
                articles::delete::delete_article
            )
            .layer(json),
        )
}

fn conversation_routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(conversations::list::list_conversations))
        .routes(routes!(
            conversations::get::get_conversation,
            conversations::delete::delete_conversation
        ))
        .routes(routes!(conversations::get_usage::get_conversation_usage))
        .routes(routes!(
            conversations::list_messages::list_conversation_messages,
            conversations::post_message::post_operator_message
        ))
        .routes(routes!(conversations::create_attachment::create_operator_attachment))
        .routes(routes!(conversations::get_attachment::get_conversation_attachment))
        .routes(routes!(conversations::take_over::take_over))
        .routes(routes!(conversations::hand_back::hand_back))
        .routes(routes!(events::stream_workspace_events))
}
