// The explorer's program on a thread of its own, for what it costs to start and to ask.
let loaded;

onmessage = async ({ data }) => {
  if (data.bindings) {
    const { default: start, Loaded } = await import(data.bindings);
    const model = await (await fetch(data.model)).arrayBuffer();
    const { memory } = await start({ module_or_path: data.program });
    loaded = new Loaded(new Uint8Array(model));
    postMessage(memory.buffer.byteLength);
  } else {
    const start = performance.now();
    const numbers = loaded.run('us', data.levers, new Float64Array(), '', new Float64Array());
    postMessage({ took: performance.now() - start, numbers }, [numbers.buffer]);
  }
};
