use leptos::html;
use leptos::prelude::*;

use crate::guide::GuidePage;
use crate::text::t;
use crate::waiting::Waiting;

use super::icon::Icon;

/// Whether a page of this visit was shown before; the first one leaves the focus alone.
#[derive(Clone, Copy)]
pub struct Visited(StoredValue<bool>);

impl Visited {
    pub fn new() -> Self {
        Self(StoredValue::new(false))
    }

    /// Gives the focus to a page's heading, unless the page is the first one.
    pub fn focus(self, heading: &web_sys::HtmlElement) {
        if self.0.get_value() {
            let _ = heading.focus();
        }
        self.0.set_value(true);
    }
}

/// Sets the document's title to a page's, as long as that page is shown.
pub fn set_document_title(title: impl Fn() -> String + 'static) {
    // Nobody waits where nobody is signed in.
    let waiting = use_context::<Waiting>();
    Effect::new(move |_| {
        let title = title();
        let mark = waiting.map(Waiting::title_mark).unwrap_or_default();
        if !title.is_empty() {
            document().set_title(&format!("{mark}{title} · {}", t().shell.product));
        }
    });
}

/// The frame of a page: its title, one sentence, and the main action at the right.
///
/// After a change of page the focus goes to the title, so that a screen reader reads the new one.
#[component]
pub fn Page(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] about: MaybeProp<String>,
    /// Address and name of the page above this one.
    #[prop(optional, into)]
    up: Signal<Option<(String, String)>>,
    /// The page of the guide that tells more.
    #[prop(optional)]
    guide: Option<GuidePage>,
    #[prop(optional, into)] action: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    set_document_title(move || title.get());
    view! {
        <div class="page">
            {move || {
                up.get()
                    .map(|(href, name)| view! {
                        <nav class="page-up" aria-label=t().common.above>
                            <a href=href>{Icon::Back.view()} <span>{name}</span></a>
                        </nav>
                    })
            }}
            <header class="page-head">
                <div class="page-words">
                    <PageTitle title=title/>
                    {move || {
                        let about = about.get();
                        let is_told = about.is_some() || guide.is_some();
                        is_told
                            .then(|| view! {
                                <p class="muted">{about} {guide.map(guide_link)}</p>
                            })
                    }}
                </div>
                <div class="page-action">{action.run()}</div>
            </header>
            {children()}
        </div>
    }
}

fn guide_link(page: GuidePage) -> impl IntoView {
    view! {
        <a class="page-guide" href=page.address() rel="external" target="_blank">
            {t().shell.guide_of_page}
            <span class="visually-hidden">" " {t().shell.new_tab}</span>
        </a>
    }
}

/// The heading that takes the focus when its page opens.
#[component]
pub fn PageTitle(#[prop(into)] title: Signal<String>) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    let visited: Visited = expect_context();
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
            visited.focus(&heading);
        }
    });
    view! {
        <h1 node_ref=heading tabindex="-1">
            {move || title.get()}
        </h1>
    }
}
