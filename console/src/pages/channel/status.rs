use leptos::prelude::*;

use cavuer_protocol::console::{Channel, Refusal};

use crate::api::use_workspace;
use crate::components::button::{Button, Weight};
use crate::components::icon::Icon;
use crate::components::section::Section;
use crate::components::switch::Switch;
use crate::components::time_ago::TimeAgo;
use crate::form::Form;
use crate::text::{t, told};

use super::values::ChannelValues;

/// Whether the widget is on, and what it refused lately.
#[component]
pub fn Status(values: ChannelValues, saved: RwSignal<Channel>) -> impl IntoView {
    let words = &t().channel;
    let workspace = use_workspace();
    let form = Form::new();
    let id = saved.with_untracked(|channel| channel.id);
    let refresh = move || {
        form.send(async move { workspace.channel(id).await }, move |fresh| {
            saved.update(|channel| channel.refusals = fresh.refusals);
        });
    };
    let refusals = Memo::new(move |_| saved.with(|channel| channel.refusals.clone()));
    view! {
        <Section title=words.status about=words.status_about>
            <Switch label=words.enabled hint=words.enabled_hint value=values.enabled/>
            <div class="refusals">
                <div class="refusals-head">
                    <h3>{words.refusals}</h3>
                    <Button
                        label=words.refresh
                        weight=Weight::Quiet
                        icon=Icon::Rotate
                        busy=form.busy
                        on_press=refresh
                    />
                </div>
                <p class="muted">{words.refusals_about}</p>
                <p class="field-error" role="alert">{form.general(&[])}</p>
                {move || {
                    let refusals = refusals.get();
                    if refusals.is_empty() {
                        view! { <p class="muted">{words.no_refusals}</p> }.into_any()
                    } else {
                        view! { <RefusalTable refusals=refusals/> }.into_any()
                    }
                }}
            </div>
        </Section>
    }
}

#[component]
fn RefusalTable(refusals: Vec<Refusal>) -> impl IntoView {
    let words = &t().channel;
    let rows = refusals
        .into_iter()
        .map(|refusal| {
            let origin = match refusal.origin {
                Some(origin) => view! { <code dir="ltr">{origin}</code> }.into_any(),
                None => view! { <span class="muted">{words.no_origin}</span> }.into_any(),
            };
            view! {
                <tr>
                    <td class="cell-time"><TimeAgo at=refusal.at/></td>
                    <td class="cell-origin">{origin}</td>
                    <td>{told(&refusal.reason, refusal.notice.as_ref())}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-frame">
            <table class="table is-wrapping">
                <thead>
                    <tr>
                        <th scope="col">{words.when}</th>
                        <th scope="col">{words.origin}</th>
                        <th scope="col">{words.reason}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
