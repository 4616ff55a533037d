use cavuer_protocol::console::{HandOver, OpenHours};
use cavuer_protocol::limits::{HAND_OVER_WAIT_SECONDS, OPEN_HOURS};
use cavuer_protocol::{AgentId, FieldProblem, WorkspaceId, notice};

use super::Agents;
use crate::checks::Checks;
use crate::hours;
use crate::refused::Refused;

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// Changes how an agent hands conversations over to people.
pub async fn set_hand_over(
    agents: &Agents,
    workspace: WorkspaceId,
    agent: AgentId,
    wanted: HandOver,
) -> Result<HandOver, Refused> {
    let accepted = accept(wanted)?;
    if !agents.store.set_hand_over(workspace, agent, accepted.clone()).await? {
        return Err(Refused::NotFound(notice::no_such_agent()));
    }
    Ok(accepted)
}

fn accept(mut wanted: HandOver) -> Result<HandOver, Vec<FieldProblem>> {
    let mut checks = Checks::default();
    let (least, most) = (*HAND_OVER_WAIT_SECONDS.start(), *HAND_OVER_WAIT_SECONDS.end());
    checks.range("wait_seconds", wanted.wait_seconds, least, most);
    if let Some(hours) = &mut wanted.hours {
        hours.time_zone = hours.time_zone.trim().to_owned();
        if !hours::is_time_zone(&hours.time_zone) {
            checks.problem("hours.time_zone", notice::unknown_time_zone());
        }
        if hours.open.len() > OPEN_HOURS {
            checks.problem("hours.open", notice::too_many_open_hours(OPEN_HOURS));
        }
        for (place, OpenHours { from, to, .. }) in hours.open.iter().enumerate() {
            if !(from < to && *to <= DAY) {
                checks.problem(format!("hours.open[{place}]"), notice::open_hours_reversed());
            }
        }
    }
    checks.finish()?;
    Ok(wanted)
}
