use axum::Json;
use axum::extract::State;
use cavuer_protocol::AgentId;
use cavuer_protocol::console::{HandOver, OpenHours};
use cavuer_protocol::limits::{HAND_OVER_WAIT_SECONDS, OPEN_HOURS};

use crate::App;
use crate::answers::{ApiError, ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::checks::Checks;
use cavuer_engine::hours;

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// Changes how an agent hands conversations over to people.
///
/// Members of the workspace may call.
#[utoipa::path(
    put, path = "/workspaces/{workspace}/agents/{agent}/hand-over", tag = "agents",
    request_body = HandOver,
    params(("workspace" = String, Path), ("agent" = String, Path)),
    responses((status = 200, body = HandOver), refusals::ForMembers, refusals::OfContent),
)]
pub async fn replace_hand_over(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
    Body(wanted): Body<HandOver>,
) -> ApiResult<Json<HandOver>> {
    let accepted = accept(wanted)?;
    if !app.engine.store.set_hand_over(workspace.id, agent, accepted.clone()).await? {
        return Err(ApiError::NotFound("agent"));
    }
    Ok(Json(accepted))
}

fn accept(mut wanted: HandOver) -> ApiResult<HandOver> {
    let mut checks = Checks::default();
    let (least, most) = (*HAND_OVER_WAIT_SECONDS.start(), *HAND_OVER_WAIT_SECONDS.end());
    checks.range("wait_seconds", wanted.wait_seconds, least, most);
    if let Some(hours) = &mut wanted.hours {
        hours.time_zone = hours.time_zone.trim().to_owned();
        if !hours::is_time_zone(&hours.time_zone) {
            let message = "There is no such time zone. Write its name with the continent, for \
                           example Europe/Berlin.";
            checks.problem("hours.time_zone", message);
        }
        if hours.open.len() > OPEN_HOURS {
            checks.problem("hours.open", format!("Use at most {OPEN_HOURS} stretches of time."));
        }
        for (place, OpenHours { from, to, .. }) in hours.open.iter().enumerate() {
            if !(from < to && *to <= DAY) {
                let message = "It must end after it begins, and on the same day.";
                checks.problem(format!("hours.open[{place}]"), message);
            }
        }
    }
    checks.finish().map_err(ApiError::Invalid)?;
    Ok(wanted)
}
