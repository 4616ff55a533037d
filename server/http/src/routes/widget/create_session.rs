use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, header};
use cavuer_protocol::Problem;
use cavuer_protocol::widget::{
    GuestCredentials, OpenSession, SessionOpened, SessionVisitor, UserClaim,
};

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::guard::client_address::ClientAddress;
use crate::guard::identity;
use crate::guard::visitor_access::{AdmittedOrigin, Page, admit, count_call};
use crate::guard::visitor_session::{LIFETIME_MILLIS, VisitorSession};
use cavuer_base::texts;
use cavuer_engine::conversations::bring_guest_along;
use cavuer_engine::shown;
use cavuer_store::{NewMessageOwner, VisitorIdentity, VisitorKind, WidgetChannel};

/// Random characters of a guest's id after `v_`: 131 bits.
const GUEST_ID_CHARS: usize = 22;
/// Random characters of a guest's key: 190 bits.
const GUEST_KEY_CHARS: usize = 32;

/// Opens a session for a guest or for the site's own user. For somebody who never wrote it stores
/// nothing; a returning guest who is now a proven user brings the guest's conversation along.
///
/// Who may call: a page whose origin the channel allows. A claim to be a user needs a valid hash.
#[utoipa::path(
    post,
    path = "/api/widget/v1/sessions",
    tag = "widget",
    request_body = OpenSession,
    responses(
        (status = 200, body = SessionOpened),
        (status = 403, body = Problem, description = "`widget_unavailable`, `identity_invalid`"),
        (status = 422, body = Problem, description = "`validation_failed`"),
        (status = 429, body = Problem, description = "`rate_limited`"),
    )
)]
pub(super) async fn create_session(
    State(app): State<App>,
    Extension(slot): Extension<AdmittedOrigin>,
    address: ClientAddress,
    headers: HeaderMap,
    Body(request): Body<OpenSession>,
) -> ApiResult<Json<SessionOpened>> {
    let page = admit(&app, &headers, &slot, &request.token).await?;
    count_call(&app, address)?;
    let known_guest = match &request.visitor {
        Some(guest) => identity::is_known_guest(&app, &page.channel, guest).await?,
        None => false,
    };
    let (visitor, key_hash, about) = match (&request.user, request.visitor) {
        (Some(user), guest) => {
            identity::prove(&page.channel, user, app.engine.clock.now())?;
            if let (Some(guest), true) = (guest, known_guest && page.channel.channel.merge_guests) {
                bring_along(&app, &page.channel, guest, user).await?;
            }
            (SessionVisitor::User { id: user.id.clone() }, None, Some(user))
        }
        (None, Some(guest)) if known_guest => {
            let key_hash = identity::key_hash(&guest.key);
            (SessionVisitor::Guest(guest), Some(key_hash), None)
        }
        (None, _) => {
            let guest = new_guest(&app);
            let key_hash = identity::key_hash(&guest.key);
            (SessionVisitor::Guest(guest), Some(key_hash), None)
        }
    };
    let session = session(&app, &page, &headers, &visitor, key_hash, about);
    let identity = session.visitor();
    let draft = app.engine.live.draft(&identity);
    let conversation = app.engine.store.conversation_of(identity).await?.unwrap_or_default();
    Ok(Json(SessionOpened {
        session: session.seal(&app.signing).into(),
        expires_at: session.expires_at,
        visitor,
        conversation: shown::conversation(conversation, draft),
    }))
}

async fn bring_along(
    app: &App,
    channel: &WidgetChannel,
    guest: GuestCredentials,
    user: &UserClaim,
) -> ApiResult<()> {
    let identity =
        |kind, public_id| VisitorIdentity { channel: channel.channel.id, kind, public_id };
    let owner = NewMessageOwner {
        workspace: channel.channel.workspace,
        visitor: identity(VisitorKind::User, user.id.clone()),
        name: user.name.clone(),
        email: user.email.clone(),
    };
    Ok(bring_guest_along(&app.engine.conversations, identity(VisitorKind::Guest, guest.id), owner)
        .await?)
}

fn new_guest(app: &App) -> GuestCredentials {
    GuestCredentials {
        id: app.engine.random.token("v_", GUEST_ID_CHARS),
        key: app.engine.random.token("", GUEST_KEY_CHARS).into(),
    }
}

fn session(
    app: &App,
    page: &Page,
    headers: &HeaderMap,
    visitor: &SessionVisitor,
    key_hash: Option<String>,
    about: Option<&UserClaim>,
) -> VisitorSession {
    let (kind, public_id) = match visitor {
        SessionVisitor::Guest(guest) => (VisitorKind::Guest, guest.id.clone()),
        SessionVisitor::User { id } => (VisitorKind::User, id.clone()),
    };
    let languages = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    VisitorSession {
        token: page.channel.token.clone(),
        channel: page.channel.channel.id,
        kind,
        public_id,
        key_hash,
        name: about.and_then(|user| user.name.clone()),
        email: about.and_then(|user| user.email.clone()),
        origin: page.origin.clone(),
        language: texts::for_header(languages.unwrap_or_default()).language.to_owned(),
        expires_at: app.engine.clock.now().plus_millis(LIFETIME_MILLIS),
    }
}
