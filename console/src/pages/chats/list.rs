use leptos::prelude::*;

use cavuer_protocol::ConversationId;
use cavuer_protocol::console::{ConsoleEvent, ConversationList, ConversationSummary};

use crate::api::{ApiError, WorkspaceApi, use_workspace};
use crate::components::button::{Button, Weight};
use crate::components::empty_state::EmptyState;
use crate::components::failure::Failure;
use crate::components::icon::Icon;
use crate::components::search_box::SearchBox;
use crate::components::skeleton::SkeletonRows;
use crate::form::Form;
use crate::live::use_live;
use crate::loader::{Load, use_loader};
use crate::route::use_query_text;
use crate::text::t;

use super::row::ChatRow;

/// What the list's place shows.
#[derive(Clone, PartialEq)]
enum Phase {
    Waiting,
    Failed(ApiError),
    Empty,
    Rows,
}

/// The conversations as they change: who waits for a person, then newest activity first.
#[component]
pub fn ChatList() -> impl IntoView {
    let words = &t().chats;
    let workspace = use_workspace();
    let (search, set_search) = use_query_text("q");
    let live = use_live();
    let shown = StoredValue::new(0_usize);
    let chats = use_loader(move || {
        let search = search.get();
        let count = shown.get_value();
        async move {
            let (answer, said) = live.during(fetch(workspace, &search, count)).await;
            let mut list = answer?;
            said.into_iter().for_each(|event| take(&mut list, event, search.is_empty()));
            Ok(list)
        }
    });
    live.listen(move |event| match event {
        ConsoleEvent::Resync => chats.again(),
        ConsoleEvent::InConversation { .. }
        | ConsoleEvent::AnswerMeasured { .. }
        | ConsoleEvent::FunctionCalled { .. } => {}
        event => {
            let all = search.with_untracked(String::is_empty);
            chats.change(|list| take(list, event, all));
        }
    });
    let rows = Memo::new(move |_| {
        chats.state.with(|chats| match chats {
            Load::Ready(list) => list.conversations.clone(),
            _ => Vec::new(),
        })
    });
    Effect::new(move |_| shown.set_value(rows.with(Vec::len)));
    let phase = Memo::new(move |_| {
        chats.state.with(|chats| match chats {
            Load::Waiting => Phase::Waiting,
            Load::Failed(error) => Phase::Failed(error.clone()),
            Load::Ready(list) if list.conversations.is_empty() => Phase::Empty,
            Load::Ready(_) => Phase::Rows,
        })
    });
    let next = Memo::new(move |_| {
        chats.state.with(|chats| match chats {
            Load::Ready(list) => list.next,
            _ => None,
        })
    });
    let form = Form::new();
    let load_more = move || {
        let query = Some(search.get_untracked()).filter(|search| !search.is_empty());
        let before = next.get_untracked();
        let all = query.is_none();
        let request = async move {
            let (page, said) = live.during(workspace.conversations(query, before)).await;
            Ok((page?, said))
        };
        form.send(request, move |(page, said)| {
            chats.change(|list| {
                list.next = page.next;
                list.conversations.extend(page.conversations);
                order(&mut list.conversations);
                said.into_iter().for_each(|event| take(list, event, all));
            });
        });
    };
    view! {
        <SearchBox label=words.search value=search on_search=set_search/>
        {move || match phase.get() {
            Phase::Waiting => view! { <SkeletonRows count=6/> }.into_any(),
            Phase::Failed(error) => {
                view! { <Failure error=error on_retry=move || chats.again()/> }.into_any()
            }
            Phase::Empty => {
                let searched = !search.get_untracked().is_empty();
                let (title, body) = if searched {
                    (t().common.not_found, words.nothing_found)
                } else {
                    (words.empty_title, words.empty_body)
                };
                view! { <EmptyState icon=Icon::Chats title=title body=body/> }.into_any()
            }
            Phase::Rows => {
                view! {
                    <ul class="chat-rows">
                        <For
                            each=move || ids(&rows.get())
                            key=|id: &ConversationId| *id
                            let(id)
                        >
                            <ChatRow id=id rows=rows/>
                        </For>
                    </ul>
                    <Show when=move || next.get().is_some()>
                        <div class="load-more">
                            <Button
                                label=words.load_more
                                weight=Weight::Quiet
                                busy=form.busy
                                on_press=load_more
                            />
                        </div>
                    </Show>
                    <p class="form-error" role="alert">{form.general(&[])}</p>
                }
                    .into_any()
            }
        }}
    }
}

/// Fetches as many pages as it takes to show at least `count` conversations again.
async fn fetch(
    workspace: WorkspaceApi,
    search: &str,
    count: usize,
) -> Result<ConversationList, ApiError> {
    let query = Some(search.to_owned()).filter(|search| !search.is_empty());
    let mut list = workspace.conversations(query.clone(), None).await?;
    while list.conversations.len() < count
        && let Some(before) = list.next
    {
        let page = workspace.conversations(query.clone(), Some(before)).await?;
        list.next = page.next;
        list.conversations.extend(page.conversations);
    }
    order(&mut list.conversations);
    Ok(list)
}

/// Changes the list as an event says. While a search is on, the server decides what belongs.
fn take(list: &mut ConversationList, event: ConsoleEvent, all: bool) {
    let rows = &mut list.conversations;
    match event {
        ConsoleEvent::ConversationListed { summary } => {
            match rows.iter_mut().find(|row| row.id == summary.id) {
                Some(row) => *row = summary,
                None if all => rows.push(summary),
                None => return,
            }
            order(rows);
        }
        ConsoleEvent::ConversationRemoved { conversation } => {
            rows.retain(|row| row.id != conversation);
        }
        ConsoleEvent::Resync
        | ConsoleEvent::InConversation { .. }
        | ConsoleEvent::AnswerMeasured { .. }
        | ConsoleEvent::FunctionCalled { .. }
        | ConsoleEvent::ArticleListed { .. }
        | ConsoleEvent::MeaningSearchChanged { .. }
        | ConsoleEvent::ArticleRemoved { .. } => {}
    }
}

/// Who waits for a person comes first, whoever waits longest at the top; then newest activity
/// first. Each conversation stands there once.
fn order(rows: &mut Vec<ConversationSummary>) {
    rows.sort_by_key(|row| {
        let since = row.person_wanted.as_ref().map_or(i64::MAX, |wanted| wanted.since.0);
        (since, std::cmp::Reverse((row.updated_at, row.id)))
    });
    // One that stopped waiting may have come on a later page too.
    let mut seen = std::collections::HashSet::new();
    rows.retain(|row| seen.insert(row.id));
}

fn ids(rows: &[ConversationSummary]) -> Vec<ConversationId> {
    rows.iter().map(|row| row.id).collect()
}

#[cfg(test)]
mod tests {
    use cavuer_protocol::console::{PersonWanted, Visitor};
    use cavuer_protocol::{ChannelId, Handling, Timestamp, notice};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn summary(number: u8, at: i64) -> ConversationSummary {
        ConversationSummary {
            id: ConversationId::from_parts(1, &[number; 10]),
            channel: ChannelId::from_parts(1, &[0; 10]),
            channel_name: "Shop".to_owned(),
            agent_name: "Ava".to_owned(),
            visitor: Visitor {
                id: format!("v_{number}"),
                verified: false,
                name: None,
                email: None,
            },
            handling: Handling::Agent,
            preview: String::new(),
            updated_at: Timestamp(at),
            failure: None,
            failure_notice: None,
            person_wanted: None,
        }
    }

    fn list() -> ConversationList {
        ConversationList { conversations: vec![summary(2, 20), summary(1, 10)], next: None }
    }

    fn listed(number: u8, at: i64) -> ConsoleEvent {
        ConsoleEvent::ConversationListed { summary: summary(number, at) }
    }

    fn order_of(list: &ConversationList) -> Vec<&str> {
        let ids = list.conversations.iter().map(|row| row.visitor.id.as_str());
        ids.collect()
    }

    #[wasm_bindgen_test]
    fn newest_activity_comes_first_and_nobody_twice() {
        let mut list = list();
        take(&mut list, listed(1, 30), true);
        take(&mut list, listed(1, 30), true);
        take(&mut list, listed(3, 25), true);
        assert_eq!(order_of(&list), ["v_1", "v_3", "v_2"]);
    }

    #[wasm_bindgen_test]
    fn who_waits_for_a_person_comes_first_and_longest_first() {
        let mut list = list();
        let waiting = |number, since| {
            let wanted = PersonWanted::new(Timestamp(since), notice::verbatim(""), None);
            let summary = ConversationSummary { person_wanted: Some(wanted), ..summary(number, 5) };
            ConsoleEvent::ConversationListed { summary }
        };
        take(&mut list, waiting(3, 4), true);
        take(&mut list, waiting(1, 3), true);
        take(&mut list, listed(4, 90), true);
        assert_eq!(order_of(&list), ["v_1", "v_3", "v_4", "v_2"]);
        take(&mut list, listed(1, 10), true);
        assert_eq!(order_of(&list), ["v_3", "v_4", "v_2", "v_1"]);
    }

    #[wasm_bindgen_test]
    fn a_search_takes_changes_but_no_newcomers() {
        let mut list = list();
        take(&mut list, listed(3, 40), false);
        take(&mut list, listed(1, 30), false);
        assert_eq!(order_of(&list), ["v_1", "v_2"]);
    }

    #[wasm_bindgen_test]
    fn a_merged_conversation_goes() {
        let mut list = list();
        let conversation = summary(2, 0).id;
        take(&mut list, ConsoleEvent::ConversationRemoved { conversation }, true);
        assert_eq!(order_of(&list), ["v_1"]);
    }
}
