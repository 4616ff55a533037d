use leptos::prelude::*;

use cavuer_protocol::console::Channel;

use crate::api::use_workspace;
use crate::components::button::{Button, Weight};
use crate::components::copy_button::{Copied, CopiedButton};
use crate::components::dialog::Dialog;
use crate::components::icon::Icon;
use crate::components::select::{Choice, Select};
use crate::components::toast::use_toasts;
use crate::form::Form;
use crate::text::{fill, t};
use crate::time::exact;

/// The secret key: masked until it is asked for, copied without being shown, rotated.
#[component]
pub fn SecretKeyField(channel: RwSignal<Channel>) -> impl IntoView {
    let words = &t().channel;
    let workspace = use_workspace();
    let id = channel.with_untracked(|channel| channel.id);
    let shown = RwSignal::new(None::<String>);
    let rotating = RwSignal::new(false);
    let copied = Copied::new();
    let form = Form::new();
    let reveal = move |then: fn(RwSignal<Option<String>>, Copied, String)| {
        form.send(async move { workspace.reveal_secret_key(id).await }, move |key| {
            then(shown, copied, key.secret_key.expose().to_owned())
        });
    };
    let toggle = move || {
        if shown.with_untracked(Option::is_some) {
            shown.set(None);
        } else {
            reveal(|shown, _, key| shown.set(Some(key)));
        }
    };
    let copy = move || match shown.get_untracked() {
        Some(key) => copied.copy(key),
        None => reveal(|_, copied, key| copied.copy(key)),
    };
    let is_shown = Memo::new(move |_| shown.with(Option::is_some));
    let text = move || shown.get().unwrap_or_else(|| channel.with(|c| c.secret_key_hint.clone()));
    let old_key = move || {
        channel.with(|channel| {
            channel
                .old_key_valid_until
                .map(|until| fill(words.old_key_valid, &[("time", &exact(until))]))
        })
    };
    view! {
        <div class="field" role="group" aria-labelledby="secret-key-label">
            <div class="field-head">
                <span class="field-label" id="secret-key-label">{words.secret_key}</span>
            </div>
            <div class="secret">
                <code class="secret-value" dir="ltr">{text}</code>
                <div class="secret-actions">
                    {move || {
                        let (label, icon) = if is_shown.get() {
                            (words.hide, Icon::EyeOff)
                        } else {
                            (words.show, Icon::Eye)
                        };
                        view! { <Button label=label icon=icon on_press=toggle/> }
                    }}
                    <CopiedButton copied=copied on_press=copy/>
                    <Button
                        label=words.rotate
                        icon=Icon::Rotate
                        on_press=move || rotating.set(true)
                    />
                </div>
            </div>
            <p class="field-hint">{words.secret_key_hint}</p>
            {move || old_key().map(|text| view! { <p class="field-hint">{text}</p> })}
            <p class="field-error" role="alert">{form.general(&[])}</p>
        </div>
        <RotateDialog open=rotating channel=channel shown=shown/>
    }
}

/// Asks how long the old key stays valid.
#[component]
fn RotateDialog(
    open: RwSignal<bool>,
    channel: RwSignal<Channel>,
    shown: RwSignal<Option<String>>,
) -> impl IntoView {
    let words = &t().channel;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let id = channel.with_untracked(|channel| channel.id);
    let hours = RwSignal::new("24".to_owned());
    let form = Form::new();
    let choices: Vec<Choice> = [
        ("24", words.keep_day),
        ("1", words.keep_hour),
        ("168", words.keep_week),
        ("0", words.keep_none),
    ]
    .map(|(value, label)| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        disabled: false,
    })
    .into();
    let choices = StoredValue::new(choices);
    let rotate = move || {
        let hours = hours.with_untracked(|hours| hours.parse().unwrap_or_default());
        let request = async move {
            let key = workspace.rotate_secret_key(id, hours).await?;
            // The new hint and the old key's last moment come with the channel.
            Ok((key.secret_key, workspace.channel(id).await?))
        };
        form.send(request, move |(key, fresh)| {
            channel.update(|channel| {
                channel.secret_key_hint = fresh.secret_key_hint;
                channel.old_key_valid_until = fresh.old_key_valid_until;
            });
            shown.set(Some(key.expose().to_owned()));
            open.set(false);
            toasts.say(words.rotated);
        });
    };
    view! {
        <Dialog open=open title=words.rotate_title>
            <div class="dialog-body">
                <p>{words.rotate_body}</p>
                <Select label=words.keep_old value=hours choices=choices.get_value()/>
            </div>
            <p class="form-error" role="alert">{form.general(&[])}</p>
            <div class="dialog-foot">
                <Button label=t().common.cancel on_press=move || open.set(false)/>
                <Button
                    label=words.rotate
                    weight=Weight::Danger
                    busy=form.busy
                    on_press=rotate
                />
            </div>
        </Dialog>
    }
}
