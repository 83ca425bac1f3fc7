//! The explorer for fingers, and for readers whom movement makes unwell.

use tests::chromium::{Chromium, Scripts, View};

use crate::arguing::below;
use crate::explorer::{ready, take_over};
use crate::{BRIEF, EXPLORER, serve};

/// The explorer's page or a brief with one, taken over.
fn taken_over(view: &View, url: &str) {
    view.go(url);
    take_over(view);
}

/// What moves for longer than a hundredth of a second.
const MOVING: &str = "(() => { \
    const seconds = times => Math.max(...times.split(',').map(time => parseFloat(time) * (time.trim().endsWith('ms') ? 0.001 : 1))); \
    const moving = []; \
    for (const element of document.querySelectorAll('*')) for (const pseudo of [null, '::before', '::after']) { \
      const style = getComputedStyle(element, pseudo); \
      const transition = style.transitionProperty === 'none' ? 0 : seconds(style.transitionDuration); \
      const animation = style.animationName === 'none' ? 0 : seconds(style.animationDuration); \
      if (Math.max(transition, animation) > 0.01 || style.scrollBehavior === 'smooth') \
        moving.push(`${element.localName}.${element.className.baseVal ?? element.className}${pseudo ?? ''}`); } \
    return moving; })()";

#[test]
fn for_readers_who_want_little_motion_nothing_moves() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = chromium.empty(1440, Scripts::On);
    view.prefer("prefers-reduced-motion", "reduce");
    for path in [EXPLORER, BRIEF] {
        taken_over(&view, &server.url(path));
        assert!(view.value::<bool>("matchMedia('(prefers-reduced-motion: reduce)').matches"));
        assert_eq!(view.value::<Vec<String>>(MOVING), Vec::<String>::new(), "{path}");
        assert_eq!(view.value::<usize>("document.getAnimations().length"), 0, "{path}");
    }
}

/// Controls of levers, choices and tools that are lower than a fingertip, unless they have as much room to themselves.
const SMALL: &str = "(() => { \
    const boxes = [...document.querySelectorAll('.tool, .preset, .reset, .segment > input, .lever-range, .lever-number > input, .argument > input, .shelf input, .picture, summary, .target input, .target select')] \
      .filter(control => control.closest('.explorer') && control.checkVisibility({ visibilityProperty: true })) \
      .map(control => [control, (control.closest('label') ?? control).getBoundingClientRect()]) \
      .filter(([, box]) => box.width > 0 && box.height > 0); \
    const small = []; \
    for (const [control, box] of boxes) { \
      if (box.height >= 44) continue; \
      const x = box.x + box.width / 2, y = box.y + box.height / 2, half = Math.max(box.width / 2, 22); \
      const near = boxes.find(([other, there]) => other !== control && !control.contains(other) && !other.contains(control) \
        && there.x < x + half && there.right > x - half && there.y < y + 22 && there.bottom > y - 22); \
      if (near) small.push(`${control.localName}.${control.className} “${(control.closest('label') ?? control).textContent.trim().slice(0, 30)}” \
is ${box.height.toFixed(1)} high beside ${near[0].localName}.${near[0].className}`); } \
    return small; })()";

#[test]
fn levers_choices_and_tools_have_room_for_a_finger() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = chromium.empty(360, Scripts::On);
    view.become_phone(360);
    for path in [EXPLORER, BRIEF] {
        taken_over(&view, &server.url(path));
        if path == EXPLORER {
            below(&view);
        }
        view.value::<Option<bool>>(
            "(document.querySelectorAll('.explorer details').forEach(details => details.open = true), null)",
        );
        // Levers out of sight have no layout of their own before they are looked at.
        view.value::<bool>(
            "(async () => { for (const lever of document.querySelectorAll('.lever, .more-panel')) { \
                 lever.scrollIntoView({ behavior: 'instant' }); await new Promise(requestAnimationFrame); } return true; })()",
        );
        let small: Vec<String> = view.value(SMALL);
        assert!(small.is_empty(), "{path}: {} of them\n{}", small.len(), small.join("\n"));
    }
}

#[test]
fn the_tour_is_heard_and_gives_the_focus_back() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    for (last, times) in [("Enter", 4), ("Escape", 1)] {
        view.focus(".tour-again");
        view.press("Enter");
        view.until("the tour has begun", "document.activeElement.matches('.tour button')");
        let described: String =
            view.value("document.getElementById(document.activeElement.getAttribute('aria-describedby')).innerText");
        assert!(described.trim().starts_with("Move a lever."), "{described}");
        assert!(view.value::<bool>("!!document.querySelector('.tour [aria-live=polite] > li:not([hidden])')"));
        (0..times).for_each(|_| view.press(last));
        view.until("the tour is over", "document.querySelector('.tour').hidden");
        assert!(view.value::<bool>("document.activeElement.matches('.tour-again')"), "{last}");
    }
    assert_eq!(view.problems(), Vec::<String>::new());
}

#[test]
fn what_presets_stand_for_is_told_without_a_mouse() {
    let server = serve();
    let chromium = Chromium::launch();
    let view = ready(&chromium, &server.url(EXPLORER), 1440);
    let [titles, told]: [Vec<String>; 2] = view.value(
        "[[...document.querySelectorAll('.preset')].map(preset => preset.title), \
          [...document.querySelectorAll('.choice-preset dd')].map(meaning => meaning.textContent)]",
    );
    assert_eq!(told, titles);
    view.focus(".choice-preset summary");
    view.press("Enter");
    view.until("it can be read", "document.querySelector('.choice-preset dd').checkVisibility()");
    assert_eq!(view.problems(), Vec::<String>::new());
}
