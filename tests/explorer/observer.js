// Runs before the explorer's page and notes when things happen on it, in milliseconds since the visit began.
const watch = { long: [], memory: null, instantiated: null, enabled: null, inputs: [], banded: [], settled: [] };
window.watch = watch;

// What is kept for a visit without a network would be fetched meanwhile, and counted twice.
ServiceWorkerContainer.prototype.register = async () => {};

new PerformanceObserver((list) => {
  for (const task of list.getEntries()) watch.long.push([task.startTime, task.duration]);
}).observe({ type: 'longtask' });

for (const name of ['instantiate', 'instantiateStreaming']) {
  const own = WebAssembly[name];
  WebAssembly[name] = async (...given) => {
    const made = await own.apply(WebAssembly, given);
    watch.memory ??= (made.instance ?? made).exports.memory;
    watch.instantiated ??= performance.now();
    return made;
  };
}

new MutationObserver((changes) => {
  if (changes.some(({ target }) => target.matches('.lever-range:enabled'))) watch.enabled ??= performance.now();
}).observe(document, { subtree: true, attributes: true, attributeFilter: ['disabled'] });

/** What is to be called back when the present frame is painted. */
const frame = { at: 0, waiting: [] };
const passed = () => {
  const now = performance.now();
  for (const then of frame.waiting.splice(0)) then(now);
};
// A frame is painted in one go, so whatever runs next comes after it. While a lever is dragged that is the next move:
// other tasks wait until the reader rests.
for (const kind of ['pointermove', 'input']) addEventListener(kind, passed, true);

/** Calls back once the next frame has been painted. */
function painted(then) {
  requestAnimationFrame((at) => {
    if (at !== frame.at) passed();
    frame.at = at;
    frame.waiting.push(then);
    const channel = new MessageChannel();
    channel.port1.onmessage = passed;
    channel.port2.postMessage(null);
  });
}

/** A chart changes in pieces. */
const everything = { subtree: true, childList: true, attributes: true, characterData: true };

/** How many draws the bands are of; 0 for none, or for those of other settings. */
watch.draws = () =>
  document.querySelector('.result-charts').matches('.is-old')
    ? 0
    : Number(/ ([\d,]+) runs/.exec(document.querySelector('.result-caveat').textContent)?.[1].replace(',', '') ?? 0);

/** From here on inputs are timed. */
watch.begin = () => {
  const charts = document.querySelector('.result-charts');
  let drawn = 0;
  new MutationObserver(() => (drawn += 1)).observe(charts, everything);
  addEventListener('input', (event) => {
    const start = performance.now();
    const before = drawn;
    painted((end) => watch.inputs.push({ start, end, line: drawn > before }));
  }, true);
  new MutationObserver(() => {
    const draws = watch.draws();
    if (draws > 0) painted((end) => watch.banded.push(end));
    if (draws === 1024) painted((end) => watch.settled.push(end));
  }).observe(charts, everything);
};

/** Bytes of bodies as they came over the network, by what they are. */
watch.bytes = () => {
  const kinds = {};
  for (const { name, entryType, encodedBodySize } of performance.getEntries()) {
    if (!['navigation', 'resource'].includes(entryType)) continue;
    const kind = entryType === 'navigation' ? 'page' : new URL(name).pathname.split('.').pop();
    kinds[kind] = (kinds[kind] ?? 0) + encodedBodySize;
  }
  return kinds;
};
