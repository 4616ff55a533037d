//! The door of the visitor API: which pages may call, and as whom.

use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use cavuer_protocol::console::Refusal;
use cavuer_protocol::notice;

use super::client_address::ClientAddress;
use super::visitor_session::VisitorSession;
use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::limits::CountedAction;
use cavuer_base::origin::{AllowedDomain, PageOrigin};
use cavuer_store::WidgetChannel;

/// Where the door leaves the origin that it let in, for the CORS headers of the answer.
#[derive(Clone, Default)]
pub(crate) struct AdmittedOrigin(pub Arc<OnceLock<HeaderValue>>);

/// A page on which a channel's widget may work.
pub(crate) struct Page {
    pub channel: WidgetChannel,
    /// The `Origin` header, as sent.
    pub origin: String,
}

/// A visitor with a session, on a page that is allowed.
pub(crate) struct PageVisitor {
    pub channel: WidgetChannel,
    pub session: VisitorSession,
    pub address: ClientAddress,
}

/// Checks that the page may use the channel. Unknown token, channel off, no domains and unlisted
/// origin all get the same answer; the owner finds the reason on the channel's page.
pub(crate) async fn admit(
    app: &App,
    headers: &HeaderMap,
    slot: &AdmittedOrigin,
    token: &str,
) -> ApiResult<Page> {
    let header = headers.get(header::ORIGIN);
    let origin = header.and_then(|value| value.to_str().ok()).map(str::to_owned);
    let Some(channel) = app.engine.store.channel_by_token(token.to_owned()).await? else {
        tracing::info!(?origin, "widget refused: unknown token");
        return Err(ApiError::WidgetUnavailable);
    };
    let reason = match (header, &origin) {
        _ if !channel.channel.enabled => notice::channel_off(),
        _ if channel.allowed_domains.is_empty() => notice::channel_without_domains(),
        (Some(header), Some(origin)) => match PageOrigin::parse(origin) {
            Some(page) if allows(&channel.domains, &page) => {
                // Only the first admission of a request counts, and there is only one.
                let _ = slot.0.set(header.clone());
                return Ok(Page { channel, origin: origin.clone() });
            }
            Some(_) => notice::origin_not_allowed(origin),
            None => notice::origin_unusable(),
        },
        _ => notice::origin_missing(),
    };
    tracing::info!(channel = %channel.channel.id, ?origin, %reason, "widget refused");
    app.refusals.note(channel.channel.id, Refusal::new(app.engine.clock.now(), origin, reason));
    Err(ApiError::WidgetUnavailable)
}

/// Whether any channel that is on would let this origin in: what a preflight may be told, which
/// names no channel.
pub(crate) async fn is_known_origin(app: &App, origin: &HeaderValue) -> bool {
    let Some(page) = origin.to_str().ok().and_then(PageOrigin::parse) else { return false };
    match app.engine.store.allowed_domains_of_all().await {
        Ok(domains) => allows(&domains, &page),
        Err(error) => {
            tracing::error!(%error, "allowed domains cannot be read");
            false
        }
    }
}

impl FromRequestParts<App> for PageVisitor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let Ok(address) = ClientAddress::from_request_parts(parts, app).await;
        let session = bearer(&parts.headers)
            .and_then(|token| VisitorSession::open(token, &app.signing))
            .ok_or(ApiError::SessionInvalid)?;
        let slot = parts.extensions.get::<AdmittedOrigin>().cloned().unwrap_or_default();
        let page = admit(app, &parts.headers, &slot, &session.token).await?;
        let fits = session.origin == page.origin
            && session.channel == page.channel.channel.id
            && session.holds_at(app.engine.clock.now());
        if !fits {
            return Err(ApiError::SessionInvalid);
        }
        Ok(Self { channel: page.channel, session, address })
    }
}

impl PageVisitor {
    /// Whether the visitor may still be served, for streams that stay open.
    pub(crate) async fn is_still_welcome(&self, app: &App) -> bool {
        let channel = app.engine.store.channel_by_token(self.session.token.clone()).await;
        let Some(page) = PageOrigin::parse(&self.session.origin) else { return false };
        self.session.holds_at(app.engine.clock.now())
            && match channel {
                Ok(Some(channel)) => channel.channel.enabled && allows(&channel.domains, &page),
                Ok(None) => false,
                // A store that cannot be read now is no reason to cut everybody off.
                Err(_) => true,
            }
    }
}

/// Counts one call other than a message.
pub(crate) fn count_call(app: &App, address: ClientAddress) -> ApiResult<()> {
    app.limits.count(CountedAction::AddressCall(address.0)).map_err(ApiError::RateLimited)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

fn allows(domains: &[AllowedDomain], page: &PageOrigin) -> bool {
    domains.iter().any(|domain| domain.allows(page))
}
