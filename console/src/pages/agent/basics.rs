use leptos::prelude::*;

use cavuer_protocol::console::ModelInfo;

use crate::components::field::TextField;
use crate::components::section::Section;
use crate::form::Form;
use crate::loader::Loader;
use crate::text::t;

use super::values::AgentValues;
use crate::pages::model_select::{FallbackSelect, ModelSelect};

/// Name and models.
#[component]
pub fn Basics(values: AgentValues, form: Form, models: Loader<Vec<ModelInfo>>) -> impl IntoView {
    let words = &t().agents;
    view! {
        <Section title=words.basics about=words.basics_about>
            <TextField label=t().common.name value=values.name error=form.field("name")/>
            <ModelSelect models=models value=values.model error=form.field("model")/>
            <FallbackSelect
                models=models
                value=values.fallback_model
                main=values.model
                error=form.field("fallback_model")
            />
        </Section>
    }
}
