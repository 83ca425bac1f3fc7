//! What did it, what it hangs on, and the same in other regions: analyses that follow once the reader rests.

use std::sync::Arc;

use chart::Chart;
use leptos::prelude::*;

use super::Shared;
use super::patched::patched;
use super::reactive::{follow, in_pieces, whether, words};
use super::result::{chart_figure, pictures};
use crate::analyses::{AnalysisRun, Findings};
use crate::markup::Html;

/// What was found last.
type Found = ReadSignal<Option<Arc<Findings>>>;

/// What each lever brings, and which assumptions matter most.
#[component]
pub fn Why(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let found = followed(&shared);
    provide_context(found);
    let parts = panel(&shared, found, Findings::contributions_in_words, Findings::contributions);
    let doubts = panel(&shared, found, Findings::tornado_in_words, Findings::tornadoes);
    view! {
        <section class="more-panel more-why" aria-labelledby="parts-title">
            <h2 id="parts-title">"Which lever did it"</h2>
            {parts}
        </section>
        <section class="more-panel more-why" aria-labelledby="doubts-title">
            <h2 id="doubts-title">"What it hangs on"</h2>
            {doubts}
        </section>
    }
}

/// What would have to be true for what advocates claim.
#[component]
pub fn Backwards(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let found = expect_context::<Found>();
    let claims = panel(&shared, found, Findings::needed_in_words, |_, _| Vec::new());
    view! {
        <section class="more-panel backwards" aria-labelledby="backwards-title">
            <h2 id="backwards-title">"What would have to be true"</h2>
            {claims}
        </section>
    }
}

/// The same levers in each region.
#[component]
pub fn Regions(
    /// What the parts share.
    shared: Shared,
) -> impl IntoView {
    let found = expect_context::<Found>();
    let words = |_: &Findings| {
        "The same settings in each region, in per cent of its own base run. Definitions differ: firms count as small \
         below 250 or 500 people, the European Union counts exports to outside only, and Kenya is illustrative. Compare \
         shapes, and do not rank regions."
            .to_owned()
    };
    let regions = panel(&shared, found, words, Findings::regions);
    view! {
        <section class="more-panel more-regions" aria-labelledby="regions-title">
            <h2 id="regions-title">"Elsewhere"</h2>
            {regions}
        </section>
    }
}

/// Words and charts of what was found; older findings say so until the new ones are there.
fn panel(
    shared: &Shared,
    found: Found,
    words: fn(&Findings) -> String,
    charts: fn(&Findings, &str) -> Vec<Chart>,
) -> impl IntoView + use<> {
    let prefix = shared.setup.prefix.clone();
    let drawn = prefix.clone();
    let unfolded = shared.unfolded;
    let html = patched(move || {
        unfolded.track();
        let mut html = Html::default();
        if let Some(found) = found.get() {
            html.element("<p class=\"more-words\">", &words(&found), "</p><div class=\"result-charts\">");
            charts(&found, &drawn).iter().for_each(|chart| chart_figure(&mut html, chart, true));
            html.tag("</div>");
        }
        html.finish()
    });
    let (session, ready) = (shared.session, shared.ready);
    let is_old = whether(move || {
        ready.get()
            && found.with(|found| {
                session.with(|session| found.as_ref().is_none_or(|found| !found.session().runs_as(session)))
            })
    });
    let said =
        self::words(
            move || if is_old.get() { "Being worked out for the present settings …".into() } else { String::new() },
        );
    let clicked = pictures(shared, move || {
        let found = found.get_untracked()?;
        Some((found.session().in_words(), charts(&found, &prefix)))
    });
    view! {
        <p class="more-old" role="status">{said}</p>
        <div class="more-found" class:is-old=is_old on:click=clicked inner_html=html></div>
    }
}

/// Findings that follow the session once the reader rests, a piece of work at a time. A page that is being built has them
/// at once.
fn followed(shared: &Shared) -> Found {
    let Shared { rested, shown, session, .. } = *shared;
    let at_once = || {
        let mut run = AnalysisRun::new(&rested.get_untracked(), shown).ok()?;
        while run.advance().ok()? {}
        run.findings().cloned().map(Arc::new)
    };
    let (found, set_found) = signal(if cfg!(feature = "ssr") { at_once() } else { None });
    follow(move || {
        let asked = rested.get();
        let is_known =
            found.with_untracked(|found| found.as_ref().is_some_and(|found| found.session().runs_as(&asked)));
        if is_known {
            return;
        }
        let Ok(mut run) = AnalysisRun::new(&asked, shown) else { return };
        in_pieces(move || {
            let is_wanted = session.with_untracked(|session| session.runs_as(run.session()));
            let more = is_wanted.then(|| run.advance());
            match more {
                Some(Ok(false)) => set_found.set(run.findings().cloned().map(Arc::new)),
                Some(Err(_)) => set_found.set(None),
                _ => {}
            }
            matches!(more, Some(Ok(true)))
        });
    });
    found
}
