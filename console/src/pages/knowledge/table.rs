use leptos::prelude::*;

use cavuer_protocol::AgentId;
use cavuer_protocol::console::Article;

use crate::components::time_ago::TimeAgo;
use crate::route::{self, use_query_text};
use crate::text::{group_digits, t};

use super::status::StatusLine;

/// What the table is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Title,
    Size,
    Updated,
}

impl Column {
    const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Size => "size",
            Self::Updated => "updated",
        }
    }
}

/// The order of the rows, as the address has it: a column's name, with a minus if falling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Order {
    column: Column,
    falling: bool,
}

impl Order {
    fn read(text: &str) -> Self {
        let falling = text.starts_with('-');
        let column = [Column::Title, Column::Size, Column::Updated]
            .into_iter()
            .find(|column| column.name() == text.trim_start_matches('-'));
        match column {
            Some(column) => Self { column, falling },
            None => Self { column: Column::Updated, falling: true },
        }
    }

    fn write(self) -> String {
        let sign = if self.falling { "-" } else { "" };
        format!("{sign}{}", self.column.name())
    }

    fn sort(self, articles: &mut [Article]) {
        match self.column {
            Column::Title => articles.sort_by_key(|article| article.title.to_lowercase()),
            Column::Size => articles.sort_by_key(|article| article.chars),
            Column::Updated => articles.sort_by_key(|article| article.updated_at),
        }
        if self.falling {
            articles.reverse();
        }
    }
}

/// The articles as a table that sorts by its headers.
#[component]
pub fn ArticleTable(
    articles: Signal<Vec<Article>>,
    agents: Signal<Vec<(AgentId, String)>>,
) -> impl IntoView {
    let words = &t().knowledge;
    let (sort, set_sort) = use_query_text("sort");
    let order = Memo::new(move |_| sort.with(|sort| Order::read(sort)));
    let sorted = move || {
        let mut sorted = articles.get();
        order.get().sort(&mut sorted);
        sorted
    };
    let header = move |column: Column, name: &'static str, class: &'static str| {
        view! { <SortHeader column=column name=name class=class order=order on_sort=set_sort/> }
    };
    view! {
        <div class="table-frame card">
            <table class="table">
                <thead>
                    <tr>
                        {header(Column::Title, words.title, "")}
                        <th scope="col" class="wide-only">{words.source}</th>
                        {header(Column::Size, words.size, "is-number wide-only")}
                        <th scope="col" class="is-number wide-only">{words.passages}</th>
                        <th scope="col" class="wide-only">{words.agents}</th>
                        {header(Column::Updated, words.updated, "")}
                    </tr>
                </thead>
                <tbody>
                    <For each=sorted key=|article| format!("{article:?}") let(article)>
                        <Row article=article agents=agents/>
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn SortHeader(
    column: Column,
    name: &'static str,
    class: &'static str,
    order: Memo<Order>,
    on_sort: Callback<String>,
) -> impl IntoView {
    let state = move || {
        let order = order.get();
        (order.column == column).then_some(if order.falling { "descending" } else { "ascending" })
    };
    let press = move |_| {
        let now = order.get_untracked();
        let falling = if now.column == column { !now.falling } else { column != Column::Title };
        on_sort.run(Order { column, falling }.write());
    };
    view! {
        <th scope="col" class=class aria-sort=state>
            <button class="sort" type="button" on:click=press>
                {name}
                <span class="sort-mark" aria-hidden="true"></span>
            </button>
        </th>
    }
}

#[component]
fn Row(article: Article, agents: Signal<Vec<(AgentId, String)>>) -> impl IntoView {
    let words = &t().knowledge;
    let linked = article.agents;
    let agent_names = move || {
        let names: Vec<String> = agents
            .get()
            .into_iter()
            .filter(|(id, _)| linked.contains(id))
            .map(|(_, name)| name)
            .collect();
        if names.is_empty() { words.no_agent.to_owned() } else { names.join(", ") }
    };
    let source = article.file_name.unwrap_or_else(|| words.typed.to_owned());
    view! {
        <tr>
            <td class="cell-title">
                <a class="row-link" href=route::article(article.id)>{article.title}</a>
                <StatusLine article=article.id status=article.status/>
            </td>
            <td class="wide-only cell-source">{source}</td>
            <td class="is-number wide-only">{group_digits(article.chars)}</td>
            <td class="is-number wide-only">{group_digits(u64::from(article.passages))}</td>
            <td class="wide-only cell-source">{agent_names}</td>
            <td class="cell-time"><TimeAgo at=article.updated_at/></td>
        </tr>
    }
}
