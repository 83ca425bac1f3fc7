// Takes over the explorers that the page was built with, and does for them what only a page can do: the address, files,
// the clipboard, what is kept until the next visit. The page says where the program and the model lie.
const frames = [...document.querySelectorAll('.explorer[data-model]')];
const KEPT = 'levers.scenarios';
const UNREAD = 'levers.scenarios.unread';
const TOURED = 'levers.tour';

/** One model for all explorers that use it. */
const loading = new Map();

async function load(frame) {
  const { bindings, program, model } = frame.dataset;
  // What there is to read comes first, as long as it does come.
  if (document.readyState !== 'complete') await Promise.race([new Promise((resolve) => addEventListener('load', resolve)), pause(2000)]);
  await Promise.race([painted(), pause(1000)]);
  // Sources in details that are folded away are the first words in italics.
  document.fonts.load('italic 1em "Levers Serif"').catch(() => {});
  const [{ default: start, Loaded }, code, bytes] = await Promise.all([import(bindings), fetch(program), fetchBytes(model)]);
  await start({ module_or_path: code });
  const loaded = new Loaded(bytes);
  await turn();
  return loaded;
}

/** Once the page shows: frames may be under way for long. Not every browser says. */
const painted = () => new Promise((resolve) => new PerformanceObserver(resolve).observe({ type: 'paint', buffered: true }));

async function fetchBytes(href) {
  const response = await fetch(href);
  if (!response.ok) throw new Error(`${href}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** What an explorer may ask for. */
class Page {
  constructor(frame) {
    this.frame = frame;
    // A finger that goes on to scroll did not mean the lever that it came down on.
    let before = null;
    frame.addEventListener('pointerdown', ({ target, pointerType }) => {
      before = pointerType === 'touch' && target.matches('input[type="range"]') ? [target, target.value] : null;
    });
    frame.addEventListener('pointercancel', () => {
      const [range, value] = before ?? [];
      before = null;
      if (!range || range.value === value) return;
      range.value = value;
      range.dispatchEvent(new Event('input', { bubbles: true }));
    });
  }

  ask(what, name, text) {
    try {
      this[what](text, name);
    } catch (error) {
      console.error(error);
      this.tell('notice', `This browser does not allow that here (${error.message}).`);
    }
  }

  /** Not at once: the program may be in the middle of asking. */
  tell(what, text) {
    setTimeout(() => this.mounted.tell(what, text));
  }

  href(query, page = this.frame.dataset.explorer) {
    const url = new URL(page, location.href);
    url.search = query;
    return url.href;
  }

  address(query, entry) {
    const here = location.search.replace(/^\?/, '');
    if (query === here) return;
    const href = `${location.pathname}${query && '?'}${query}${location.hash}`;
    // A frame's steps would come between the reader and the page around it.
    history[entry === 'new' && window === window.top ? 'pushState' : 'replaceState'](null, '', href);
  }

  link(query) {
    this.copy(this.href(query), 'The link to what is set now is on the clipboard.');
  }

  embed(query) {
    const page = this.href(query, this.frame.dataset.embed).replaceAll('&', '&amp;');
    const title = document.title.replaceAll('"', '&quot;');
    this.copy(`<iframe src="${page}" title="${title}" width="100%" height="900" loading="lazy"></iframe>`, 'HTML for another page is on the clipboard.');
  }

  async copy(text, done) {
    try {
      await navigator.clipboard.writeText(text);
      this.tell('notice', done);
    } catch {
      this.tell('notice', `The clipboard is closed to this page. Copy this: ${text}`);
    }
  }

  save(text, name) {
    const media = { csv: 'text/csv', svg: 'image/svg+xml', txt: 'text/plain' }[name.split('.').pop()];
    download(new Blob([text], { type: `${media};charset=utf-8` }), name);
  }

  async picture(svg, name) {
    try {
      const image = new Image();
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.width * 2;
      canvas.height = image.height * 2;
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
      if (!blob) throw new Error('no picture');
      download(blob, name);
    } catch {
      this.tell('notice', 'This browser could not make the PNG; the SVG holds the same picture.');
    }
  }

  keep(text) {
    try {
      localStorage.setItem(KEPT, text);
    } catch {
      this.tell('notice', 'This browser keeps nothing for this page. “Save all as a file” does.');
    }
  }

  aside(text) {
    try {
      localStorage.setItem(UNREAD, text);
    } catch {
      // There is no room for it twice. What another tab can read is not to be lost to this one.
      localStorage.removeItem(KEPT);
      try {
        localStorage.setItem(UNREAD, text);
      } catch (error) {
        localStorage.setItem(KEPT, text);
        throw error;
      }
    }
  }

  open() {
    const field = document.createElement('input');
    field.type = 'file';
    field.accept = '.txt,text/plain';
    field.addEventListener('change', async () => {
      try {
        this.tell('opened', await field.files[0].text());
      } catch {
        this.tell('notice', 'This file could not be read.');
      }
    });
    field.click();
  }

  /** What is below the levers is printed too, so it must be there. */
  async print() {
    const below = this.frame.querySelector('.explorer-more');
    this.tell('near', '');
    const ready = () => below.dataset.state === 'ready' && !below.querySelector('.is-old');
    for (let waited = 0; below && !ready() && waited < 5000; waited += 50) await pause(50);
    window.print();
  }

  /** For an explorer that has the page to itself: the address, what is kept here and in other tabs, keys, and the next visit without a network. */
  settle() {
    const address = () => this.tell('address', location.search.replace(/^\?/, ''));
    if (location.search) address();
    window.addEventListener('popstate', address);
    const kept = remembered(KEPT);
    if (kept) this.tell('kept', kept);
    window.addEventListener('storage', ({ key, newValue }) => key === KEPT && newValue && this.tell('kept', newValue));
    document.addEventListener('keydown', (event) => {
      const key = event.key.toLowerCase();
      if (!(event.ctrlKey || event.metaKey) || event.altKey || !['z', 'y'].includes(key)) return;
      if (event.target.matches('input:not([type="range"], [type="radio"], [type="checkbox"]), textarea')) return;
      event.preventDefault();
      this.tell(key === 'y' || event.shiftKey ? 'redo' : 'undo', '');
    });
    const result = this.frame.querySelector('.explorer-result');
    // Beside the levers it scrolls by itself: when the keyboard has passed through, its beginning is what readers look for.
    this.frame.addEventListener('focusin', ({ target, relatedTarget }) => {
      const hasPassed = result.contains(relatedTarget) && !result.contains(target) && target.matches(':focus-visible');
      if (hasPassed && !result.querySelector('[open]')) result.scrollTop = 0;
    });
    const below = this.frame.querySelector('.explorer-more');
    new MutationObserver(() => below.dataset.state === 'ready' && openFields(below)).observe(below, { attributeFilter: ['data-state'] });
    const approach = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.tell('near', '');
      if (below.dataset.state === 'ready') approach.disconnect();
    }, { rootMargin: '800px' });
    approach.observe(below);
    const { offline } = this.frame.dataset;
    if (offline && 'serviceWorker' in navigator) navigator.serviceWorker.register(offline).catch(() => {});
  }
}

/** What is on paper says of which day it is, and where the levers move. */
window.addEventListener('beforeprint', () => {
  const printed = document.querySelector('.printed');
  const day = new Date().toLocaleDateString('en-GB', { dateStyle: 'long' });
  if (printed) printed.textContent = `Printed on ${day} from ${location.href}`;
});

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Starting takes long on a slow device: in between, the browser may answer the reader. */
const turn = () => pause(0);

function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * Makes the fields of `part` what they are for. Until then they are buttons that do nothing: browsers ask of every text field
 * of a page whether it shows, to be able to fill it in, and lay out for that what is far out of sight.
 */
function openFields(part) {
  for (const field of part.querySelectorAll('input[data-as]')) {
    const { as, ...limits } = field.dataset;
    for (const [name, value] of Object.entries(limits)) {
      // The reader's region may have set other limits by now.
      if (!field.hasAttribute(name)) field.setAttribute(name, value);
    }
    delete field.dataset.as;
    field.type = as;
    // A button must have words, be it a space.
    if (field.value === ' ') field.value = '';
  }
}

/** Says that an explorer does not move, or has stopped moving, and where to say so. */
function fail(frame, words) {
  const notice = frame.querySelector('.explorer-notice[role]');
  notice.textContent = words;
  const report = document.querySelector('a[data-report]');
  if (report) {
    const link = report.cloneNode(true);
    notice.append(' ', link);
  }
  notice.classList.add('explorer-notice-error');
  notice.hidden = false;
  frame.dataset.state = 'failed';
}

/** The program traps when it meets what it holds to be impossible; nothing moves after that. */
function watch() {
  const stopped = (error) => {
    if (!(error instanceof WebAssembly.RuntimeError)) return;
    for (const frame of frames) fail(frame, `The explorer has stopped because of a mistake in its program (${error.message}). Reloading the page starts it again. Please tell us what you did:`);
  };
  window.addEventListener('error', (event) => stopped(event.error));
  window.addEventListener('unhandledrejection', (event) => stopped(event.reason));
}

/** Shows the steps of the tour one after the other: on the first visit, and whenever asked for. */
function tour() {
  const panel = document.querySelector('.tour');
  const again = document.querySelector('.tour-again');
  if (!panel || !again) return;
  const steps = [...panel.querySelectorAll('li')];
  const [next, skip] = panel.querySelectorAll('button');
  let at = 0;
  // A first visit is not scrolled away from where it begins.
  const show = (step, scrolls = true) => {
    document.querySelector('[data-toured]')?.removeAttribute('data-toured');
    at = step;
    const hadFocus = panel.contains(document.activeElement);
    panel.hidden = step >= steps.length;
    if (panel.hidden) {
      if (hadFocus) again.focus({ preventScroll: true });
      try {
        localStorage.setItem(TOURED, 'done');
      } catch {
        // Then it comes again at the next visit.
      }
      return;
    }
    steps.forEach((item, index) => (item.hidden = index !== step));
    next.textContent = step + 1 < steps.length ? 'Next' : 'Done';
    const target = document.querySelector(steps[step].dataset.shows);
    target?.setAttribute('data-toured', '');
    if (scrolls) target?.scrollIntoView({ block: 'nearest' });
  };
  next.addEventListener('click', () => show(at + 1));
  skip.addEventListener('click', () => show(steps.length));
  panel.addEventListener('keydown', (event) => event.key === 'Escape' && show(steps.length));
  again.disabled = false;
  again.addEventListener('click', () => {
    show(0);
    next.focus();
  });
  if (!remembered(TOURED) && !location.search && !location.hash) show(0, false);
}

/** Comes when a reader comes near: what nobody looks at need not run. */
function near(frame) {
  return new Promise((resolve) => {
    const approach = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      approach.disconnect();
      resolve();
    }, { rootMargin: '600px' });
    approach.observe(frame);
  });
}

async function takeOver(frame) {
  const { model, shape } = frame.dataset;
  if (shape === 'embed') await near(frame);
  if (!loading.has(model)) loading.set(model, load(frame));
  try {
    const page = new Page(frame);
    page.mounted = (await loading.get(model)).hydrate(frame, frame.querySelector('.explorer-body'), page);
    await turn();
    if (frame.dataset.state === 'failed') return;
    frame.dataset.state = 'ready';
    frame.querySelectorAll('.lever-number, .lever-when[open]').forEach(openFields);
    const unfolded = ({ target }) => {
      if (target.matches('.lever-when')) openFields(target);
      if (target.matches('.figure-data[open]:has(> .table-scroll:empty)')) page.tell('unfolded', '');
    };
    frame.addEventListener('toggle', unfolded, true);
    if (shape === 'full') {
      page.settle();
      tour();
    }
  } catch (error) {
    console.error(error);
    fail(frame, 'The explorer did not start, so the levers do not move. The figures are those the page was built with; reloading may help.');
  }
}

watch();
for (const frame of frames) takeOver(frame);
