use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use cavuer_protocol::Problem;
use cavuer_protocol::color::Color;
use cavuer_protocol::widget::{WidgetConfig, WidgetFiles};
use serde::Deserialize;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::assets;
use crate::extract::QueryParameters;
use crate::guard::client_address::ClientAddress;
use crate::guard::visitor_access::{AdmittedOrigin, admit, count_call};
use cavuer_base::texts;
use cavuer_engine::conversations::visitors_send;

#[derive(Deserialize, utoipa::IntoParams)]
pub(super) struct ConfigQuery {
    /// The channel's public token, `wgt_…`.
    #[serde(default)]
    token: String,
}

/// What the bubble and the empty panel need. Stores nothing.
///
/// Who may call: a page whose origin the channel allows.
#[utoipa::path(
    get,
    path = "/api/widget/v1/config",
    tag = "widget",
    params(ConfigQuery),
    responses(
        (status = 200, body = WidgetConfig, description = "May be kept for a minute"),
        (status = 403, body = Problem, description = "`widget_unavailable`"),
        (status = 429, body = Problem, description = "`rate_limited`"),
    )
)]
pub(super) async fn get_config(
    State(app): State<App>,
    Extension(slot): Extension<AdmittedOrigin>,
    address: ClientAddress,
    headers: HeaderMap,
    QueryParameters(query): QueryParameters<ConfigQuery>,
) -> ApiResult<Response> {
    let page = admit(&app, &headers, &slot, &query.token).await?;
    count_call(&app, address)?;
    let languages = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let local = texts::for_header(languages.unwrap_or_default());
    let files = assets::manifest().map_err(ApiError::Internal)?;
    let channel = page.channel;
    let takes = visitors_send(&app.engine.conversations, &channel.channel).await?;
    let color = Color::parse(&channel.appearance.color).unwrap_or(Color::BLACK);
    let (on_color, _) = color.text_on_it();
    let config = WidgetConfig {
        title: channel.appearance.title,
        greeting: channel.appearance.greeting,
        agent_name: channel.channel.agent_name,
        on_color: on_color.hex(),
        color: channel.appearance.color,
        position: channel.appearance.position,
        identification_required: channel.channel.require_identification,
        takes_files: takes.files,
        takes_voice: takes.voice,
        language: local.language.to_owned(),
        direction: local.direction.clone(),
        texts: local.texts.clone(),
        files: WidgetFiles { script: files.widget_script, wasm: files.widget_wasm },
    };
    let headers =
        [(header::CACHE_CONTROL, "private, max-age=60"), (header::VARY, "accept-language")];
    Ok((headers, Json(config)).into_response())
}
