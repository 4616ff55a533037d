//! Agents, for whoever sets them up: the console's API, the demo. What an owner may decide is
//! checked here and nowhere else.

mod hand_over;
mod settings;

use std::sync::Arc;

use cavuer_base::clock::SharedClock;
use cavuer_base::random::Random;
use cavuer_protocol::console::{Agent, AgentChanges, AgentSettings, NewAgent};
use cavuer_protocol::{AgentId, FieldProblem, WorkspaceId, notice};

use crate::basics::Basics;
use crate::live::Live;
use crate::refused::Refused;
use crate::shown;
use cavuer_store::{AgentEdit, AgentRecord, AgentUpdate, LinkedAgent, Store};

pub use hand_over::set_hand_over;

/// The agents of all workspaces.
pub struct Agents {
    store: Store,
    clock: SharedClock,
    random: Arc<Random>,
    live: Live,
}

impl Agents {
    pub(crate) fn new(basics: &Basics, live: Live) -> Self {
        let Basics { store, clock, random, .. } = basics.clone();
        Self { store, clock, random, live }
    }
}

/// Makes an agent.
pub async fn create(
    agents: &Agents,
    workspace: WorkspaceId,
    wanted: NewAgent,
) -> Result<Agent, Refused> {
    let id = agents.random.id(agents.clock.now(), AgentId::from_parts);
    create_as(agents, workspace, id, wanted).await
}

/// Makes an agent that has its id already.
pub async fn create_as(
    agents: &Agents,
    workspace: WorkspaceId,
    id: AgentId,
    NewAgent { name, model }: NewAgent,
) -> Result<Agent, Refused> {
    let given = AgentChanges { name: Some(name), model: Some(model), ..AgentChanges::default() };
    let accepted = settings::accept(agents, workspace, given).await?;
    let mut settings = AgentSettings::new(String::new(), String::new());
    settings.apply(accepted);
    let created_at = agents.clock.now();
    let record = AgentRecord { id, workspace, settings, created_at };
    Ok(shown::agent(agents.store.create_agent(record).await?))
}

/// Changes what `wanted` names, all or nothing.
pub async fn change(
    agents: &Agents,
    workspace: WorkspaceId,
    id: AgentId,
    wanted: AgentChanges,
) -> Result<Agent, Refused> {
    let changes = settings::accept(agents, workspace, wanted).await?;
    let shows_others = changes.show_citations.is_some();
    let agent = updated(agents.store.update_agent(workspace, id, edit(changes)).await?)?;
    if shows_others {
        let channels = agent.channels.iter().map(|channel| channel.id);
        agents.live.retell(&channels.collect::<Vec<_>>());
    }
    Ok(shown::agent(agent))
}

/// The agent as it would be after [`change`]. Nothing is stored.
pub(crate) async fn changed(
    agents: &Agents,
    workspace: WorkspaceId,
    id: AgentId,
    wanted: AgentChanges,
) -> Result<LinkedAgent, Refused> {
    let changes = settings::accept(agents, workspace, wanted).await?;
    updated(agents.store.agent_if_changed(workspace, id, edit(changes)).await?)
}

/// What the store is to do for changes that were checked.
fn edit(mut changes: AgentChanges) -> AgentEdit {
    let articles = changes.articles.take();
    AgentEdit::of_settings(|settings| settings.apply(changes)).with_articles(articles)
}

fn updated(update: AgentUpdate) -> Result<LinkedAgent, Refused> {
    match update {
        AgentUpdate::Updated(agent) => Ok(*agent),
        AgentUpdate::NotFound => Err(Refused::NotFound(notice::no_such_agent())),
        AgentUpdate::UnknownArticles(places) => {
            let problem =
                |place| FieldProblem::new(format!("articles[{place}]"), notice::article_gone());
            Err(Refused::Invalid(places.into_iter().map(problem).collect()))
        }
    }
}
