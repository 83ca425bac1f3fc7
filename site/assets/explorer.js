// Takes over the explorers that the page was built with. The page says where the program and the model lie.
const frames = [...document.querySelectorAll('.explorer[data-model]')];

/** One model for all explorers that use it. */
const loading = new Map();

async function load(frame) {
  const { bindings, program, model } = frame.dataset;
  const [{ default: start, Loaded }, bytes] = await Promise.all([import(bindings), fetchBytes(model)]);
  await start({ module_or_path: program });
  return new Loaded(bytes);
}

async function fetchBytes(href) {
  const response = await fetch(href);
  if (!response.ok) throw new Error(`${href}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

for (const frame of frames) {
  const { model } = frame.dataset;
  if (!loading.has(model)) loading.set(model, load(frame));
  try {
    (await loading.get(model)).hydrate(frame, frame.querySelector('.explorer-body'));
    frame.dataset.state = 'ready';
  } catch (error) {
    console.error(error);
    const notice = frame.querySelector('.explorer-notice[role]');
    notice.textContent = 'The explorer did not start, so the levers do not move. The figures are those the page was built with; reloading may help.';
    notice.classList.add('explorer-notice-error');
    notice.hidden = false;
    frame.dataset.state = 'failed';
  }
}
